package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// sdkDefaultsName is the name of a file of defaults for the SageMaker Python SDK.
const sdkDefaultsName = "larder-sagemaker.yaml"

// sdkDefaultsVariable tells that SDK where an administrator's defaults are. A user's own win over them.
const sdkDefaultsVariable = "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"

// sdkDefaults switches the SDK's telemetry off. The proxy refuses it in any case; but after most calls
// the SDK would print a page about that.
const sdkDefaults = `# Written by larder. The SageMaker Python SDK reports each call of a program to AWS; none may leave here.
SchemaVersion: '1.0'
SageMaker:
  PythonSDK:
    Modules:
      TelemetryOptOut: true
`

// writeSDKDefaults writes the file into dir and returns its path, or "" if this machine has defaults
// of an administrator already: these stay.
func writeSDKDefaults(dir string, environ []string) (string, error) {
	if set := lookup(environ, sdkDefaultsVariable); set != "" && filepath.Base(set) != sdkDefaultsName {
		return "", nil
	}
	places := append(filepath.SplitList(lookup(environ, "XDG_CONFIG_DIRS")), "/etc/xdg", "/Library/Application Support")
	for _, place := range places {
		if _, err := os.Stat(filepath.Join(place, "sagemaker", "config.yaml")); err == nil {
			return "", nil
		}
	}
	path := filepath.Join(dir, sdkDefaultsName)
	if held, err := os.ReadFile(path); err == nil && string(held) == sdkDefaults {
		return path, nil
	}
	if err := replaceFile(path, []byte(sdkDefaults)); err != nil {
		return "", fmt.Errorf("write defaults for the SageMaker SDK: %w", err)
	}
	return path, nil
}
