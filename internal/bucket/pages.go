package bucket

import (
	"sync"
	"time"
)

// pages remembers where pages ended whose successors are asked for by key alone, and which version
// they showed. It is in memory and bounded: a page that is forgotten only means that the next one
// shows the version of its own moment.
type pages struct {
	mu      sync.Mutex // guards what follows
	version map[pageEnd]rememberedPage
	order   []pageEnd // as they came; a ring once it is full
	oldest  int
}

// A pageEnd names the end of a page.
type pageEnd struct{ bucket, prefix, delimiter, last string }

type rememberedPage struct {
	version Version
	at      time.Time
}

const (
	pagesKept = 1024
	pagesFor  = time.Minute
)

// under names the page of p's listing that ended with last.
func (p Page) under(last string) pageEnd {
	return pageEnd{bucket: p.Bucket, prefix: p.Prefix, delimiter: p.Delimiter, last: last}
}

func (p *pages) remember(end pageEnd, v Version, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.version == nil {
		p.version = map[pageEnd]rememberedPage{}
	}
	if _, known := p.version[end]; !known {
		if len(p.order) < pagesKept {
			p.order = append(p.order, end)
		} else {
			delete(p.version, p.order[p.oldest])
			p.order[p.oldest] = end
			p.oldest = (p.oldest + 1) % pagesKept
		}
	}
	p.version[end] = rememberedPage{version: v, at: now}
}

// recall returns 0 for a page that is not remembered.
func (p *pages) recall(end pageEnd, now time.Time) Version {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, known := p.version[end]
	if !known || now.Sub(r.at) > pagesFor {
		return 0
	}
	return r.version
}
