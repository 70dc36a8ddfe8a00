package bucket

import (
	"fmt"

	"github.com/larder-dev/larder/internal/feature"
)

// A Reason says more than a kind: which of several things is not there, which rule is broken.
type Reason uint8

// The reasons. The comment is the kind that each goes with.
const (
	BucketMissing     Reason = iota + 1 // NotFound
	KeyMissing                          // NotFound
	UploadMissing                       // NotFound
	BucketExists                        // Exists
	BucketNotEmpty                      // Conflict
	PreconditionFails                   // Conflict
	BadBucketName                       // Invalid
	BadKey                              // Invalid
	KeyTooLong                          // Invalid
	WrongChecksum                       // Invalid: the object's checksum is another
	EntityTooLarge                      // Invalid
	PartTooSmall                        // Invalid
	PartMissing                         // Invalid: a part listed was not uploaded, or is another
	PartsUnordered                      // Invalid
	PartsNone                           // Invalid
	PartNumberRange                     // Invalid
	RangeUnsatisfied                    // Invalid
	RequestRefused                      // Invalid: the members do not go together
)

// An Error is what the verbs of this package return for reasons of the caller's. Its chain has
// the *feature.Error.
type Error struct {
	Reason Reason
	Err    *feature.Error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the error with its kind.
func (e *Error) Unwrap() error { return e.Err }

func failf(reason Reason, kind feature.Kind, format string, args ...any) *Error {
	return &Error{Reason: reason, Err: &feature.Error{Kind: kind, Text: fmt.Sprintf(format, args...)}}
}
