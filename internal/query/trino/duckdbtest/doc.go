// Package duckdbtest runs what package trino emits on the engine and compares the values with
// answers derived by hand. It holds tests only.
package duckdbtest
