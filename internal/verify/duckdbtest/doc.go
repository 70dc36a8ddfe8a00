// Package duckdbtest runs package verify on the engine, over stores that agree and stores that were
// made to disagree. It holds tests only.
package duckdbtest
