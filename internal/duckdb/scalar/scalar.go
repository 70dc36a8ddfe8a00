// Package scalar holds the scalar functions of Trino that the engine lacks, or means otherwise. It
// knows the layout of the engine's vectors, and neither the engine nor SQL: package worker registers
// what a plan names, package trino writes the names. A function sees values that are not NULL: with a
// NULL among its arguments its result is NULL.
package scalar

import (
	"errors"
	"fmt"
	"time"
)

// A Function is one scalar function.
type Function struct {
	Name     string // as plans write it
	Params   []Type
	Result   Type
	Volatile bool // two calls with the same arguments differ
	run      func(args []Column, rows int) (Results, error)
}

// A Kind is what a value is to the engine.
type Kind int

// The kinds that arguments and results have.
const (
	Boolean Kind = iota
	Bigint
	Double
	Varchar
	Blob
)

// A Type is a kind, or a list of values of it.
type Type struct {
	Kind Kind
	List bool
}

// Results are the values of a function for each row of its arguments.
type Results struct {
	Null   []bool
	Values any // []bool, []int64, []float64, []string, [][]byte, or a slice of lists: [][]Element[…]
}

// An Element is a value of a list, which may be NULL.
type Element[T any] struct {
	Value T
	Null  bool
}

// errNull is what a function returns whose result is NULL.
var errNull = errors.New("NULL")

// Run gives the function's values for rows 0 to rows-1. Its error is in the words that the engine's
// own have, LARDER:<code>:<message>. Texts among the results may lie in the memory of args.
func (f *Function) Run(args []Column, rows int) (r Results, err error) {
	defer func() {
		if p := recover(); p != nil { // a fault of ours fails its query, not the process
			err = fmt.Errorf("%s: panic: %v", f.Name, p)
		}
	}()
	return f.run(args, rows)
}

// fail is an error with Trino's code.
func fail(code, format string, args ...any) error {
	return fmt.Errorf("LARDER:%s:%s", code, fmt.Sprintf(format, args...))
}

// invalid is the error of an argument that a function does not take.
func invalid(format string, args ...any) error {
	return fail("INVALID_FUNCTION_ARGUMENT", format, args...)
}

// All are the functions, each with caches of its own.
func All(now func() time.Time) []Function {
	var all []Function
	for _, chapter := range [][]Function{
		textFunctions(), binaryFunctions(), urlFunctions(), numberFunctions(), momentFunctions(now), regularFunctions(), isoFunctions(), listFunctions(), jsonFunctions(), sqlJSONFunctions(), checksumFunctions(),
		{of2("larder_format", format)},
	} {
		all = append(all, chapter...)
	}
	return all
}

func nullRow(args []Column, row int) bool {
	for i := range args {
		if args[i].null(row) {
			return true
		}
	}
	return false
}

// collect calls f for each row without NULLs.
func collect[R any](args []Column, rows int, f func(row int) (R, error)) (Results, error) {
	r := Results{Null: make([]bool, rows)}
	values := make([]R, rows)
	for row := range rows {
		if nullRow(args, row) {
			r.Null[row] = true
			continue
		}
		v, err := f(row)
		switch {
		case err == errNull:
			r.Null[row] = true
		case err != nil:
			return Results{}, err
		default:
			values[row] = v
		}
	}
	r.Values = values
	return r, nil
}

func of1[A, R any](name string, f func(A) (R, error)) Function {
	result, _ := access[R]()
	a, readA := access[A]()
	return Function{Name: name, Params: []Type{a}, Result: result, run: func(args []Column, rows int) (Results, error) {
		return collect(args, rows, func(row int) (R, error) { return f(readA(&args[0], row)) })
	}}
}

func of2[A, B, R any](name string, f func(A, B) (R, error)) Function {
	result, _ := access[R]()
	a, readA := access[A]()
	b, readB := access[B]()
	return Function{Name: name, Params: []Type{a, b}, Result: result, run: func(args []Column, rows int) (Results, error) {
		return collect(args, rows, func(row int) (R, error) { return f(readA(&args[0], row), readB(&args[1], row)) })
	}}
}

func of3[A, B, C, R any](name string, f func(A, B, C) (R, error)) Function {
	result, _ := access[R]()
	a, readA := access[A]()
	b, readB := access[B]()
	c, readC := access[C]()
	return Function{Name: name, Params: []Type{a, b, c}, Result: result, run: func(args []Column, rows int) (Results, error) {
		return collect(args, rows, func(row int) (R, error) {
			return f(readA(&args[0], row), readB(&args[1], row), readC(&args[2], row))
		})
	}}
}

func of4[A, B, C, D, R any](name string, f func(A, B, C, D) (R, error)) Function {
	result, _ := access[R]()
	a, readA := access[A]()
	b, readB := access[B]()
	c, readC := access[C]()
	d, readD := access[D]()
	return Function{Name: name, Params: []Type{a, b, c, d}, Result: result, run: func(args []Column, rows int) (Results, error) {
		return collect(args, rows, func(row int) (R, error) {
			return f(readA(&args[0], row), readB(&args[1], row), readC(&args[2], row), readD(&args[3], row))
		})
	}}
}
