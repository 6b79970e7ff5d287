package postgres

import (
	"strconv"
	"strings"
	"sync"
)

// The queries of the store are written with the placeholders of SQLite: ? is the
// next argument and ?2 the second one.

// placeholders remembers how queries read with those of PostgreSQL.
type placeholders struct {
	mu    sync.Mutex
	known map[string]string
}

// queriesKept bounds them; the store has some hundred.
const queriesKept = 1000

func (p *placeholders) of(query string) string {
	if strings.IndexByte(query, '?') < 0 {
		return query
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if text, ok := p.known[query]; ok {
		return text
	}
	if len(p.known) >= queriesKept || p.known == nil {
		p.known = map[string]string{}
	}
	text := dollars(query)
	p.known[query] = text
	return text
}

// dollars writes placeholders as PostgreSQL does. What is quoted stays as it is.
func dollars(query string) string {
	var b strings.Builder
	next := 0
	for i := 0; i < len(query); {
		c := query[i]
		switch c {
		case '\'', '"':
			end := strings.IndexByte(query[i+1:], c)
			if end < 0 {
				end = len(query) - i - 2
			}
			b.WriteString(query[i : i+end+2])
			i += end + 2
		case '?':
			end := i + 1
			for end < len(query) && query[end] >= '0' && query[end] <= '9' {
				end++
			}
			b.WriteByte('$')
			if end > i+1 {
				b.WriteString(query[i+1 : end])
			} else {
				next++
				b.WriteString(strconv.Itoa(next))
			}
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}
