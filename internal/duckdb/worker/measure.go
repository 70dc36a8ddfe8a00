package worker

import (
	"strconv"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// measure makes the engine count the rows and the time of each operator. It must come before prepareLocked, which
// lets no setting change any more.
func (d *database) measure() error {
	return d.exec("SET enable_profiling='no_output'; SET profiling_mode='standard'")
}

// measured is what the operators of the last statement did; nil if the engine does not say.
func (d *database) measured() *frame.Operator {
	root := duck.GetProfilingInfo(d.conn)
	if root.Ptr == nil || duck.ProfilingInfoGetChildCount(root) == 0 {
		return nil
	}
	return operator(duck.ProfilingInfoGetChild(root, 0))
}

func operator(info duck.ProfilingInfo) *frame.Operator {
	o := &frame.Operator{Name: metric(info, "OPERATOR_NAME"), About: metric(info, "EXTRA_INFO")}
	// What cannot be read is 0: the engine names all metrics in each operator.
	o.Rows, _ = strconv.ParseInt(metric(info, "OPERATOR_CARDINALITY"), 10, 64)
	o.Scanned, _ = strconv.ParseInt(metric(info, "OPERATOR_ROWS_SCANNED"), 10, 64)
	o.Seconds, _ = strconv.ParseFloat(metric(info, "OPERATOR_TIMING"), 64)
	for i := range duck.ProfilingInfoGetChildCount(info) {
		o.Children = append(o.Children, operator(duck.ProfilingInfoGetChild(info, i)))
	}
	return o
}

// metric is the text of a metric, "" if there is none of that name.
func metric(info duck.ProfilingInfo, name string) string {
	v := duck.ProfilingInfoGetValue(info, name)
	if v.Ptr == nil {
		return ""
	}
	defer duck.DestroyValue(&v)
	return duck.GetVarchar(v)
}
