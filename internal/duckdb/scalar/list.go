package scalar

import (
	"math/rand/v2"
	"time"
)

func listFunctions() []Function {
	permutation := of1("larder_permutation", func(n int64) ([]Element[int64], error) {
		out := make([]Element[int64], n)
		for i, j := range rand.Perm(int(n)) {
			out[i].Value = int64(j) + 1
		}
		return out, nil
	})
	permutation.Volatile = true
	return []Function{
		permutation,
		of3("larder_sequence", sequence),
		of3("larder_sequence_months", sequenceOfMonths),
		of2("larder_combinations", combinations),
	}
}

const maxSequence = 10_000

// sequence counts from start to stop, both with it.
func sequence(start, stop, step int64) ([]Element[int64], error) {
	if err := checkSequence(step, start <= stop, start == stop); err != nil {
		return nil, err
	}
	distance, stride := uint64(stop)-uint64(start), uint64(step)
	if step < 0 {
		distance, stride = -distance, -stride
	}
	n := distance / stride
	if n >= maxSequence {
		return nil, tooMany()
	}
	out := make([]Element[int64], n+1)
	for i := range out {
		out[i].Value = start + int64(i)*step
	}
	return out, nil
}

func checkSequence(step int64, up, same bool) error {
	if step == 0 {
		return invalid("step must not be zero")
	}
	if !same && up != (step > 0) {
		return invalid("sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start")
	}
	return nil
}

func tooMany() error {
	return invalid("result of sequence function must not have more than %d entries", maxSequence)
}

// sequenceOfMonths steps over microseconds of UTC by months.
func sequenceOfMonths(start, stop, step int64) ([]Element[int64], error) {
	if err := checkSequence(step, start <= stop, start == stop); err != nil {
		return nil, err
	}
	var out []Element[int64]
	first := time.UnixMicro(start).UTC()
	for i := int64(0); ; i++ {
		at := monthsLater(first, i*step).UnixMicro()
		if step > 0 && at > stop || step < 0 && at < stop {
			return out, nil
		}
		if len(out) == maxSequence {
			return nil, tooMany()
		}
		out = append(out, Element[int64]{Value: at})
	}
}

// combinations gives their number, then the places from 1 of the size elements of each: those whose
// last place is first come first.
func combinations(n, size int64) ([]Element[int64], error) {
	const most, mostOf = 100_000, 5
	switch {
	case size < 0:
		return nil, invalid("combination size must not be negative: %d", size)
	case size > mostOf:
		return nil, invalid("combination size must not exceed %d: %d", mostOf, size)
	case size > n:
		return []Element[int64]{{Value: 0}}, nil
	}
	count := int64(1)
	for i := range size {
		count = count * (n - i) / (i + 1)
		if count > most*mostOf*mostOf {
			break
		}
	}
	if count*size > most {
		return nil, invalid("combinations exceed max size")
	}
	out := make([]Element[int64], 1, 1+count*size)
	out[0].Value = count
	at := make([]int64, size)
	for i := range at {
		at[i] = int64(i)
	}
	for range count {
		for _, p := range at {
			out = append(out, Element[int64]{Value: p + 1})
		}
		for i := range at {
			if i == len(at)-1 || at[i]+1 < at[i+1] {
				at[i]++
				for j := range i {
					at[j] = int64(j)
				}
				break
			}
		}
	}
	return out, nil
}
