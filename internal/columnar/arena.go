package columnar

import "strings"

// An arena makes many small strings with few allocations.
type arena struct{ b strings.Builder }

// arenaBlock is how many bytes are made room for at a time.
const arenaBlock = 64 << 10

// keep returns a copy of p.
func (a *arena) keep(p []byte) string {
	if a.b.Cap()-a.b.Len() < len(p) {
		a.b = strings.Builder{}
		a.b.Grow(max(arenaBlock, len(p)))
	}
	from := a.b.Len()
	a.b.Write(p)
	return a.b.String()[from:]
}
