package wootest_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// recorded is one exchange with a real shop.
type recorded struct {
	Name   string      `json:"name"`
	Method string      `json:"method"`
	Auth   string      `json:"auth"`
	Path   string      `json:"path"`
	Query  [][2]string `json:"query"`
	// Sent are the headers that were set by hand, SentBody what was sent: JSON, or
	// a string of JSON for a body that is none.
	Sent     map[string]string `json:"sent"`
	SentBody json.RawMessage   `json:"sent_body"`
	Status   int               `json:"status"`
	Headers  map[string]string `json:"headers"`
	Body     json.RawMessage   `json:"body"`

	by    int64       // how much its IDs were shifted
	adapt *adaptation // to another kind of shop, nil for that of the recording
}

// unpack opens a file of testdata.
func unpack(t *testing.T, name string) io.Reader {
	t.Helper()
	packed, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func readRecorded(t *testing.T) []recorded {
	t.Helper()
	lines := bufio.NewReader(unpack(t, "exchanges.jsonl.gz"))
	var all []recorded
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var e recorded
			if err := json.Unmarshal(line, &e); err != nil {
				t.Fatal(err)
			}
			all = append(all, e)
		}
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sentBytes are the body as it was sent.
func (e *recorded) sentBytes(t *testing.T) []byte {
	t.Helper()
	if len(e.SentBody) == 0 || e.SentBody[0] != '"' {
		return e.SentBody
	}
	var text string
	must(t, json.Unmarshal(e.SentBody, &text))
	return []byte(text)
}

// home is the address of the shop the exchange was recorded in, as the shop
// itself names it.
func (e *recorded) home() string {
	const https, http = "https://127.0.0.1:8443", "http://127.0.0.1:8099"
	if strings.HasPrefix(e.Headers["Link"], "<"+http) {
		return http
	}
	return https
}

func (e *recorded) param(name string) (string, bool) {
	for _, pair := range e.Query {
		if pair[0] == name {
			return pair[1], true
		}
	}
	return "", false
}

func (e *recorded) number(name string, otherwise int) int {
	text, _ := e.param(name)
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}

// rawQuery keeps the order of the parameters, which the Link header repeats.
func (e *recorded) rawQuery() string {
	pairs := make([]string, 0, len(e.Query))
	for _, pair := range e.Query {
		pairs = append(pairs, url.QueryEscape(pair[0])+"="+url.QueryEscape(pair[1]))
	}
	return strings.Join(pairs, "&")
}

// table is the kind of records the path leads to, such as "orders".
func (e *recorded) table() string {
	parts := strings.Split(strings.TrimPrefix(e.Path, "/wp-json/wc/v3/"), "/")
	if e.fixed() {
		return ""
	}
	if len(parts) > 2 {
		return parts[2]
	}
	return parts[0]
}

// fixed says whether the path leads to documents that nothing in the shop
// changes.
func (e *recorded) fixed() bool {
	for _, part := range []string{
		"/statuses", "/payment_gateways", "/products/attributes", "/products/brands", "/products/categories",
		"/products/reviews", "/products/tags", "/shipping/", "/reports/", "/data/", "/system_status",
	} {
		if strings.Contains(e.Path, part) {
			return true
		}
	}
	return false
}

// pathIDs are the numbers in the path.
func (e *recorded) pathIDs() []int64 {
	var ids []int64
	for part := range strings.SplitSeq(e.Path, "/") {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// records are the documents of the body. One whose fields were all filtered
// away comes as [] and is read as an object without members.
func (e *recorded) records() []json.RawMessage {
	var many []json.RawMessage
	if json.Unmarshal(e.Body, &many) != nil {
		return []json.RawMessage{e.Body}
	}
	for i := range many {
		if string(many[i]) == "[]" {
			many[i] = json.RawMessage("{}")
		}
	}
	return many
}

// shifted is the exchange as it would be in a shop whose IDs are higher by so
// many: in the path, in the parameters that name records, and all through the
// body.
func (e recorded) shifted(t *testing.T, by int64) recorded {
	t.Helper()
	s := newShift(by)
	e.by = by
	e.Path = s.inText(e.Path)
	e.Headers = maps.Clone(e.Headers)
	e.Headers["Link"] = s.inText(e.Headers["Link"])
	if at, created := e.Headers["Location"]; created {
		e.Headers["Location"] = s.inText(at)
	}
	e.Query = slices.Clone(e.Query)
	for i, pair := range e.Query {
		if strings.HasPrefix(pair[0], "include") && pair[0] != "include_meta" {
			e.Query[i][1] = s.inList(pair[1])
		}
	}
	for _, body := range []*json.RawMessage{&e.Body, &e.SentBody} {
		if len(*body) > 0 {
			*body = s.inDocument(t, *body)
		}
	}
	return e
}

type shift struct {
	by    int64
	links *regexp.Regexp // the parts of links that end in an ID
}

func newShift(by int64) shift {
	return shift{by, regexp.MustCompile(`/(orders|order-pay|refunds|products|variations|customers|coupons|taxes|webhooks|notes)/\d+|[?&]p=\d+`)}
}

func (s shift) add(id string) string {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 {
		return id // no ID, or that of nothing
	}
	return strconv.FormatInt(n+s.by, 10)
}

func (s shift) inList(text string) string {
	ids := strings.Split(text, ",")
	for i := range ids {
		ids[i] = s.add(ids[i])
	}
	return strings.Join(ids, ",")
}

// inText shifts the IDs of paths and links.
func (s shift) inText(text string) string {
	if !strings.Contains(text, "/") {
		return text
	}
	return s.links.ReplaceAllStringFunc(text, func(found string) string {
		slash := strings.LastIndexAny(found, "/=")
		return found[:slash+1] + s.add(found[slash+1:])
	})
}

// inDocument shifts the IDs of a document.
func (s shift) inDocument(t *testing.T, document json.RawMessage) json.RawMessage {
	t.Helper()
	shifted, err := json.Marshal(s.inValue("", decoded(t, document)))
	if err != nil {
		t.Fatal(err)
	}
	return shifted
}

// inValue shifts the IDs of a decoded body; name is that of the member the
// value stands under.
func (s shift) inValue(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		if v["key"] == "_refunded_item_id" {
			v["value"] = s.add(v["value"].(string))
			v["display_value"] = v["value"]
			v["id"] = s.inValue("id", v["id"])
			return v
		}
		for member := range v {
			if member != "categories" && member != "tags" { // which stay
				v[member] = s.inValue(member, v[member])
			}
		}
	case []any:
		for i := range v {
			v[i] = s.inValue(name, v[i])
		}
	case json.Number:
		if namesRecord(name) {
			return json.Number(s.add(v.String()))
		}
	case string:
		if name == "number" || name == "instance_id" {
			return s.add(v)
		}
		if coupon, rest, found := strings.Cut(v, `,"`); found && strings.HasPrefix(coupon, "[") { // what a coupon line tells
			return "[" + s.add(coupon[1:]) + `,"` + rest
		}
		return s.inText(v)
	}
	return value
}

// namesRecord says whether numbers under a name are IDs.
func namesRecord(name string) bool {
	switch name {
	case "id", "parent_id", "product_id", "variation_id", "customer_id", "rate_id", "delete", "resource_id", "new_draft_order_id",
		"variations", "grouped_products", "related_ids", "upsell_ids", "cross_sell_ids":
		return true
	}
	return false
}

// decoded reads JSON and keeps numbers as they are written: 17 is not 17.0.
func decoded(t *testing.T, body []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("body is not JSON: %v\n%.300s", err, body)
	}
	return value
}
