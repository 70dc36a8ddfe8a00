package worker

/*
void larder_text_bind(void *);
void larder_text_init(void *);
void larder_text_begin(void *);
void larder_text_next(void *, void *);
void larder_text_end(void *);
void larder_scalar_delete(void *);
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/cgo"
	"strconv"
	"sync/atomic"
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/serde"
)

// This file makes the files of text of a plan a function of the engine's: larder_text(place) gives the rows of
// frame.Run's Texts at a place, of the columns that a statement needs, file by file in as many threads as it has.

// pointer is a handle as the engine keeps it.
func pointer(v any) unsafe.Pointer {
	h := cgo.NewHandle(v)
	return *(*unsafe.Pointer)(unsafe.Pointer(&h))
}

// behind is the value of a handle that the engine kept.
func behind[T any](p unsafe.Pointer) T { return cgo.Handle(uintptr(p)).Value().(T) }

// registerTexts gives a connection the function that reads texts.
func registerTexts(conn duck.Connection, texts []frame.Text) error {
	if len(texts) == 0 {
		return nil
	}
	f := duck.CreateTableFunction()
	defer duck.DestroyTableFunction(&f)
	duck.TableFunctionSetName(f, "larder_text")
	t := duck.CreateLogicalType(duck.TypeBigInt)
	duck.TableFunctionAddParameter(f, t)
	duck.DestroyLogicalType(&t)
	duck.TableFunctionSetExtraInfo(f, pointer(texts), unsafe.Pointer(C.larder_scalar_delete))
	duck.TableFunctionSetBind(f, unsafe.Pointer(C.larder_text_bind))
	duck.TableFunctionSetInit(f, unsafe.Pointer(C.larder_text_init))
	duck.TableFunctionSetLocalInit(f, unsafe.Pointer(C.larder_text_begin))
	duck.TableFunctionSetFunction(f, unsafe.Pointer(C.larder_text_next))
	duck.TableFunctionSupportsProjectionPushdown(f, true)
	if duck.RegisterTableFunction(conn, f) == duck.StateError {
		return errors.New("duckdb refuses the function larder_text")
	}
	return nil
}

//export larder_text_bind
func larder_text_bind(p unsafe.Pointer) {
	info := duck.BindInfo{Ptr: p}
	texts := behind[[]frame.Text](duck.BindGetExtraInfo(info))
	v := duck.BindGetParameter(info, 0)
	at := duck.GetInt64(v)
	duck.DestroyValue(&v)
	if at < 0 || at >= int64(len(texts)) {
		duck.BindSetError(info, fmt.Sprintf("text %d of %d", at, len(texts)))
		return
	}
	text := &texts[at]
	for i := range text.Columns {
		t := logical(&text.Columns[i].Type)
		duck.BindAddResultColumn(info, "c"+strconv.Itoa(i), t)
		duck.DestroyLogicalType(&t)
	}
	duck.BindSetCardinality(info, duck.IdxT(text.Rows), false)
	duck.BindSetBindData(info, pointer(text), unsafe.Pointer(C.larder_scalar_delete))
}

// A textScan is what the threads that read a text have in common.
type textScan struct {
	text   *frame.Text
	wanted []int // columns of the text
	places []int // of these in a chunk
	next   atomic.Int64
}

//export larder_text_init
func larder_text_init(p unsafe.Pointer) {
	info := duck.InitInfo{Ptr: p}
	s := &textScan{text: behind[*frame.Text](duck.InitGetBindData(info))}
	for i := range duck.InitGetColumnCount(info) {
		// A column that is none counts rows.
		if c := duck.InitGetColumnIndex(info, i); c < duck.IdxT(len(s.text.Columns)) {
			s.wanted, s.places = append(s.wanted, int(c)), append(s.places, int(i))
		}
	}
	duck.InitSetMaxThreads(info, duck.IdxT(max(1, len(s.text.Files))))
	duck.InitSetInitData(info, pointer(s), unsafe.Pointer(C.larder_scalar_delete))
}

// A textThread reads one file after the other, for one thread.
type textThread struct {
	file   *os.File
	reader *serde.Reader // nil between files
	cells  []*cell
}

//export larder_text_begin
func larder_text_begin(p unsafe.Pointer) {
	duck.InitSetInitData(duck.InitInfo{Ptr: p}, pointer(&textThread{}), unsafe.Pointer(C.larder_text_end))
}

//export larder_text_end
func larder_text_end(p unsafe.Pointer) {
	h := cgo.Handle(uintptr(p))
	h.Value().(*textThread).close()
	h.Delete()
}

func (t *textThread) close() {
	if t.reader != nil {
		t.reader.Close()
		_ = t.file.Close() // it was only read
		t.reader = nil
	}
}

// larder_text_next fills a chunk, in a thread of the engine's. An empty one is the end.
//
//export larder_text_next
func larder_text_next(p, output unsafe.Pointer) {
	call := duck.FunctionInfo{Ptr: p}
	scan := behind[*textScan](duck.FunctionGetInitData(call))
	thread := behind[*textThread](duck.FunctionGetLocalInitData(call))
	if err := thread.fill(scan, duck.DataChunk{Ptr: output}); err != nil {
		duck.FunctionSetError(call, failure(err))
	}
}

// failure is the text of an error as the server reads it.
func failure(err error) string {
	var fault *serde.Error
	if errors.As(err, &fault) {
		return "LARDER:" + fault.Code + ":" + fault.Text
	}
	return err.Error()
}

// chunkBytes is about how much text the rows of a chunk have at most.
const chunkBytes = 4 << 20

// fill stores rows in a chunk.
func (t *textThread) fill(s *textScan, chunk duck.DataChunk) (err error) {
	defer func() {
		if p := recover(); p != nil { // a fault of ours fails its query, not the process
			err = fmt.Errorf("read text: panic: %v", p)
		}
	}()
	if t.cells == nil {
		for _, c := range s.wanted {
			t.cells = append(t.cells, newCell(&s.text.Columns[c].Type))
		}
	}
	for i, c := range t.cells {
		c.bind(duck.DataChunkGetVector(chunk, duck.IdxT(s.places[i])))
	}
	rows, size := 0, 0
	for rows < int(duck.VectorSize()) && size < chunkBytes {
		row, err := t.next(s)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for i, c := range t.cells {
			if !c.set(rows, &row[i]) {
				return &serde.Error{Code: "EXCEEDED_LOCAL_MEMORY_LIMIT", Text: "There is no room for the elements of a list"}
			}
		}
		size += t.reader.Size()
		rows++
	}
	for _, c := range t.cells {
		if !c.finish() {
			return errors.New("the size of a list could not be set")
		}
	}
	duck.DataChunkSetSize(chunk, duck.IdxT(rows))
	return nil
}

// next returns the next row of the files that this thread takes; io.EOF.
func (t *textThread) next(s *textScan) ([]serde.Value, error) {
	for {
		if t.reader == nil {
			at := int(s.next.Add(1)) - 1
			if at >= len(s.text.Files) {
				return nil, io.EOF
			}
			if err := t.open(s, &s.text.Files[at]); err != nil {
				return nil, err
			}
		}
		row, err := t.reader.Next()
		if err != io.EOF {
			return row, err
		}
		t.close()
	}
}

func (t *textThread) open(s *textScan, f *frame.TextFile) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return &serde.Error{Code: "HIVE_CANNOT_OPEN_SPLIT", Text: "Error opening Hive split " + f.Name}
	}
	reader, err := serde.NewReader(&s.text.Format, s.text.Columns, s.wanted, file, f.Name, f.Compression)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	t.file, t.reader = file, reader
	return nil
}
