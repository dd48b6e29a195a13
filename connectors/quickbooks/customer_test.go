package quickbooks_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

func TestCustomerCreate(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		draft := buyer("Ann Lee", "7")
		draft.Customer.Notes = "Likes tea."
		change := creation("7", draft)
		answer := mustApply(t, target, change)
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "0"}, answer); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{change.Key}, w.ids()); diff != "" {
			t.Errorf("requestid on the wire: %s", diff)
		}
		held := documents[quickbooks.Customer](t, books, "Customer")[0]
		want := "Likes tea.\nwoosync " + change.Mark() + " " + change.Hash[:8]
		if held.DisplayName != "Ann Lee" || held.Notes != want {
			t.Errorf("the books hold %q with notes %q, want %q", held.DisplayName, held.Notes, want)
		}
		if r := w.sent[0]; r.URL.Query().Get("minorversion") != "75" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("sent %s with %v", r.URL, r.Header)
		}
		if counts := books.Requests(); counts.Total != 1 {
			t.Errorf("%d requests for one create, want 1", counts.Total)
		}
	})
}

// An answer that was lost, a failure after the write, a refused token: one customer, one key.
func TestCustomerOnceWhateverIsLost(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"answer lost": qbotest.CommitThenDrop(),
		"503 after":   qbotest.CommitThen(http.StatusServiceUnavailable),
		"504 after":   qbotest.CommitThen(http.StatusGatewayTimeout),
		"dropped":     qbotest.Drop(),
		"HTML":        qbotest.HTML(),
		"throttled":   qbotest.Throttle(qbotest.ThrottleXML, 0),
		"one name":    qbotest.Refuse("6000", "A business validation error", "You can only add or edit one name at a time."),
		"10000":       qbotest.Refuse("10000", "An application error has occurred", "System Failure Error"),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				books.Inject(qbotest.Fault{Match: qbotest.Writes, Effect: effect})
				change := creation("7", buyer("Ann Lee", "7"))
				answer := delivered(t, client.CustomerTarget(quickbooks.TargetOptions{}), change)
				if answer.Stale {
					t.Error("stale, but the content is what was sent")
				}
				if held := documents[quickbooks.Customer](t, books, "Customer"); len(held) != 1 {
					t.Errorf("%d customers, want 1", len(held))
				}
				if ids := w.ids(); len(ids) > 2 || ids[0] != change.Key || ids[len(ids)-1] != change.Key {
					t.Errorf("sent under %v", ids)
				}
			})
		})
	}
}

// With requestids forgotten and the answer lost, the name tells who has it.
func TestCustomerAdoptsWhatHasItsName(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		change := creation("7", buyer("Ann Lee", "7"))
		first := mustApply(t, target, change)
		books.ForgetRequestIDs()
		again := client.CustomerTarget(quickbooks.TargetOptions{})
		if diff := cmp.Diff(first, mustApply(t, again, change)); diff != "" {
			t.Error(diff)
		}
		newer := buyer("Ann Lee", "7")
		newer.Customer.GivenName = "Ann"
		changed := creation("7", newer)
		if answer := mustApply(t, again, changed); !answer.Stale || answer.ID != first.ID {
			t.Errorf("adopted as %+v, want %s and stale", answer, first.ID)
		}
		if held := documents[quickbooks.Customer](t, books, "Customer"); len(held) != 1 {
			t.Errorf("%d customers, want 1", len(held))
		}
	})
}

// A replayed answer to an older content is stale.
func TestCustomerReplayOfOlderContent(t *testing.T) {
	bubble(t, nil, func(t *testing.T, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		old := creation("7", buyer("Ann Lee", "7"))
		first := mustApply(t, target, old)
		newer := buyer("Ann Lee", "7")
		newer.Customer.GivenName = "Ann"
		change := creation("7", newer)
		change.Retry = true
		if answer := mustApply(t, target, change); !answer.Stale || answer.ID != first.ID {
			t.Errorf("replayed as %+v, want %s and stale", answer, first.ID)
		}
	})
}

// A write that is executed long after its connection broke, and a query that does not show it yet.
func TestCustomerLate(t *testing.T) {
	options := []qbotest.Option{qbotest.WithQueryLag(time.Hour)}
	bubble(t, options, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		books.Inject(qbotest.Fault{Match: qbotest.Writes, Effect: qbotest.ExecuteLate(time.Millisecond)})
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		change := creation("7", buyer("Ann Lee", "7"))
		_, err := target.Apply(t.Context(), change)
		wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
		<-time.After(time.Minute)
		if found := mustFind(t, target, change); len(found) != 0 {
			t.Fatalf("the query lags, yet found %v", found)
		}
		change.Retry = true
		mustApply(t, target, change)
		if held := documents[quickbooks.Customer](t, books, "Customer"); len(held) != 1 {
			t.Errorf("%d customers, want 1: %v", len(held), names(held))
		}
	})
}

func TestCustomerNamesWithQuotes(t *testing.T) {
	for i, name := range []string{`Back\slash`, `b\`, "Ann 'Quote' \\", "Sinéad O'Brien", `Back\slash`, `\'`, `' or '1'='1`, "50% & + = #1", "Ann 'Quote' \\", "日本 太郎 🙂"} {
		dialect := qbotest.WithDialect(qbotest.Dialect{PlainBackslash: i < 3})
		bubble(t, []qbotest.Option{dialect}, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
			target := client.CustomerTarget(quickbooks.TargetOptions{})
			change := creation("7", buyer(name, "7"))
			answer := mustApply(t, target, change)
			if _, err := books.Add("Customer", `{"DisplayName":"Somebody else"}`); err != nil {
				t.Fatal(err)
			}
			found := mustFind(t, client.CustomerTarget(quickbooks.TargetOptions{}), change)
			if diff := cmp.Diff(map[string]woosync.Answer{change.Key: answer}, found); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		})
	}
}

// In whichever way QuickBooks reads a backslash, a name or number that has one is found again and does not keep the others from being found.
func TestBackslashes(t *testing.T) {
	for _, plain := range []bool{false, true} {
		options := []qbotest.Option{qbotest.WithDialect(qbotest.Dialect{PlainBackslash: plain})}
		receiptBubble(t, options, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
			buyers, sales := map[string]quickbooks.CustomerDraft{}, map[string]quickbooks.SalesReceiptDraft{}
			for i, name := range []string{"Cy", `Bob\`, `Bobby\`, `Don\`, `a\b`, `a-b`} {
				buyers[fmt.Sprint("buyer ", i)], sales[fmt.Sprint("sale ", i)] = buyer(name, fmt.Sprint(i)), s.sale(t, name)
			}
			for run := range 2 { // the second one has lost the ledger and the memory of the target
				again, _ := connect(t, books)
				one := carry(t, memory.New(), client.RealmID(), again.CustomerTarget(quickbooks.TargetOptions{}), buyers)
				two := carry(t, memory.New(), client.RealmID(), again.SalesReceiptTarget(), sales)
				if made := 6 * (1 - run); one.Created != made || two.Created != made || one.Failed+two.Failed > 0 {
					t.Errorf("plain %t, run %d: %+v, %+v", plain, run, one, two)
				}
			}
			if n, m := len(books.Documents("Customer")), live(t, books); n != 7 || m != 6 {
				t.Errorf("plain %t: %d customers, %d receipts", plain, n, m)
			}
		})
	}
}

// Several hundred buyers share eleven names, as in a real shop. Each has a customer of its own, at one write each.
func TestCustomersOfEqualNames(t *testing.T) {
	buyers := 550
	if racing {
		buyers = 110
	}
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		drafts := make(map[string]quickbooks.CustomerDraft)
		for i := range buyers {
			number := fmt.Sprintf("%03d", i)
			drafts[number] = buyer(fmt.Sprintf("Buyer %d", i%11), number)
		}
		store := memory.New()
		counts := carry(t, store, client.RealmID(), client.CustomerTarget(quickbooks.TargetOptions{}), drafts)
		if counts.Created != buyers {
			t.Fatalf("created %d of %d: %+v", counts.Created, buyers, counts)
		}
		requests := books.Requests()
		if requests.Create > buyers+11 {
			t.Errorf("%d creates for %d customers, want at most 11 more", requests.Create, buyers)
		}
		if requests.CorePlus > 30 {
			t.Errorf("%d metered reads, want at most 30", requests.CorePlus)
		}
		// The store is lost: everybody is found again, nobody is made twice.
		before := books.Requests()
		counts = carry(t, memory.New(), client.RealmID(), client.CustomerTarget(quickbooks.TargetOptions{}), drafts)
		if counts.Adopted != buyers {
			t.Errorf("adopted %d of %d: %+v", counts.Adopted, buyers, counts)
		}
		after := books.Requests()
		if after.Create != before.Create || after.Update != before.Update {
			t.Errorf("%d creates and %d updates more, want none", after.Create-before.Create, after.Update-before.Update)
		}
		// All of them change, and keep their names.
		was := names(documents[quickbooks.Customer](t, books, "Customer"))
		for number, draft := range drafts {
			draft.Customer.GivenName = "B."
			drafts[number] = draft
		}
		counts = carry(t, store, client.RealmID(), client.CustomerTarget(quickbooks.TargetOptions{}), drafts)
		if counts.Updated != buyers {
			t.Errorf("updated %d of %d: %+v", counts.Updated, buyers, counts)
		}
		if diff := cmp.Diff(was, names(documents[quickbooks.Customer](t, books, "Customer"))); diff != "" {
			t.Error(diff)
		}
		// As many as are under way at once may find one of the 11 names taken.
		if updates := books.Requests().Update - after.Update; updates > buyers+5*11 {
			t.Errorf("%d updates for %d customers", updates, buyers)
		}
	})
}

func TestCustomerNamesakes(t *testing.T) {
	for _, wording := range []qbotest.DuplicateDetail{
		qbotest.DuplicateDocumented, qbotest.DuplicateNull, qbotest.DuplicateWithID, qbotest.DuplicateDollars,
	} {
		for _, entity := range []string{"Customer", "Vendor", "Employee"} {
			for _, on := range []quickbooks.OnNamesake{quickbooks.TakeNextName, quickbooks.LinkForeign} {
				t.Run(fmt.Sprint(entity, wording, on), func(t *testing.T) {
					options := []qbotest.Option{qbotest.WithDuplicateDetail(wording)}
					bubble(t, options, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
						id, err := books.Add(entity, `{"DisplayName":"ANN LEE"}`)
						if err != nil {
							t.Fatal(err)
						}
						target := client.CustomerTarget(quickbooks.TargetOptions{OnNamesake: on})
						change := creation("7", buyer("Ann Lee", "7"))
						linked := entity == "Customer" && on == quickbooks.LinkForeign
						found := mustFind(t, target, change)
						if linked {
							want := map[string]woosync.Answer{change.Key: {ID: id, Version: "0", Foreign: true}}
							if diff := cmp.Diff(want, found); diff != "" {
								t.Error(diff)
							}
						} else if len(found) != 0 {
							t.Errorf("found %v, want nothing", found)
						}
						answer := mustApply(t, target, change)
						if answer.Foreign != linked {
							t.Errorf("answer %+v", answer)
						}
						if linked {
							return
						}
						last := w.ids()[len(w.ids())-1]
						if last != change.Key+"-n1" {
							t.Errorf("the second name went out under %q", last)
						}
						held := names(documents[quickbooks.Customer](t, books, "Customer"))
						if !strings.Contains(strings.Join(held, "|"), "Ann Lee (#7)") {
							t.Errorf("customers are %v", held)
						}
					})
				})
			}
		}
	}
}

// Names that are all taken are a conflict for a person, and nothing is written.
func TestCustomerNoNameLeft(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		draft := buyer("Ann Lee", "7")
		for _, name := range draft.Names {
			if _, err := books.Add("Vendor", fmt.Sprintf(`{"DisplayName":%q}`, name)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
	})
}

func TestCustomerUpdate(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		draft := buyer("Ann Lee", "7")
		draft.Customer.PrimaryPhone = &quickbooks.Phone{FreeFormNumber: "+1 555 0100"}
		answer := mustApply(t, target, creation("7", draft))
		if err := books.Edit("Customer", answer.ID, `{"FamilyName":"Lee","Active":false}`); err != nil {
			t.Fatal(err)
		}
		draft.Customer.GivenName = "Ann"
		change := updating("7", answer.ID, answer.Version, draft)
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "1", Stale: true}, mustApply(t, target, change)); diff != "" {
			t.Error(diff)
		}
		again := updating("7", answer.ID, "1", draft)
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "2"}, mustApply(t, target, again)); diff != "" {
			t.Error(diff)
		}
		held := documents[quickbooks.Customer](t, books, "Customer")[0]
		if held.GivenName != "Ann" || held.FamilyName != "Lee" || held.PrimaryPhone == nil || !*held.Active || held.DisplayName != "Ann Lee" {
			t.Errorf("the books hold %+v", held)
		}
		if diff := cmp.Diff([]string{change.Key, again.Key}, w.ids()[1:]); diff != "" {
			t.Error(diff)
		}
	})
}

// An update that arrived, whose answer was lost and whose requestid was forgotten, is recognised by its mark.
func TestCustomerUpdateArrivedBefore(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		draft := buyer("Ann Lee", "7")
		answer := mustApply(t, target, creation("7", draft))
		draft.Customer.GivenName = "Ann"
		change := updating("7", answer.ID, answer.Version, draft)
		mustApply(t, target, change)
		books.ForgetRequestIDs()
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "1"}, mustApply(t, target, change)); diff != "" {
			t.Error(diff)
		}
		change.Retry = true
		want := map[string]woosync.Answer{change.Key: {ID: answer.ID, Version: "1"}}
		if diff := cmp.Diff(want, mustFind(t, target, change)); diff != "" {
			t.Error(diff)
		}
	})
}

// What somebody else saved meanwhile is not written over unasked.
func TestCustomerUpdateAlwaysStale(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		draft := buyer("Ann Lee", "7")
		answer := mustApply(t, target, creation("7", draft))
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Update, "Customer"), Times: -1, Effect: qbotest.BumpSyncToken()})
		draft.Customer.GivenName = "Ann"
		got := mustApply(t, target, updating("7", answer.ID, answer.Version, draft))
		if got.ID != answer.ID || got.Version == answer.Version || !got.Stale {
			t.Errorf("answer %+v", got)
		}
		if counts := books.Requests(); counts.Update != 1 || counts.Read != 1 {
			t.Errorf("%d updates and %d reads, want 1 and 1", counts.Update, counts.Read)
		}
	})
}

func TestCustomerRemove(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		answer := mustApply(t, target, creation("7", buyer("Ann Lee", "7")))
		change := removal[quickbooks.CustomerDraft]("7", answer.ID, answer.Version)
		mustApply(t, target, change)
		books.ForgetRequestIDs()
		mustApply(t, target, change)
		if held := documents[quickbooks.Customer](t, books, "Customer")[0]; *held.Active {
			t.Errorf("still active: %+v", held)
		}
		gone := removal[quickbooks.CustomerDraft]("8", "99999", "0")
		mustApply(t, target, gone)
	})
}

func TestCustomerUpdateGone(t *testing.T) {
	bubble(t, nil, func(t *testing.T, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
		_, err := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), updating("7", "99999", "0", buyer("Ann", "7")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
	})
}

// Everything that is wrong is said at once, and nothing is sent.
func TestCustomerCheck(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		draft := buyer("Ann", "7")
		draft.Names = append(draft.Names, "with:colon", "")
		draft.Customer.Title = strings.Repeat("ü", 17)
		draft.Customer.PrimaryEmailAddr.Address = "nowhere"
		draft.Customer.PrimaryPhone = &quickbooks.Phone{FreeFormNumber: strings.Repeat("1", 31)}
		draft.Customer.BillAddr = &quickbooks.Address{Line1: strings.Repeat("x", 501), PostalCode: strings.Repeat("1", 31)}
		_, err := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryData)
		for _, field := range []string{"DisplayName", "Names", "Title: 17", "PrimaryEmailAddr", "PrimaryPhone: 31", "BillAddr.Line1", "BillAddr.PostalCode"} {
			if !strings.Contains(err.Error(), field) {
				t.Errorf("the error does not mention %s: %v", field, err)
			}
		}
		if n := books.Requests().Total; n != 0 {
			t.Errorf("%d requests, want none", n)
		}
	})
}

// The text of people makes way for the mark, never the other way round.
func TestNotesKeepTheMark(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		draft := buyer("Ann Lee", "7")
		draft.Customer.Notes = "woosync " + digest("another")[:20] + " deadbeef\n" + strings.Repeat("é", 3000)
		change := creation("7", draft)
		answer := mustApply(t, target, change)
		held := documents[quickbooks.Customer](t, books, "Customer")[0]
		if n := len([]rune(held.Notes)); n != 2000 {
			t.Errorf("%d characters, want 2000", n)
		}
		if !strings.HasSuffix(held.Notes, "…\nwoosync "+change.Mark()+" "+change.Hash[:8]) {
			t.Errorf("notes end in %q", held.Notes[len(held.Notes)-80:])
		}
		if err := books.Edit("Customer", answer.ID, fmt.Sprintf(`{"Notes":%q}`, "Called.\nwoosync "+change.Mark()+" "+change.Hash[:8]+"\nPays late.")); err != nil {
			t.Fatal(err)
		}
		found := mustFind(t, target, change)
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "1"}, found[change.Key]); diff != "" {
			t.Error(diff)
		}
	})
}

// A batch of list writes counts as one of them: while it is under way the others wait, and it waits for them.
func TestBatchesOfListsTakeTheirTurn(t *testing.T) {
	options := []qbotest.Option{qbotest.WithLatency(time.Second), qbotest.WithClock(time.Now)}
	for name, batch := range map[string]func(t *testing.T, client *quickbooks.Client){
		"of a target": func(t *testing.T, client *quickbooks.Client) {
			var changes []woosync.Change[quickbooks.CustomerDraft]
			for i := range 5 {
				id := strconv.Itoa(i)
				changes = append(changes, creation(id, buyer("Buyer "+id, id)))
			}
			for _, applied := range client.WithBatches(5).CustomerTarget(quickbooks.TargetOptions{}).ApplyBatch(t.Context(), changes) {
				if applied.Err != nil {
					t.Error(applied.Err)
				}
			}
		},
		"of a host": func(t *testing.T, client *quickbooks.Client) {
			results, err := client.Batch(t.Context(), "b1", []quickbooks.BatchItem{
				quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "Ann"}), quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "Bob"}),
			})
			if err != nil || results[0].Err != nil || results[1].Err != nil {
				t.Errorf("%v: %+v", err, results)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, options, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				var mu sync.Mutex
				flying, most := 0, 0
				inner := w.RoundTripper
				w.RoundTripper = roundTrip(func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					flying++
					most = max(most, flying)
					mu.Unlock()
					defer func() { mu.Lock(); flying--; mu.Unlock() }()
					return inner.RoundTrip(r)
				})
				items := client.ItemTarget(quickbooks.TargetOptions{})
				start := time.Now()
				var writers sync.WaitGroup
				for n := range 4 {
					if n == 2 {
						writers.Go(func() { batch(t, client) })
						continue
					}
					id := strconv.Itoa(n)
					writers.Go(func() { _, _ = items.Apply(t.Context(), creation("hat "+id, product("Hat "+id, id, ""))) })
					synctest.Wait()
				}
				writers.Wait()
				if got := time.Since(start); got != 4*time.Second || most != 1 || books.Requests().Total != 4 {
					t.Errorf("3 writes and a batch took %s and %d requests, up to %d at once", got, books.Requests().Total, most)
				}
			})
		})
	}
}

// QuickBooks refuses a second change of its lists at the same time, so a client waits for its turn instead of being refused.
func TestListsAreWrittenOneAtATime(t *testing.T) {
	options := []qbotest.Option{qbotest.WithLatency(time.Second), qbotest.WithClock(time.Now)}
	bubble(t, options, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		customers := client.CustomerTarget(quickbooks.TargetOptions{})
		items := client.ItemTarget(quickbooks.TargetOptions{})
		start := time.Now()
		var writers sync.WaitGroup
		for n := range 3 {
			id := strconv.Itoa(n)
			writers.Go(func() { _, _ = customers.Apply(t.Context(), creation(id, buyer("Buyer "+id, id))) })
			writers.Go(func() { _, _ = items.Apply(t.Context(), creation(id, product("Hat "+id, id, ""))) })
		}
		writers.Wait()
		if got := time.Since(start); got != 6*time.Second {
			t.Errorf("6 writes of a second each took %s", got)
		}
		if got := books.Requests().Total; got != 6 {
			t.Errorf("%d requests for 6 writes", got)
		}
		busy, cancel := context.WithCancel(t.Context())
		writers.Go(func() { _, _ = customers.Apply(t.Context(), creation("8", buyer("Eight", "8"))) })
		synctest.Wait()
		cancel()
		_, err := items.Apply(busy, creation("9", product("Nine", "9", "")))
		wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
		writers.Wait()
	})
}
