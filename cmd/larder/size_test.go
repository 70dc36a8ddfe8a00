package main

import "testing"

func TestSize(t *testing.T) {
	for text, want := range map[string]size{
		"1": 1, "512MiB": 512 << 20, "2GiB": 2 << 30, "2G": 2 << 30, "1.5GB": 1_500_000_000, "100B": 100,
		"": 0, "GiB": 0, "-1GiB": 0, "0": 0, "2 GiB": 0, "2gib": 0, "nan": 0, "inf": 0, "1e99GiB": 0, "2GiBi": 0,
	} {
		var got size
		err := got.UnmarshalText([]byte(text))
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
}
