package embedded

import (
	"bytes"
	"encoding/json"

	"github.com/larder-dev/larder/internal/feature"
)

// A storedGroup is a group as any format wrote it.
type storedGroup struct {
	*feature.Group
	OnlineOff onlineOff // instead of the group's own
}

// decodeGroup is the inverse of toJSON of a group.
func decodeGroup(value []byte) (*feature.Group, error) {
	stored, err := fromJSON[storedGroup](value)
	if err != nil {
		return nil, err
	}
	if stored.Group == nil { // the text is null, or has no member of a group
		stored.Group = new(feature.Group)
	}
	stored.Group.OnlineOff = stored.OnlineOff.Online
	return stored.Group, nil
}

// onlineOff reads Group.OnlineOff. Format 1 wrote only whether an online store was described.
type onlineOff struct{ *feature.Online }

// UnmarshalJSON implements json.Unmarshaler.
func (o *onlineOff) UnmarshalJSON(text []byte) error {
	switch {
	case bytes.Equal(text, []byte("false")):
		o.Online = nil
		return nil
	case bytes.Equal(text, []byte("true")):
		o.Online = new(feature.Online)
		return nil
	}
	return json.Unmarshal(text, &o.Online)
}
