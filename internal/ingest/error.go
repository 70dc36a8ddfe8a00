package ingest

import "github.com/larder-dev/larder/internal/feature"

var errLater = feature.Errorf(feature.Unsupported, "imports are not supported by this server yet")
