// Package serde reads lines of text as rows and writes rows as lines, as the classes do that Hive calls SerDes and
// Athena documents: JSON, delimited text and CSV. It opens no file, and knows neither tables nor an engine.
// docs/decisions/serde.md says why it is ours.
package serde
