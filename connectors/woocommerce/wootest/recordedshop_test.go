package wootest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// usualTotal is how many records a shop gets where the recorded total says
// nothing: in errors, single records, and lists that came back empty, which tell
// the total of the recorded shop by its other answers.
func usualTotal(e *recorded) int {
	if e.table() == "orders" && e.Status == http.StatusOK && len(e.pathIDs()) == 0 {
		return 2554
	}
	return 40 // enough to be in the way
}

// placing puts the records of an exchange where they were in the recorded list
// and generated ones everywhere else.
type placing struct {
	e       *recorded
	records []json.RawMessage
	start   int // position of the first record
	total   int
	byID    bool
	up      bool
	zone    *time.Location
	firstID int64 // of the records, 0 when unknown
	lastID  int64
	latest  time.Time // local time of the first record, or of the page when unknown
	oldest  time.Time // and of the last
}

// shopOf builds a shop in which the exchange can be played again. records are
// those of the exchange or, where it shows only parts of them, the same ones
// from another exchange.
func shopOf(t *testing.T, e *recorded, records []json.RawMessage) wootest.Shop {
	t.Helper()
	shop := wootest.Shop{Home: e.home()}
	into := map[string]*[]json.RawMessage{
		"orders": &shop.Orders, "refunds": &shop.Refunds, "products": &shop.Products, "customers": &shop.Customers,
		"variations": &shop.Variations, "coupons": &shop.Coupons, "taxes": &shop.Taxes,
	}
	documents := into[e.table()]
	switch {
	case strings.Contains(e.Path, "/reports/"):
		countedShop(t, e, &shop)
		return shop
	case e.fixed() && e.Method == http.MethodGet && e.by != 0: // else those of the example
		shop.Site = map[string][]json.RawMessage{strings.TrimPrefix(e.Path, "/wp-json/wc/v3"): e.records()}
		return shop
	case e.table() == "settings":
		shop.Settings = records
		return shop
	case documents == nil:
		return shop
	}
	p := newPlacing(t, e, records)
	for position := range p.total {
		*documents = append(*documents, p.document(t, position))
	}
	if e.table() == "orders" {
		shop.Orders = append(shop.Orders, p.outsiders(t)...)
	}
	if _, searched := e.param("search"); searched && e.table() == "products" { // one that has not what is searched
		shop.Products = append(shop.Products, p.generated(t, 9_000_000, 0, p.latest.Add(time.Hour), json.RawMessage(`{"name":"b a 50 of"}`)))
	}
	return shop
}

// countedShop fills a shop so that a report counts what was recorded, with some
// more that no report counts.
func countedShop(t *testing.T, e *recorded, shop *wootest.Shop) {
	t.Helper()
	var rows []struct {
		Slug  string
		Total int
	}
	must(t, json.Unmarshal(e.Body, &rows))
	rows = append(rows, struct {
		Slug  string
		Total int
	}{"trash", 3})
	id := 0
	for _, row := range rows {
		for range row.Total {
			id++
			status, kind := row.Slug, "simple"
			if strings.Contains(e.Path, "products") && row.Slug != "trash" {
				status, kind = "publish", row.Slug
			}
			document := fmt.Appendf(nil, `{"id":%d,"status":%q,"type":%q}`, id, status, kind)
			if strings.Contains(e.Path, "products") {
				shop.Products = append(shop.Products, document)
			} else {
				shop.Orders = append(shop.Orders, document)
			}
		}
	}
	shop.Products = append(shop.Products, json.RawMessage(`{"id":999999,"status":"draft","type":"simple"}`))
}

func newPlacing(t *testing.T, e *recorded, records []json.RawMessage) *placing {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	orderBy, _ := e.param("orderby")
	direction, _ := e.param("order")
	p := &placing{
		e: e, records: records, zone: zone, byID: orderBy == "id", up: direction == "asc",
		start: e.number("offset", (e.number("page", 1)-1)*e.number("per_page", 10)),
		total: usualTotal(e),
	}
	if total, _ := strconv.Atoi(e.Headers["X-WP-Total"]); total > 0 {
		p.total = total
	}
	if len(records) == 0 {
		p.start = p.total
	}
	return p.anchored(t)
}

// anchored reads what the generated records must lie before and behind.
func (p *placing) anchored(t *testing.T) *placing {
	t.Helper()
	page := time.Date(2026, 10, 1, 12, 0, 0, 0, p.zone)
	p.latest, p.oldest = page, page.Add(-time.Duration(len(p.records))*time.Second)
	if len(p.records) == 0 {
		return p
	}
	p.firstID, p.lastID = idOf(p.records[0]), idOf(p.records[len(p.records)-1])
	if created, ok := p.created(t, p.records[0]); ok {
		p.latest = created
	}
	if created, ok := p.created(t, p.records[len(p.records)-1]); ok {
		p.oldest = created
	}
	return p
}

func (p *placing) created(t *testing.T, record json.RawMessage) (time.Time, bool) {
	t.Helper()
	var d struct {
		Created string `json:"date_created"`
	}
	if err := json.Unmarshal(record, &d); err != nil {
		t.Fatal(err)
	}
	created, err := time.ParseInLocation("2006-01-02T15:04:05", d.Created, p.zone)
	return created, err == nil
}

func idOf(record json.RawMessage) int64 {
	var d struct {
		ID int64 `json:"id"`
	}
	_ = json.Unmarshal(record, &d) // settings have texts for IDs, and no place in a list
	return d.ID
}

// document is the record at a position of the list, recorded or generated.
func (p *placing) document(t *testing.T, position int) json.RawMessage {
	t.Helper()
	at := position - p.start
	if len(p.records) == 0 || at < 0 || at >= len(p.records) {
		return p.generated(t, p.id(position), position, p.time(position), nil)
	}
	record := p.records[at]
	id := idOf(record)
	if id == 0 {
		id = p.id(position)
	}
	created, known := p.created(t, record)
	if !known {
		created = p.time(position)
	}
	return p.generated(t, id, position, created, record)
}

// id is that of a generated record.
func (p *placing) id(position int) int64 {
	at := int64(position - p.start)
	switch {
	case !p.byID || p.firstID == 0:
		return 1_000_000 + int64(position)
	case at < 0 && p.up:
		return p.firstID + at
	case p.up:
		return p.lastID + at - int64(len(p.records)) + 1
	case at < 0:
		return p.firstID - at
	}
	return p.lastID - at + int64(len(p.records)) - 1
}

// time is when a generated record was created: lists show the newest first,
// unless they were asked otherwise.
func (p *placing) time(position int) time.Time {
	at := position - p.start
	if at < 0 {
		return p.latest.Add(-time.Duration(at) * time.Second)
	}
	if at < len(p.records) {
		return p.latest.Add(-time.Duration(at) * time.Second)
	}
	return p.oldest.Add(-time.Duration(at-len(p.records)+1) * time.Second)
}

// generated is a document with what lists go by, laid under a recorded one. A
// recorded document that is whole stays as it is, byte for byte.
func (p *placing) generated(t *testing.T, id int64, position int, created time.Time, record json.RawMessage) json.RawMessage {
	t.Helper()
	local, utc := created.Format("2006-01-02T15:04:05"), created.UTC().Format("2006-01-02T15:04:05")
	search, _ := p.e.param("search")
	name := strings.Replace(search, "%20", "", 1)
	if p.e.Headers["X-WP-Total"] == "0" {
		name = "other" // the shop found nothing
	}
	base := fmt.Sprintf(`{"id":%d,"name":%q,"number":"%d","parent_id":%d,"status":%q,"role":"customer","username":"u%07d",`+
		`"date_created":%q,"date_created_gmt":%q,"date_modified":%q,"date_modified_gmt":%q,"total":"1.00","order":%d,"meta_data":[]}`,
		id, name, id, p.parent(), p.status(position), position, local, utc, local, utc, position)
	if record == nil {
		return json.RawMessage(base)
	}
	var document, given map[string]json.RawMessage
	must(t, json.Unmarshal([]byte(base), &document))
	must(t, json.Unmarshal(record, &given))
	if whole := len(given["_links"]) > 0 && len(given["id"]) > 0 && len(given) > 8; whole {
		if p.parent() == 0 || len(given["parent_id"]) > 0 {
			return record
		}
		document = map[string]json.RawMessage{"parent_id": document["parent_id"]} // hidden under /orders/<id>/refunds
	}
	maps.Copy(document, given)
	merged, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return merged
}

// parent is what refunds and variations belong to.
func (p *placing) parent() int64 {
	ids := p.e.pathIDs()
	switch {
	case len(ids) == 0 || p.e.table() != "refunds" && p.e.table() != "variations":
		return 0
	case p.e.Headers["X-WP-Total"] == "0":
		return ids[0] + 1 // all there are belong to another
	}
	return ids[0]
}

// status is one of those asked for.
func (p *placing) status(position int) string {
	if p.e.table() != "orders" {
		return "publish"
	}
	asked, _ := p.e.param("status")
	if p.e.Status != 200 || asked == "" {
		asked = "completed,pending,processing,failed,on-hold,cancelled,refunded"
	}
	choice := strings.Split(asked, ",")
	return choice[position%len(choice)]
}

// outsiders are orders no list but one that asks for them may have: one in the
// trash, one in a checkout, and where a status was asked for one of another.
// They lie above all others by date and ID, where they would do most harm.
func (p *placing) outsiders(t *testing.T) []json.RawMessage {
	t.Helper()
	statuses := []string{"trash", "checkout-draft"}
	if _, asked := p.e.param("status"); asked {
		statuses = append(statuses, "pending")
	}
	var documents []json.RawMessage
	for i, status := range statuses {
		record := fmt.Appendf(nil, `{"status":%q}`, status)
		documents = append(documents, p.generated(t, 9_000_000+int64(i), 0, p.latest.Add(time.Hour), record))
	}
	return documents
}
