package serde

import "bytes"

// readLazy reads the line as LazySimpleSerDe does: fields are taken by their place, what a short line lacks is NULL,
// and what a long one has too much is left out. What is not of its type is NULL.
func (r *Reader) readLazy() error {
	rest, more := r.line, true
	for r.field = 0; r.field < len(r.columns) && more; r.field++ {
		var text []byte
		text, rest, more = r.split(rest, 0)
		if p := r.place[r.field]; p >= 0 {
			if err := r.lazy(&r.row[p], text, &r.columns[r.field].Type, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// split cuts the text at the first separator of a level; more is false if there is none.
func (r *Reader) split(text []byte, level int) (first, rest []byte, more bool) {
	separator := r.format.Separators[level]
	if len(r.format.Escape) == 0 {
		return bytes.Cut(text, r.format.Separators[level:level+1])
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case separator:
			return text[:i], text[i+1:], true
		case r.format.Escape[0]:
			i++
		}
	}
	return text, nil, false
}

// lazy reads a part of the line; the separators of what is inside begin at a level.
func (r *Reader) lazy(v *Value, text []byte, t *Type, level int) error {
	if string(text) == r.format.Null {
		v.setNull()
		return nil
	}
	switch t.Kind {
	case Array:
		v.begin()
		for rest, more := text, len(text) > 0; more; {
			var part []byte
			part, rest, more = r.split(rest, level)
			if err := r.lazy(v.item(), part, &t.Elements[0], level+1); err != nil {
				return err
			}
		}
		return nil
	case Map:
		return r.lazyMap(v, text, t, level)
	case Struct:
		v.begin()
		rest, more := text, true
		for i := range t.Elements {
			var part []byte
			item := v.item()
			if !more {
				item.setNull()
				continue
			}
			part, rest, more = r.split(rest, level)
			if err := r.lazy(item, part, &t.Elements[i], level+1); err != nil {
				return err
			}
		}
		return nil
	}
	return r.lazyScalar(v, text, t)
}

// lazyMap reads entries. Those without a key are left out; of those with the same key the first counts.
func (r *Reader) lazyMap(v *Value, text []byte, t *Type, level int) error {
	v.begin()
	keys := newKeys(&t.Elements[0])
	for rest, more := text, len(text) > 0; more; {
		var part []byte
		part, rest, more = r.split(rest, level)
		name, of, given := r.split(part, level+1)
		key := v.item()
		if err := r.lazy(key, name, &t.Elements[0], level+2); err != nil {
			return err
		}
		if key.Null || keys.seen(key) >= 0 {
			v.Items = v.Items[:len(v.Items)-1]
			continue
		}
		keys.add(key)
		value := v.item()
		if !given {
			value.setNull()
			continue
		}
		if err := r.lazy(value, of, &t.Elements[1], level+2); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) lazyScalar(v *Value, text []byte, t *Type) error {
	switch {
	case t.text():
		if text = r.unescape(text); !isASCII(text) {
			if err := r.valid(text); err != nil {
				return err
			}
		}
		v.setBytes(t.cut(text))
		return nil
	case t.bits() > 0:
		n, ok := truncated(trim(text), t)
		v.Null, v.Int = !ok, n
		return nil
	}
	v.Null = !scalar(v, text, t)
	return nil
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// unescape takes the escapes out of a text.
func (r *Reader) unescape(text []byte) []byte {
	if len(r.format.Escape) == 0 || bytes.IndexByte(text, r.format.Escape[0]) < 0 {
		return text
	}
	start := len(r.texts)
	for i := 0; i < len(text); i++ {
		if text[i] == r.format.Escape[0] && i+1 < len(text) {
			i++
		}
		r.texts = append(r.texts, text[i])
	}
	return r.texts[start:len(r.texts):len(r.texts)]
}

// keys are those of a map that were read: few are looked through, many have an index.
type keys struct {
	t     *Type
	texts []string
	index map[string]int
}

func newKeys(t *Type) *keys { return &keys{t: t} }

// seen returns the place of a key among the entries, or -1.
func (k *keys) seen(v *Value) int {
	text := v.key(k.t)
	if k.index != nil {
		if at, ok := k.index[text]; ok {
			return at
		}
		return -1
	}
	for at, t := range k.texts {
		if t == text {
			return at
		}
	}
	return -1
}

// add notes the next key.
func (k *keys) add(v *Value) {
	k.texts = append(k.texts, v.key(k.t))
	if at := len(k.texts) - 1; k.index != nil {
		k.index[k.texts[at]] = at
	} else if at == 16 {
		k.index = map[string]int{}
		for i, t := range k.texts {
			k.index[t] = i
		}
	}
}
