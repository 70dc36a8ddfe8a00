package dataset

import (
	"bytes"
	"math"
	"math/bits"
	"strconv"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// A statistician counts the values of a column.
type statistician struct {
	list          bool
	values, nulls int64
	seen          sketch
	any           bool // least and most are values, of the kind's member
	ints          [2]int64
	floats        [2]float64
	texts         [2][]byte
	instants      [2]feature.EventTime
	kind          parquet.Kind
	sum           float64
	summed        int64
}

// add takes the values of so many rows.
func (s *statistician) add(rows int, v *parquet.Vector) {
	s.kind = v.Kind
	for r := range rows {
		switch {
		case s.list && v.Present[r]:
			s.values++
		case s.list || v.Null[r]:
			s.nulls++
		default:
			s.values++
			s.value(v, r)
		}
	}
}

func (s *statistician) value(v *parquet.Vector, i int) {
	switch v.Kind {
	case parquet.OfText:
		s.text(v.TextOf(i))
	case parquet.OfDouble:
		s.double(v.Floats[i])
	case parquet.OfInstant:
		t := feature.EventTime{Sec: v.Ints[i], Nsec: v.Nanos[i]}
		s.seen.add(mix(uint64(t.Sec)*1e9 + uint64(t.Nsec)))
		if !s.any || t.Compare(s.instants[0]) < 0 {
			s.instants[0] = t
		}
		if !s.any || t.Compare(s.instants[1]) > 0 {
			s.instants[1] = t
		}
		s.any = true
	default:
		n := v.Ints[i]
		s.seen.add(mix(uint64(n)))
		if !s.any || n < s.ints[0] {
			s.ints[0] = n
		}
		if !s.any || n > s.ints[1] {
			s.ints[1] = n
		}
		s.any = true
		s.sum += float64(n)
		s.summed++
	}
}

func (s *statistician) double(x float64) {
	s.seen.add(mix(doubleBits(x)))
	if math.IsNaN(x) {
		return
	}
	if !s.any || x < s.floats[0] {
		s.floats[0] = x
	}
	if !s.any || x > s.floats[1] {
		s.floats[1] = x
	}
	s.any = true
	if !math.IsInf(x, 0) {
		s.sum += x
		s.summed++
	}
}

func (s *statistician) text(text []byte) {
	s.seen.add(mixText(text))
	if !s.any || bytes.Compare(text, s.texts[0]) < 0 {
		s.texts[0] = append(s.texts[0][:0], text...)
	}
	if !s.any || bytes.Compare(text, s.texts[1]) > 0 {
		s.texts[1] = append(s.texts[1][:0], text...)
	}
	s.any = true
}

// statistics returns what was counted.
func (s *statistician) statistics() Statistics {
	out := Statistics{Values: s.values, Nulls: s.nulls}
	if s.list {
		return out
	}
	out.Distinct = min(s.seen.estimate(), s.values)
	if !s.any {
		return out
	}
	out.Min, out.Max = s.bound(0), s.bound(1)
	if mean := s.sum / float64(s.summed); s.summed > 0 && s.kind != parquet.OfBoolean && !math.IsInf(mean, 0) {
		out.Mean = &mean
	}
	return out
}

func (s *statistician) bound(i int) string {
	switch s.kind {
	case parquet.OfText:
		return shortened(s.texts[i])
	case parquet.OfDouble:
		return string(feature.AppendDouble(nil, s.floats[i], 64))
	case parquet.OfInstant:
		return s.instants[i].String()
	case parquet.OfBoolean:
		return strconv.FormatBool(s.ints[i] != 0)
	}
	return strconv.FormatInt(s.ints[i], 10)
}

// longestBound is the most characters of a text among statistics.
const longestBound = 64

func shortened(text []byte) string {
	if utf8.RuneCount(text) <= longestBound {
		return string(text)
	}
	return string([]rune(string(text))[:longestBound-1]) + "…"
}

// mix spreads the bits of a number over all of them (the finalizer of MurmurHash3).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// mixText is FNV-1a, mixed.
func mixText(text []byte) uint64 {
	x := uint64(14695981039346656037)
	for _, b := range text {
		x = (x ^ uint64(b)) * 1099511628211
	}
	return mix(x)
}

// A sketch estimates how many different hashes it has seen (HyperLogLog). The same values make the same estimate
// in every order.
type sketch struct{ registers []uint8 }

const (
	sketchBits = 14
	sketchSize = 1 << sketchBits
)

func (k *sketch) add(hash uint64) {
	if k.registers == nil {
		k.registers = make([]uint8, sketchSize)
	}
	at := hash >> (64 - sketchBits)
	rank := uint8(bits.LeadingZeros64(hash<<sketchBits|1<<(sketchBits-1))) + 1
	if k.registers[at] < rank {
		k.registers[at] = rank
	}
}

func (k *sketch) estimate() int64 {
	if k.registers == nil {
		return 0
	}
	sum, empty := 0.0, 0
	for _, r := range k.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			empty++
		}
	}
	const m = float64(sketchSize)
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate <= 2.5*m && empty > 0 {
		estimate = m * math.Log(m/float64(empty)) // few values: how many registers nobody has met
	}
	return int64(math.Round(estimate))
}
