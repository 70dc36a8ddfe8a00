package featurestore

// The bounds that tests go beyond.
const (
	ExpiryRound  = expiryRound
	MaxHidden    = maxHidden
	BatchBytes   = batchBytes
	BurstSeconds = burstSeconds
)
