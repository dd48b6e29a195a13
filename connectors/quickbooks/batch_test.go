package quickbooks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// Items stand alone, whatever the order of the answers.
func TestBatch(t *testing.T) {
	for seed := range uint64(5) {
		receiptBubble(t, []qbotest.Option{qbotest.WithShuffledBatches(seed)}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
			kept, err := quickbooks.Create(t.Context(), client, "k1", s.sale(t, "S-1").SalesReceipt)
			if err != nil {
				t.Fatal(err)
			}
			gone, err := quickbooks.Create(t.Context(), client, "k2", s.sale(t, "S-2").SalesReceipt)
			if err != nil {
				t.Fatal(err)
			}
			changed := kept
			changed.PrivateNote = "changed"
			results, err := client.Batch(t.Context(), "b1", []quickbooks.BatchItem{
				quickbooks.BatchCreate(s.sale(t, "S-3").SalesReceipt),
				quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "Ann"}), // who is there already
				quickbooks.BatchUpdate(changed),
				quickbooks.BatchVoid(gone),
				quickbooks.BatchQuery[quickbooks.Customer](quickbooks.Selection{Where: []quickbooks.Condition{quickbooks.Equal("DisplayName", "Ann")}}),
				quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "A:B"}), // not sent
				quickbooks.BatchDelete(quickbooks.SalesReceipt{ID: "99999", SyncToken: "0"}),
			})
			if err != nil || len(results) != 7 {
				t.Fatalf("%v, %d results", err, len(results))
			}
			if made, err := quickbooks.BatchEntity[quickbooks.SalesReceipt](results[0]); err != nil || made.ID == "" || made.DocNumber != "S-3" {
				t.Errorf("%+v, %v", made, err)
			}
			wantFault(t, results[1].Err, woosync.Rejected, woosync.CategoryConflict)
			if failure, ok := errors.AsType[*quickbooks.Error](results[1].Err); !ok || failure.Code != "6240" {
				t.Errorf("%v", results[1].Err)
			}
			if now, err := quickbooks.BatchEntity[quickbooks.SalesReceipt](results[2]); err != nil || now.ID != kept.ID || now.PrivateNote != "changed" {
				t.Errorf("%+v, %v", now, err)
			}
			if void, err := quickbooks.BatchEntity[quickbooks.SalesReceipt](results[3]); err != nil || void.ID != gone.ID || !void.Voided() {
				t.Errorf("%+v, %v", void, err)
			}
			if rows, err := quickbooks.BatchRows[quickbooks.Customer](results[4]); err != nil || len(rows) != 1 || rows[0].ID != s.customer {
				t.Errorf("%+v, %v", rows, err)
			}
			wantFault(t, results[5].Err, woosync.Rejected, woosync.CategoryData)
			wantFault(t, results[6].Err, woosync.Rejected, woosync.CategoryGone)
			if n := books.Requests().Batch; n != 1 {
				t.Errorf("%d batches", n)
			}
			if last := w.sent[len(w.sent)-1].URL.Query().Get("requestid"); last != "b1" {
				t.Errorf("sent under %q", last)
			}
		})
	}
}

// What concerns a batch as a whole is its error.
func TestBatchAsAWhole(t *testing.T) {
	sale := quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "Bob"})
	query := quickbooks.BatchQuery[quickbooks.Customer](quickbooks.Selection{})
	for name, c := range map[string]struct {
		effect   *qbotest.Effect
		items    []quickbooks.BatchItem
		key      string
		definite woosync.Definite
		sent     int
	}{
		"nothing":        {definite: woosync.Rejected, key: "b"},
		"too many":       {items: make([]quickbooks.BatchItem, 31), definite: woosync.Rejected, key: "b"},
		"an empty item":  {items: make([]quickbooks.BatchItem, 1), definite: woosync.Rejected, key: "b"},
		"no key":         {items: []quickbooks.BatchItem{sale}, definite: woosync.Rejected},
		"a long key":     {items: []quickbooks.BatchItem{sale}, key: strings.Repeat("k", 37), definite: woosync.Rejected},
		"lost writes":    {effect: new(qbotest.CommitThenDrop()), items: []quickbooks.BatchItem{sale}, key: "b", definite: woosync.Unknown, sent: 1},
		"504 and writes": {effect: new(qbotest.CommitThen(504)), items: []quickbooks.BatchItem{sale, query}, key: "b", definite: woosync.Unknown, sent: 1},
		"refused":        {effect: new(qbotest.Refuse("2010", "m", "d")), items: []quickbooks.BatchItem{sale}, key: "b", definite: woosync.Rejected, sent: 1},
		"lost queries":   {effect: new(qbotest.Drop()), items: []quickbooks.BatchItem{query}, definite: woosync.Unknown, sent: 5},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				if c.effect != nil {
					books.Inject(qbotest.Fault{Times: -1, Effect: *c.effect})
				}
				results, err := client.Batch(t.Context(), c.key, c.items)
				if results != nil || faultOf(t, err).Definite != c.definite || len(w.sent) != c.sent {
					t.Errorf("%v results, %d requests: %v", results, len(w.sent), err)
				}
			})
		})
	}
}

// An item that is left out has an unknown outcome; answers to no item, and second ones, count for nothing.
func TestBatchAnswers(t *testing.T) {
	bubble(t, nil, func(t *testing.T, _ *qbotest.Server, _ *quickbooks.Client, _ *wire) {
		said := `{"BatchItemResponse":[{"bId":"7","Customer":{"Id":"70"}},{"bId":3,"Customer":{"Id":"30","SyncToken":"0"}},{"bId":"x"},
			{"bId":"1","Fault":{"type":"SystemFault","Error":[{"code":"6240","Message":"m"}]}},{"bId":"3","Customer":{"Id":"31"}}]}`
		client := clientOf(t, answering{status: 200, body: said})
		item := quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "Bob"})
		results, err := client.Batch(t.Context(), "b", []quickbooks.BatchItem{item, item, item})
		if err != nil {
			t.Fatal(err)
		}
		wantFault(t, results[0].Err, woosync.Unknown, woosync.CategoryServer)
		wantFault(t, results[1].Err, woosync.Unknown, woosync.CategoryServer)
		if made, err := quickbooks.BatchEntity[quickbooks.Customer](results[2]); err != nil || made.ID != "30" {
			t.Errorf("%+v, %v", made, err)
		}
	})
}

// Targets go on with what a batch answers as with what single writes are answered.
func TestBatchTargets(t *testing.T) {
	receiptBubble(t, []qbotest.Option{qbotest.WithShuffledBatches(3)}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.WithBatches(10).SalesReceiptTarget()
		stale := creation("1", s.sale(t, "S-1"))
		first := mustApply(t, target, stale)
		if err := books.Touch("SalesReceipt", first.ID); err != nil {
			t.Fatal(err)
		}
		w.sent = nil
		newer := s.sale(t, "S-1")
		newer.SalesReceipt.PrivateNote = "newer"
		wrong, unfit := s.sale(t, "S-4"), s.sale(t, "S-5")
		wrong.SalesReceipt.CustomerRef = quickbooks.To("99999")
		unfit.SalesReceipt.DocNumber = strings.Repeat("5", 22)
		applied := target.ApplyBatch(t.Context(), []woosync.Change[quickbooks.SalesReceiptDraft]{
			creation("2", s.sale(t, "S-2")), updating("1", first.ID, first.Version, newer), creation("4", wrong), creation("5", unfit),
			creation("3", s.sale(t, "S-3")),
		})
		if applied[0].Err != nil || applied[0].ID == "" || applied[4].Err != nil || applied[4].ID == applied[0].ID {
			t.Errorf("created: %+v, %+v", applied[0], applied[4])
		}
		if applied[1].Err != nil || !applied[1].Stale || applied[1].ID != first.ID || applied[1].Version != "1" {
			t.Errorf("of another version: %+v", applied[1])
		}
		wantFault(t, applied[2].Err, woosync.Rejected, woosync.CategoryMapping)
		wantFault(t, applied[3].Err, woosync.Rejected, woosync.CategoryData)
		if c := books.Requests(); c.Batch != 1 || len(w.sent) != 2 { // and one look at the receipt of another version
			t.Errorf("%d requests, %+v", len(w.sent), c)
		}
		if id := w.sent[0].URL.Query().Get("requestid"); len(id) == 0 || len(id) > 36 {
			t.Errorf("sent under %q", id)
		}
	})
}

// Buyers who want the same name in one batch get each a name of their own.
func TestBatchOfNamesakes(t *testing.T) {
	bubble(t, []qbotest.Option{qbotest.WithShuffledBatches(1)}, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.WithBatches(30).CustomerTarget(quickbooks.TargetOptions{})
		var changes []woosync.Change[quickbooks.CustomerDraft]
		for i := range 8 {
			changes = append(changes, creation(fmt.Sprint(i), buyer("Ann", fmt.Sprint(i))))
		}
		ids := make(map[string]bool)
		for i, one := range target.ApplyBatch(t.Context(), changes) {
			if one.Err != nil || one.Stale || ids[one.ID] {
				t.Errorf("%d: %+v", i, one)
			}
			ids[one.ID] = true
		}
		if n := len(documents[quickbooks.Customer](t, books, "Customer")); n != 8 {
			t.Errorf("%d customers", n)
		}
	})
}

// A batch that is refused as a whole costs the innocent nothing.
func TestBatchCulprit(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		refuse := func(c qbotest.Call) bool {
			return qbotest.Writes(c) && strings.Contains(string(c.Body), `"S-6"`)
		}
		books.Inject(qbotest.Fault{Match: refuse, Times: -1, Effect: qbotest.Refuse("2010", "m", "Property Name:x specified is unsupported or invalid")})
		var changes []woosync.Change[quickbooks.SalesReceiptDraft]
		for i := range 8 {
			changes = append(changes, creation(fmt.Sprint(i), s.sale(t, fmt.Sprintf("S-%d", i))))
		}
		for i, one := range client.WithBatches(8).SalesReceiptTarget().ApplyBatch(t.Context(), changes) {
			if i == 6 {
				wantFault(t, one.Err, woosync.Rejected, woosync.CategoryMapping)
			} else if one.Err != nil {
				t.Errorf("%d: %v", i, one.Err)
			}
		}
		if n := live(t, books); n != 7 || len(w.sent) != 7 {
			t.Errorf("%d receipts, %d requests", n, len(w.sent))
		}
	})
}

// A throttled batch is sent again unchanged; one whose token is refused too.
func TestBatchSentAgain(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"throttled": qbotest.Throttle(qbotest.ThrottleXML, 0),
		"one name":  qbotest.Refuse("6000", "A business validation error", "You can only add or edit one name at a time."),
	} {
		t.Run(name, func(t *testing.T) {
			receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				books.Inject(qbotest.Fault{Effect: effect})
				var bodies []string
				w.RoundTripper = noting{w.RoundTripper, &bodies}
				changes := []woosync.Change[quickbooks.SalesReceiptDraft]{creation("1", s.sale(t, "S-1")), creation("2", s.sale(t, "S-2"))}
				for i, one := range client.WithBatches(8).SalesReceiptTarget().ApplyBatch(t.Context(), changes) {
					if one.Err != nil {
						t.Errorf("%d: %v", i, one.Err)
					}
				}
				if ids := w.ids(); len(ids) != 2 || ids[0] != ids[1] || bodies[0] != bodies[1] {
					t.Errorf("sent under %v", ids)
				}
				<-time.After(time.Minute)
				if n := live(t, books); n != 2 {
					t.Errorf("%d receipts", n)
				}
			})
		})
	}
}

// noting keeps the bodies of requests.
type noting struct {
	http.RoundTripper
	bodies *[]string
}

func (n noting) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !json.Valid(body) {
		return nil, errors.Join(err, errors.New("no JSON"))
	}
	*n.bodies = append(*n.bodies, string(body))
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return n.RoundTripper.RoundTrip(r)
}
