package quickbooks_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

// shirts are products of one name without a SKU, which their prices tell apart.
func shirts(t *testing.T, n int) map[string]quickbooks.ItemDraft {
	t.Helper()
	all := make(map[string]quickbooks.ItemDraft)
	for i := range n {
		number := fmt.Sprint(i)
		draft := product("Shirt", number, "")
		draft.Item.UnitPrice = amountOf(t, fmt.Sprint(i+1))
		all[number] = draft
	}
	return all
}

// wantOwn checks that the books hold one item of each price.
func wantOwn(t *testing.T, books *qbotest.Server, n int) {
	t.Helper()
	var prices, want []string
	for _, item := range documents[quickbooks.Item](t, books, "Item") {
		prices = append(prices, item.UnitPrice.String())
	}
	for i := range n {
		want = append(want, fmt.Sprint(i+1))
	}
	slices.Sort(prices)
	slices.Sort(want)
	if diff := cmp.Diff(want, prices); diff != "" {
		t.Errorf("items by price: %s", diff)
	}
}

// Whoever of a batch is given the name, and in whatever order the answers come, each product has an item of its own.
func TestItemTwinsInABatch(t *testing.T) {
	for seed := range uint64(8) {
		bubble(t, []qbotest.Option{qbotest.WithShuffledBatches(seed)}, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
			target := client.WithBatches(10).ItemTarget(quickbooks.TargetOptions{})
			var changes []woosync.Change[quickbooks.ItemDraft]
			drafts := shirts(t, 4)
			for number, draft := range drafts {
				changes = append(changes, creation(number, draft))
			}
			items := make(map[string]bool)
			for i, applied := range target.ApplyBatch(t.Context(), changes) {
				if applied.Err != nil || applied.Stale || items[applied.ID] {
					t.Errorf("seed %d: product %s: %+v", seed, changes[i].SourceID, applied)
				}
				items[applied.ID] = true
			}
			wantOwn(t, books, 4)
		})
	}
}

// The same of customers.
func TestCustomerTwinsInABatch(t *testing.T) {
	for seed := range uint64(4) {
		bubble(t, []qbotest.Option{qbotest.WithShuffledBatches(seed)}, func(t *testing.T, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
			var changes []woosync.Change[quickbooks.CustomerDraft]
			for i := range 6 {
				changes = append(changes, creation(fmt.Sprint(i), buyer("Ann Lee", fmt.Sprint(i))))
			}
			customers := make(map[string]bool)
			for i, applied := range client.WithBatches(10).CustomerTarget(quickbooks.TargetOptions{}).ApplyBatch(t.Context(), changes) {
				if applied.Err != nil || applied.Stale || customers[applied.ID] {
					t.Errorf("seed %d: customer %d: %+v", seed, i, applied)
				}
				customers[applied.ID] = true
			}
		})
	}
}

// A first load that is cut off anywhere, and whose store is lost afterwards, makes one item of each product and finds it again.
func TestItemTwinsOfAnInterruptedLoad(t *testing.T) {
	for name, batch := range map[string]int{"single": 1, "batches": 10} {
		for effect, fault := range map[string]qbotest.Effect{
			"504 after": qbotest.CommitThen(504), "some, then 504": qbotest.CommitSomeThen(2, 504), "cut off": qbotest.CommitThenDrop(),
		} {
			t.Run(name+", "+effect, func(t *testing.T) {
				bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
					books.Inject(qbotest.Fault{
						Match:  func(c qbotest.Call) bool { return qbotest.Writes(c) || c.Kind == qbotest.Batch },
						Effect: fault,
					})
					drafts, store := shirts(t, 4), memory.New()
					for range 3 {
						_, _ = carried(t, store, client.RealmID(), client.WithBatches(batch).ItemTarget(quickbooks.TargetOptions{}), drafts)
						books.ForgetRequestIDs()
						<-time.After(15 * time.Minute)
					}
					wantOwn(t, books, 4)
					counts := carry(t, memory.New(), client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), drafts)
					if counts.Adopted != 4 {
						t.Errorf("adopted %d of 4: %+v", counts.Adopted, counts)
					}
					wantOwn(t, books, 4)
				})
			})
		}
	}
}

// Another process does not take up what the first one made for another product.
func TestItemOfAnotherProcess(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		drafts := shirts(t, 2)
		first := mustApply(t, client.ItemTarget(quickbooks.TargetOptions{}), creation("0", drafts["0"]))
		for _, on := range []quickbooks.OnNamesake{quickbooks.TakeNextName, quickbooks.LinkForeign} {
			other := client.ItemTarget(quickbooks.TargetOptions{OnNamesake: on})
			if found := mustFind(t, other, creation("1", drafts["1"])); len(found) != 0 {
				t.Errorf("found %v", found)
			}
		}
		second := mustApply(t, client.ItemTarget(quickbooks.TargetOptions{}), creation("1", drafts["1"]))
		if second.ID == first.ID {
			t.Errorf("two products share item %s", first.ID)
		}
		wantOwn(t, books, 2)
	})
}

// What a person made is taken up by one product and keeps what it said; nobody else takes it, in whatever process.
func TestItemIsMarkedWhenItIsTakenUp(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		id, err := books.Add("Item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"},"ExpenseAccountRef":{"value":"7"},
			"UnitPrice":1,"PurchaseDesc":"From Acme.\n\nTen a box."}`)
		if err != nil {
			t.Fatal(err)
		}
		drafts, store := shirts(t, 2), memory.New()
		one := map[string]quickbooks.ItemDraft{"0": drafts["0"]}
		carry(t, store, client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), one)
		carry(t, store, client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), drafts)
		wantOwn(t, books, 2)
		changed := drafts["0"]
		changed.Item.Description = "Blue"
		drafts["0"] = changed
		carry(t, store, client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), drafts) // which knows nothing of the text
		for _, item := range documents[quickbooks.Item](t, books, "Item") {
			if item.ID != id {
				continue
			}
			said := regexp.MustCompile(`^From Acme\.\n\nTen a box\.\nwoosync [0-9a-z]+ [0-9a-f]{8}$`)
			if item.Description != "Blue" || !said.MatchString(item.PurchaseDesc) {
				t.Errorf("the item says %q, bought as %q", item.Description, item.PurchaseDesc)
			}
		}
	})
}

// An item is stale in whatever a draft would send.
func TestItemIsStaleInAnyField(t *testing.T) {
	no := false
	for name, change := range map[string]func(*quickbooks.Item){
		"price":             func(i *quickbooks.Item) { i.UnitPrice = amountOf(t, "2") },
		"description":       func(i *quickbooks.Item) { i.Description = "Blue" },
		"SKU":               func(i *quickbooks.Item) { i.Sku = "S-1" },
		"tax code":          func(i *quickbooks.Item) { i.SalesTaxCodeRef = quickbooks.To("2") },
		"taxable":           func(i *quickbooks.Item) { i.Taxable = &no },
		"bought as":         func(i *quickbooks.Item) { i.PurchaseDesc = "A shirt" },
		"cost":              func(i *quickbooks.Item) { i.PurchaseCost = amountOf(t, "0.50") },
		"expense account":   func(i *quickbooks.Item) { i.ExpenseAccountRef = quickbooks.To("7") },
		"tax in the price":  func(i *quickbooks.Item) { i.SalesTaxIncluded = &no },
		"code of purchases": func(i *quickbooks.Item) { i.PurchaseTaxCodeRef = quickbooks.To("2") },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
				draft := product("Shirt", "1", "")
				draft.Item.UnitPrice, draft.Item.SalesTaxCodeRef = amountOf(t, "1.00"), quickbooks.To("1")
				first := mustApply(t, client.ItemTarget(quickbooks.TargetOptions{}), creation("1", draft))
				if first.Stale {
					t.Error("stale as soon as it was made")
				}
				same := creation("1", draft)
				if diff := cmp.Diff(first, mustFind(t, client.ItemTarget(quickbooks.TargetOptions{}), same)[same.Key]); diff != "" {
					t.Error(diff)
				}
				change(&draft.Item)
				now := creation("1", draft)
				found := mustFind(t, client.ItemTarget(quickbooks.TargetOptions{}), now)[now.Key]
				if found.ID != first.ID || !found.Stale {
					t.Fatalf("found as %+v, want %s and stale", found, first.ID)
				}
				mustApply(t, client.ItemTarget(quickbooks.TargetOptions{}), updating("1", found.ID, found.Version, draft))
				if found = mustFind(t, client.ItemTarget(quickbooks.TargetOptions{}), now)[now.Key]; found.Stale {
					t.Errorf("after the update still %+v", found)
				}
			})
		})
	}
}

// purchases are how QuickBooks may treat the PurchaseDesc of items that have no ExpenseAccountRef.
func purchases(w *wire, refuse bool) http.RoundTripper {
	words := regexp.MustCompile(`"PurchaseDesc":"(?:[^"\\]|\\.)*",?`)
	books := w.RoundTripper
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodPost {
			return books.RoundTrip(r)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if refuse && words.Match(body) {
			return answering{status: 400, body: `{"Fault":{"Error":[{"Message":"A business validation error has occurred while processing your request",
				"Detail":"Business Validation Error: an expense account is needed","code":"6000","element":""}],"type":"ValidationFault"},"time":"2026-01-01T00:00:00Z"}`}.RoundTrip(r)
		}
		if !refuse {
			body = words.ReplaceAll(body, nil)
			body = bytes.ReplaceAll(body, []byte(",}"), []byte("}"))
		}
		r = r.Clone(r.Context())
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return books.RoundTrip(r)
	})
}

// Whether QuickBooks keeps, drops or refuses the mark, a run gives each product an item of its own, and tries marks no longer than
// it takes to know.
func TestItemMarksThatDoNotStick(t *testing.T) {
	for name, refuse := range map[string]bool{"dropped": false, "refused": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, []qbotest.Option{qbotest.WithShuffledBatches(1)}, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				w.RoundTripper = purchases(w, refuse)
				size := 10
				if refuse {
					size = 1
				}
				drafts, store := shirts(t, 6), memory.New()
				target := client.WithBatches(size).ItemTarget(quickbooks.TargetOptions{})
				if counts := carry(t, store, client.RealmID(), target, drafts); counts.Created != 6 || counts.Failed != 0 {
					t.Errorf("%+v", counts)
				}
				wantOwn(t, books, 6)
				for _, item := range documents[quickbooks.Item](t, books, "Item") {
					if item.PurchaseDesc != "" {
						t.Errorf("%s is bought as %q", item.Name, item.PurchaseDesc)
					}
				}
				if counts := carry(t, memory.New(), client.RealmID(), target, drafts); counts.Adopted != 6 || counts.Failed != 0 {
					t.Errorf("%+v", counts)
				}
				if counts := carry(t, memory.New(), client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), drafts); counts.Failed+counts.Created != 0 {
					t.Errorf("by another process: %+v", counts)
				}
				wantOwn(t, books, 6)
				again := 0
				for _, id := range w.ids() {
					if strings.HasSuffix(id, "p") {
						again++
					}
				}
				if !refuse && again > 0 || refuse && again < 6 {
					t.Errorf("%d writes without a mark", again)
				}
			})
		})
	}
}
