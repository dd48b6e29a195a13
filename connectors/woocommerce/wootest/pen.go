package wootest

import (
	"strconv"
	"time"
)

// pen writes a compact JSON document member by member. It sets the commas.
type pen struct {
	b      []byte
	digits int // of money
	zone   *time.Location
	home   string
}

func (w *pen) comma() {
	if n := len(w.b); n > 0 && w.b[n-1] != '{' && w.b[n-1] != '[' && w.b[n-1] != ':' {
		w.b = append(w.b, ',')
	}
}

func (w *pen) name(name string) {
	w.comma()
	w.b = append(w.b, '"')
	w.b = append(w.b, name...)
	w.b = append(w.b, '"', ':')
}

// open begins an object or list, as a member unless the name is "".
func (w *pen) open(name, bracket string) {
	if name != "" {
		w.name(name)
	} else {
		w.comma()
	}
	w.b = append(w.b, bracket...)
}

func (w *pen) shut(bracket string) { w.b = append(w.b, bracket...) }

func (w *pen) raw(name, value string) {
	w.name(name)
	w.b = append(w.b, value...)
}

func (w *pen) int(name string, n int64) {
	w.name(name)
	w.b = strconv.AppendInt(w.b, n, 10)
}

func (w *pen) bool(name string, yes bool) {
	w.name(name)
	w.b = strconv.AppendBool(w.b, yes)
}

func (w *pen) text(name, value string) {
	w.name(name)
	w.quote(value)
}

func (w *pen) quote(value string) {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c == '"' || c == '\\' {
			w.b = append(w.b, mustJSON(value)...)
			return
		}
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, value...)
	w.b = append(w.b, '"')
}

func (w *pen) money(name string, amount units) {
	w.name(name)
	w.b = append(w.b, '"')
	w.b = amount.append(w.b, w.digits)
	w.b = append(w.b, '"')
}

// date writes a date in the store's zone, null for none.
func (w *pen) date(name string, at time.Time) { w.time(name, at, w.zone) }

// dateGMT writes a date in UTC, null for none.
func (w *pen) dateGMT(name string, at time.Time) { w.time(name, at, time.UTC) }

func (w *pen) time(name string, at time.Time, zone *time.Location) {
	w.name(name)
	if at.IsZero() {
		w.b = append(w.b, "null"...)
		return
	}
	w.b = append(w.b, '"')
	w.b = at.In(zone).AppendFormat(w.b, wallLayout)
	w.b = append(w.b, '"')
}

// meta is an entry of metadata: a key and a value in JSON.
type meta struct {
	id    int64
	key   string
	value string
	shown string // the display_key of an entry of a line; "": it has none
}

// metas writes metadata.
func (w *pen) metas(entries []meta) {
	w.open("meta_data", "[")
	for _, m := range entries {
		w.open("", "{")
		w.int("id", m.id)
		w.text("key", m.key)
		w.raw("value", m.value)
		if m.shown != "" {
			w.text("display_key", m.shown)
			w.raw("display_value", m.value)
		}
		w.shut("}")
	}
	w.shut("]")
}

const (
	allowAll    = `["GET","POST","PUT","PATCH","DELETE"]`
	allowRefund = `["GET","DELETE"]`
)

// links begins the member _links, which is still open afterwards.
func (w *pen) links(path string, id int64, allow string) {
	w.open("_links", "{")
	w.raw("self", `[{"href":"`+w.home+root+"/wc/v3/"+path+"/"+strconv.FormatInt(id, 10)+`","targetHints":{"allow":`+allow+`}}]`)
	w.raw("collection", `[{"href":"`+w.home+root+"/wc/v3/"+path+`"}]`)
}

// link adds to _links.
func (w *pen) link(name, path string) {
	w.raw(name, `[{"href":"`+w.home+root+"/wc/v3/"+path+`"}]`)
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
