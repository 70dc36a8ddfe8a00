package worker

/*
void larder_scalar_run(void *, void *, void *);
void larder_scalar_delete(void *);
*/
import "C"

import (
	"fmt"
	"regexp"
	"runtime/cgo"
	"time"
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/scalar"
)

// scalarCall finds the functions of package scalar in a statement. A text that looks like a call
// costs a registration and no more.
var scalarCall = regexp.MustCompile(`larder_[a-z0-9_]+\(`)

// RegisterScalars gives a connection's database the functions of package scalar that sql names. A
// plan's SQL is what package trino wrote; no statement of a client's can name them.
func RegisterScalars(conn duck.Connection, sql string) error {
	named := map[string]bool{}
	for _, m := range scalarCall.FindAllString(sql, -1) {
		named[m[:len(m)-1]] = true
	}
	if len(named) == 0 {
		return nil
	}
	for _, f := range scalar.All(time.Now) {
		if !named[f.Name] {
			continue
		}
		if err := registerScalar(conn, &f); err != nil {
			return err
		}
	}
	return nil
}

func registerScalar(conn duck.Connection, f *scalar.Function) error {
	s := duck.CreateScalarFunction()
	defer duck.DestroyScalarFunction(&s)
	duck.ScalarFunctionSetName(s, f.Name)
	for _, p := range f.Params {
		t := scalarType(p)
		duck.ScalarFunctionAddParameter(s, t)
		duck.DestroyLogicalType(&t)
	}
	t := scalarType(f.Result)
	duck.ScalarFunctionSetReturnType(s, t)
	duck.DestroyLogicalType(&t)
	if f.Volatile {
		duck.ScalarFunctionSetVolatile(s)
	}
	// The engine keeps the handle with the function and deletes both.
	h := cgo.NewHandle(f)
	duck.ScalarFunctionSetExtraInfo(s, *(*unsafe.Pointer)(unsafe.Pointer(&h)), unsafe.Pointer(C.larder_scalar_delete))
	duck.ScalarFunctionSetFunction(s, unsafe.Pointer(C.larder_scalar_run))
	if duck.RegisterScalarFunction(conn, s) == duck.StateError {
		return fmt.Errorf("duckdb refuses the function %s", f.Name)
	}
	return nil
}

// scalarType is the engine's type; the caller destroys it.
func scalarType(t scalar.Type) duck.LogicalType {
	kinds := [...]duck.Type{
		scalar.Boolean: duck.TypeBoolean, scalar.Bigint: duck.TypeBigInt, scalar.Double: duck.TypeDouble,
		scalar.Varchar: duck.TypeVarchar, scalar.Blob: duck.TypeBlob,
	}
	element := duck.CreateLogicalType(kinds[t.Kind])
	if !t.List {
		return element
	}
	defer duck.DestroyLogicalType(&element)
	return duck.CreateListType(element)
}

//export larder_scalar_delete
func larder_scalar_delete(handle unsafe.Pointer) { cgo.Handle(uintptr(handle)).Delete() }

// larder_scalar_run computes a chunk, in a thread of the engine's.
//
//export larder_scalar_run
func larder_scalar_run(info, input, output unsafe.Pointer) {
	call := duck.FunctionInfo{Ptr: info}
	f := cgo.Handle(uintptr(duck.ScalarFunctionGetExtraInfo(call))).Value().(*scalar.Function)
	chunk := duck.DataChunk{Ptr: input}
	args := make([]scalar.Column, len(f.Params))
	for i, p := range f.Params {
		args[i] = columnOf(duck.DataChunkGetVector(chunk, duck.IdxT(i)), p.List)
	}
	results, err := f.Run(args, int(duck.DataChunkGetSize(chunk)))
	if err != nil {
		duck.ScalarFunctionSetError(call, err.Error())
		return
	}
	write(duck.Vector{Ptr: output}, results)
}

func columnOf(v duck.Vector, list bool) scalar.Column {
	c := scalar.Column{Data: duck.VectorGetData(v), Valid: duck.VectorGetValidity(v)}
	if list {
		child := columnOf(duck.ListVectorGetChild(v), false)
		c.Child = &child
	}
	return c
}

// write stores results in a vector of the engine's.
func write(v duck.Vector, r scalar.Results) {
	var valid unsafe.Pointer
	for row, null := range r.Null {
		if !null {
			continue
		}
		if valid == nil {
			duck.VectorEnsureValidityWritable(v)
			valid = duck.VectorGetValidity(v)
		}
		*(*uint64)(unsafe.Add(valid, row/64*8)) &^= 1 << (row % 64)
	}
	switch values := r.Values.(type) {
	case []bool:
		copyTo(v, values)
	case []int64:
		copyTo(v, values)
	case []float64:
		copyTo(v, values)
	case []string:
		for row, s := range values {
			if !r.Null[row] {
				duck.VectorAssignStringElement(v, duck.IdxT(row), s)
			}
		}
	case [][]byte:
		for row, b := range values {
			if !r.Null[row] {
				duck.VectorAssignStringElementLen(v, duck.IdxT(row), b)
			}
		}
	case [][]scalar.Element[int64]:
		writeLists(v, values)
	case [][]scalar.Element[float64]:
		writeLists(v, values)
	case [][]scalar.Element[string]:
		writeLists(v, values)
	case [][]scalar.Element[[]byte]:
		writeLists(v, values)
	}
}

func copyTo[T any](v duck.Vector, values []T) {
	copy(unsafe.Slice((*T)(duck.VectorGetData(v)), len(values)), values)
}

func writeLists[T any](v duck.Vector, lists [][]scalar.Element[T]) {
	var flat scalar.Results
	var values []T
	entries := make([]listEntry, len(lists))
	for row, l := range lists {
		entries[row] = listEntry{uint64(len(values)), uint64(len(l))}
		for _, e := range l {
			values, flat.Null = append(values, e.Value), append(flat.Null, e.Null)
		}
	}
	flat.Values = values
	copyTo(v, entries)
	duck.ListVectorReserve(v, duck.IdxT(len(values)))
	duck.ListVectorSetSize(v, duck.IdxT(len(values)))
	write(duck.ListVectorGetChild(v), flat)
}
