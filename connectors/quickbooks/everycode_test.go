package quickbooks_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/internal/doctable"
	"github.com/woosync/woosync/store/memory"
)

// TestEveryCode has the fake refuse a read and a write of the engine with every code there is, in the status and form in which it
// comes, and looks at what a host is told, what goes over the wire, and what becomes of the record.
func TestEveryCode(t *testing.T) {
	all := wanted(t)
	for i, r := range refusals() {
		if racing && i%8 != 0 {
			continue
		}
		t.Run(strings.TrimSpace(r.Code+" "+r.Variant), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { refusedRead(t, r, all[r]) })
			synctest.Test(t, func(t *testing.T) { refusedWrite(t, r, all[r]) })
		})
	}
	rows := [][]string{{"Code", "Status", "QuickBooks says", "Category", "What the engine does", "Remedy"}}
	for _, r := range qbotest.Refusals() {
		failure := &quickbooks.Error{Status: statusOf(r), Code: r.Code, Message: r.Message, Detail: r.Detail}
		says := r.Message
		if r.Variant != "" {
			says += " (" + r.Variant + ")"
		}
		rows = append(rows, []string{r.Code, strconv.Itoa(statusOf(r)), says, string(failure.Category()), doneTo(r, all[r]), failure.Remedy()})
	}
	doctable.Check(t, "../../docs/quickbooks.md", "codes", rows)
}

// doneTo says what refusedWrite has seen.
func doneTo(r qbotest.Refusal, m meaning) string {
	switch {
	case r.Code == "3001":
		return "pauses three times, then stops the stream"
	case m.definite == woosync.Fatal && m.sends > 1:
		return "renews the token, then stops the stream"
	case m.definite == woosync.Fatal:
		return "stops the stream"
	case m.definite == woosync.Unknown:
		return "looks it up, repeats it under the same key, calls it uncertain"
	case m.definite == woosync.NotSent:
		return "repeats it, then fails the record; later the same key"
	case r.Code == "6240":
		return "takes the next name, then fails the record; later a new key"
	}
	return "fails the record; later a new key"
}

func statusOf(r qbotest.Refusal) int {
	if r.Status == 0 {
		return http.StatusBadRequest
	}
	return r.Status
}

func wireOf(t *testing.T, books *qbotest.Server) (*quickbooks.Client, *wire) {
	t.Helper()
	w := &wire{RoundTripper: books.RoundTripper()}
	return metering(t, books, nil, func(c *quickbooks.Config) { c.Transport = w }), w
}

func refusedRead(t *testing.T, r qbotest.Refusal, want meaning) {
	t.Helper()
	books := qbotest.New()
	client, w := wireOf(t, books)
	books.Inject(qbotest.Fault{Times: -1, Effect: qbotest.RefuseAs(qbotest.FormUsual, r)})
	_, err := client.Preferences(t.Context())
	wantFault(t, err, want.definite, want.category)
	if fault := faultOf(t, err); !strings.Contains(fault.Remedy, want.remedy) {
		t.Errorf("remedy %q, want something of %q", fault.Remedy, want.remedy)
	}
	if n := len(w.sent); n != want.sends {
		t.Errorf("%d requests, want %d", n, want.sends)
	}
	if r.Code == "3001" {
		return // there is nothing to be seen of its body
	}
	failure, ok := errors.AsType[*quickbooks.Error](err)
	if !ok || failure.Code != r.Code || failure.Status != statusOf(r) || failure.TID == "" {
		t.Fatalf("%+v", failure)
	}
	if failure.Category() != want.category || !strings.Contains(failure.Remedy(), want.remedy) || failure.Transient() != want.passes {
		t.Errorf("%s, %q, transient %t", failure.Category(), failure.Remedy(), failure.Transient())
	}
}

// refusedWrite carries one record while its write is refused, and once more when it is not: what failed is due again by then and
// is looked up before the pass, which finds it unchanged.
func refusedWrite(t *testing.T, r qbotest.Refusal, want meaning) {
	t.Helper()
	books := qbotest.New()
	client, w := wireOf(t, books)
	books.Inject(qbotest.Fault{Match: qbotest.Writes, Times: -1, Effect: qbotest.RefuseAs(qbotest.FormUsual, r)})
	store, drafts := memory.New(), map[string]quickbooks.CustomerDraft{"1": buyer("Ann", "1")}
	target := client.CustomerTarget(quickbooks.TargetOptions{})
	report, err := carried(t, store, client.RealmID(), target, drafts)

	counts, sends := woosync.Counts{}, want.sends
	switch want.definite {
	case woosync.Fatal:
		wantFault(t, err, want.definite, want.category)
	case woosync.Rejected, woosync.NotSent:
		counts.Failed = 1
	case woosync.Unknown:
		counts.Uncertain = 1
		sends = 2 // looked up, waited for, looked up and written again at the end of the run
	}
	if r.Code == "6240" {
		sends = 3 // under each name it may take
	}
	if want.definite != woosync.Fatal {
		if err != nil {
			t.Fatalf("the stream stopped: %v", err)
		}
		got := report.Streams[0].Counts
		if got.Failed != counts.Failed || got.Uncertain != counts.Uncertain || got.Settled() != 1 {
			t.Errorf("the first run ended with %+v", got)
		}
		category := want.category
		if r.Code == "610" {
			category = woosync.CategoryMapping // what is new cannot be gone: it refers to something that is
		}
		for _, f := range report.Streams[0].Failures {
			if f.Category != category || f.Remedy == "" {
				t.Errorf("the report says %+v, want %s", f, category)
			}
		}
		if len(report.Streams[0].Failures) == 0 {
			t.Error("the report lists no failure")
		}
	} else if n := report.Streams[0].Counts.Failed; n != 0 {
		t.Errorf("%d records failed", n)
	}
	first := w.ids()
	if len(first) != sends {
		t.Errorf("%d writes were sent, want %d", len(first), sends)
	}
	if n := len(slices.Compact(slices.Clone(first))); n != 1 && r.Code != "6240" {
		t.Errorf("one write went out under %d keys", n)
	}

	books.ClearFaults()
	<-time.After(time.Hour)
	if counts := carry(t, store, client.RealmID(), target, drafts); counts.Created+counts.Unchanged != 1 {
		t.Errorf("the second run ended with %+v", counts)
	}
	if n := len(books.Documents("Customer")); n != 1 {
		t.Errorf("%d customers", n)
	}
	again := w.ids()[len(first):]
	if same := slices.Contains(again, first[0]); len(again) != 1 || same != (want.definite != woosync.Rejected) {
		t.Errorf("the second run wrote under %v, the first under %s", again, first[0])
	}
}

// Every code is read alike in every form, and what comes with a status of success is a refusal all the same.
func TestEveryCodeInEveryForm(t *testing.T) {
	all := wanted(t)
	forms := map[string]qbotest.BodyForm{
		"normal": qbotest.FormNormal, "gateway": qbotest.FormGateway, "lower": qbotest.FormLower, "XML": qbotest.FormXML,
		"200": qbotest.FormOK, "200 in a query": qbotest.FormQuery,
	}
	for name, form := range forms {
		success := form == qbotest.FormOK || form == qbotest.FormQuery
		t.Run(name, func(t *testing.T) {
			for i, r := range refusals() {
				if racing && i%8 != 0 {
					continue
				}
				if success && statusOf(r) >= 500 || success && r.Code == "77777" || r.Code == "3001" {
					continue // means what it does by its status alone, or never gets as far as here
				}
				synctest.Test(t, func(t *testing.T) {
					books := qbotest.New()
					client, _ := wireOf(t, books)
					books.Inject(qbotest.Fault{Times: -1, Effect: qbotest.RefuseAs(form, r)})
					_, err := client.Preferences(t.Context())
					wantFault(t, err, all[r].definite, all[r].category)
					failure, ok := errors.AsType[*quickbooks.Error](err)
					if !ok || failure.Code != r.Code || failure.TID == "" || len(failure.Others) != 0 {
						t.Fatalf("%s: %+v", r.Code, failure)
					}
					if squeezed := strings.Join(strings.Fields(r.Detail), " "); failure.Detail != squeezed && statusOf(r) != 401 && r.Code != "3200" {
						t.Errorf("%s: detail %q, want %q", r.Code, failure.Detail, squeezed)
					}
				})
			}
		})
	}
}

// What an answer complains of beside the first is kept, and the gravest decides.
func TestSeveralErrorsInOneFault(t *testing.T) {
	long := qbotest.Refusal{Code: "2050", Message: "Too long", Detail: "Max:21", Element: "DocNumber"}
	mail := qbotest.Refusal{Code: "2210", Message: "Bad e-mail", Detail: "no @", Element: "BillEmail"}
	locked := qbotest.Refusal{Code: "6190", Message: "Invalid Company Status", Detail: "ended"}
	busy := qbotest.Refusal{Code: "6000", Message: "m", Detail: "You can only add or edit one name at a time."}
	for _, c := range []struct {
		name     string
		of       []qbotest.Refusal
		definite woosync.Definite
		category woosync.Category
	}{
		{"both are data", []qbotest.Refusal{long, mail}, woosync.Rejected, woosync.CategoryData},
		{"the second stops everything", []qbotest.Refusal{long, locked, mail}, woosync.Fatal, woosync.CategoryAuth},
		{"the first would pass, the second does not", []qbotest.Refusal{busy, mail}, woosync.Rejected, woosync.CategoryData},
		{"forty", slices.Repeat([]qbotest.Refusal{long}, 40), woosync.Rejected, woosync.CategoryData},
	} {
		for _, form := range []qbotest.BodyForm{qbotest.FormNormal, qbotest.FormXML, qbotest.FormOK} {
			t.Run(c.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					books := qbotest.New()
					client, w := wireOf(t, books)
					books.Inject(qbotest.Fault{Times: -1, Effect: qbotest.RefuseAs(form, c.of[0], c.of[1:]...)})
					_, err := client.Preferences(t.Context())
					wantFault(t, err, c.definite, c.category)
					failure, _ := errors.AsType[*quickbooks.Error](err)
					var others []quickbooks.Complaint
					for _, r := range c.of[1:min(len(c.of), 21)] {
						others = append(others, quickbooks.Complaint{Code: r.Code, Message: r.Message, Detail: r.Detail, Element: r.Element})
					}
					if diff := cmp.Diff(others, failure.Others); diff != "" || len(w.sent) != 1 {
						t.Errorf("%d requests, %s", len(w.sent), diff)
					}
					if text := failure.Error(); !strings.Contains(text, c.of[1].Detail) || len(text) > 400 {
						t.Error(text)
					}
				})
			})
		}
	}
}

// Without an answer, or with one that does not come from the API, nobody knows what became of a write.
func TestNoAnswer(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"500": qbotest.Fail(500), "502": qbotest.Fail(502), "503": qbotest.HTML(), "504": qbotest.Fail(504), "connection lost": qbotest.Drop(),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				books := qbotest.New()
				client, w := wireOf(t, books)
				books.Inject(qbotest.Fault{Match: qbotest.Writes, Times: -1, Effect: effect})
				store, drafts := memory.New(), map[string]quickbooks.CustomerDraft{"1": buyer("Ann", "1")}
				target := client.CustomerTarget(quickbooks.TargetOptions{})
				_, err := target.Apply(t.Context(), creation("9", buyer("Bob", "9")))
				wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
				if failure, ok := errors.AsType[*quickbooks.Error](err); ok && !failure.Transient() {
					t.Error("it does not pass")
				}
				w.sent = nil
				report, err := carried(t, store, client.RealmID(), target, drafts)
				if err != nil || report.Streams[0].Counts.Uncertain != 1 {
					t.Fatalf("%v, %+v", err, report.Streams[0].Counts)
				}
				first := w.ids()
				if n := len(first); n != 2 || len(slices.Compact(slices.Clone(first))) != 1 {
					t.Errorf("%d writes, under %v", n, slices.Compact(slices.Clone(first)))
				}
				books.ClearFaults()
				<-time.After(time.Hour)
				if counts := carry(t, store, client.RealmID(), target, drafts); counts.Created+counts.Unchanged != 1 || !slices.Contains(w.ids()[2:], first[0]) {
					t.Errorf("%+v", counts)
				}
			})
		})
	}
}
