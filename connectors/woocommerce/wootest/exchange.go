package wootest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// nginxBuffer is how large the headers of an answer may be: one page of memory,
// nginx's default.
const nginxBuffer = 4096

// exchange is a request on its way to an answer.
type exchange struct {
	server  *Server
	data    *store
	request *http.Request
	method  string // GET, HEAD, OPTIONS; may come from _method
	route   *route
	path    string  // below the REST API, such as /wc/v3/orders
	ids     []int64 // of the path
	query   query   // as asked, then in plain form
	key     *apiKey
	sent    value // what a write sets

	status int         // when it is not 200
	header http.Header // of the route: totals, links
	served []served
}

// served is a record that stands in the body.
type served struct {
	table   *table
	id      int64
	version int
}

// answer follows the order in which WordPress judges a request: key, route,
// parameters, rights.
func (x *exchange) answer() answer {
	x.header = make(http.Header)
	body, refusal := x.serve()
	a := answer{status: http.StatusOK, header: x.commonHeader()}
	if refusal != nil {
		a.status = refusal.status
		body = refusal.body()
	} else {
		a.status = max(a.status, x.status)
		body = x.fields(body)
		a.served, a.partial = x.served, x.query.has("_fields")
	}
	if x.route.allow != "" && x.mayAll() && (refusal == nil || !refusal.noAllow) {
		x.header.Set("Allow", x.route.allow)
	}
	if x.query.has("_envelope") {
		body = x.envelope(a.status, body)
		a.status = http.StatusOK
		x.header = make(http.Header)
	}
	maps.Copy(a.header, x.header)
	if headerSize(a.header) > nginxBuffer {
		return badGateway()
	}
	if x.method != http.MethodHead {
		a.body = x.server.rehome(body)
	}
	return a
}

func (x *exchange) serve() (body []byte, refusal *apiError) {
	if x.key, refusal = x.server.identify(x.request, x.query); refusal != nil {
		refusal.noAllow = true
		return nil, refusal
	}
	if refusal := x.key.permits(x.method); refusal != nil {
		refusal.noAllow = true
		return nil, refusal
	}
	if refusal := x.refuses(); refusal != nil {
		return nil, refusal
	}
	rules := x.data.schema(x.route.name)
	if x.method == http.MethodOptions {
		if rules.answer == nil {
			return nil, notPlayed("OPTIONS " + x.path)
		}
		return rules.answer, nil
	}
	if refusal := x.judge(rules); refusal != nil {
		return nil, refusal
	}
	if !x.route.public {
		if refusal := x.key.mayUse(x.method, x.route); refusal != nil {
			return nil, refusal
		}
	}
	if writes(x.method) && x.route.takesWrites() {
		return x.write()
	}
	return x.route.serve(x)
}

// judge measures what was sent by the rules of the route and the method.
func (x *exchange) judge(rules schema) *apiError {
	if writes(x.method) && x.route.takesWrites() {
		return x.readSent()
	}
	plain, refusal := rules.validate(x.query)
	if refusal == nil {
		x.query = plain
	}
	return refusal
}

// mayAll says whether the key has rights to the shop, which decides on Allow.
func (x *exchange) mayAll() bool { return x.key != nil && x.key.permission != NoRights }

// commonHeader is what WordPress sends with every REST answer.
func (x *exchange) commonHeader() http.Header {
	h := http.Header{
		"Content-Type":                  {"application/json; charset=UTF-8"},
		"X-Robots-Tag":                  {"noindex"},
		"Link":                          {"<" + x.server.restURL("/") + `>; rel="https://api.w.org/"`},
		"X-Content-Type-Options":        {"nosniff"},
		"Access-Control-Expose-Headers": {"X-WP-Total, X-WP-TotalPages, Link"},
		"Access-Control-Allow-Headers":  {"Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type"},
	}
	switch {
	case x.key != nil:
		h.Set("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")
		h.Set("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")
	case x.method == http.MethodGet:
		h.Set("Vary", "Origin")
	}
	return h
}

// envelope puts status and headers into the body.
func (x *exchange) envelope(status int, body []byte) []byte {
	var header object
	for _, name := range []string{"X-WP-Total", "X-WP-TotalPages", "Link", "Allow"} {
		value := x.header.Get(name)
		if value == "" {
			continue
		}
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			header = append(header, member{name, mustJSON(n)})
			continue
		}
		header = append(header, member{name, mustJSON(value)})
	}
	return object{{"body", body}, {"status", mustJSON(status)}, {"headers", header.bytes()}}.bytes()
}

// rehome puts the server's own address where the documents have that of the
// shop they were recorded in.
func (s *Server) rehome(body []byte) []byte {
	home, own := s.data.home, s.home()
	if home == "" {
		return body
	}
	replace := func(old, by string) {
		body = bytes.ReplaceAll(body, []byte(old), []byte(by))
		escape := strings.NewReplacer("/", `\/`)
		body = bytes.ReplaceAll(body, []byte(escape.Replace(old)), []byte(escape.Replace(by)))
	}
	if api := s.restURL("/"); api != own+root+"/" {
		replace(home+root+"/", api)
	}
	if home != own {
		replace(home, own)
	}
	return body
}

// single serves the record that the last ID of the path names.
func (x *exchange) single(t *table, missing *apiError) ([]byte, *apiError) {
	r := t.byID[x.ids[len(x.ids)-1]]
	if r == nil || len(x.ids) > 1 && r.parent != x.ids[0] {
		return nil, missing
	}
	return x.render(t, r)
}

// render is a record as it is served.
func (x *exchange) render(t *table, r *record) ([]byte, *apiError) {
	if t.poisoned[r.id] {
		return nil, criticalError()
	}
	x.served = append(x.served, served{table: t, id: r.id})
	raw := r.raw
	if t == x.data.orders || t == x.data.refunds {
		raw = x.data.shown(r, absInt(int(x.query.number("dp", storeDecimals))))
	}
	if x.knows("include_meta") {
		raw = x.metaAsked(raw)
	}
	if t == x.data.refunds && strings.HasPrefix(x.route.name, "/orders/") {
		raw = dropMember(raw, "parent_id")
	}
	return raw, nil
}

// metaAsked leaves only the metadata whose keys are asked for. A list of those
// wanted beats one of those unwanted.
func (x *exchange) metaAsked(raw []byte) []byte {
	wanted, unwanted := x.query.list("include_meta"), x.query.list("exclude_meta")
	if len(wanted) == 0 && len(unwanted) == 0 {
		return raw
	}
	o, err := parseObject(raw)
	if err != nil || o.get("meta_data") == nil {
		return raw
	}
	kept := slices.DeleteFunc(parseArray(o.get("meta_data")), func(entry []byte) bool {
		var meta struct {
			Key string `json:"key"`
		}
		if err := json.Unmarshal(entry, &meta); err != nil {
			return false
		}
		if len(wanted) > 0 {
			return !slices.Contains(wanted, meta.Key)
		}
		return slices.Contains(unwanted, meta.Key)
	})
	return o.set("meta_data", joinArray(kept)).bytes()
}

func dropMember(raw []byte, name string) []byte {
	o, err := parseObject(raw)
	if err != nil {
		return raw
	}
	return slices.DeleteFunc(o, func(m member) bool { return m.name == name }).bytes()
}

func criticalError() *apiError {
	return &apiError{
		status: http.StatusInternalServerError, code: "internal_server_error", noAllow: true,
		message: "<p>There has been a critical error on this website.</p>",
	}
}
