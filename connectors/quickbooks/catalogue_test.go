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

// A meaning is what is wanted of codes of the catalogue.
type meaning struct {
	codes    string // "120/outage": the code and its variant
	definite woosync.Definite
	category woosync.Category
	remedy   string // part of it
	sends    int    // requests that one call makes; 0: 1
	passes   bool
}

// meanings is Intuit's list of codes with what has to become of them, written down apart from the list that is tested.
func meanings() []meaning {
	const (
		auth, throttle, data, mapping = woosync.CategoryAuth, woosync.CategoryThrottle, woosync.CategoryData, woosync.CategoryMapping
		conflict, server, gone        = woosync.CategoryConflict, woosync.CategoryServer, woosync.CategoryGone
		fatal, refused, unsent        = woosync.Fatal, woosync.Rejected, woosync.NotSent
	)
	return []meaning{
		{"3200 100 110", fatal, auth, "consent anew", 2, false},
		{"3202", fatal, auth, "token source", 2, false},
		{"3100", fatal, auth, "BaseURL, the app's keys and the realm", 1, false},
		{"3100/outage 120/outage 10000/500", woosync.Unknown, server, "trouble of its own", 5, true},
		{"3001 3001/403", fatal, throttle, "monthly quota", 4, true},
		{"120", fatal, auth, "lost access", 1, false},
		{"130", unsent, server, "trouble of its own", 4, true},
		{"140", fatal, server, "locked", 1, true},
		{"150", fatal, server, "maintenance", 1, true},
		{"10000", woosync.Unknown, server, "trouble of its own", 4, true},
		{"10000/path", refused, mapping, "no such address", 1, false},
		{"10100", refused, mapping, "smaller pages", 1, false},
		{"10200", fatal, mapping, "empty ledger", 1, false},
		{"500", refused, mapping, "does not offer", 1, false},
		{"500/UTF-8", refused, mapping, "not UTF-8", 1, false},
		{"500/resource", unsent, server, "as happens in outages", 2, true},
		{"600", woosync.Unknown, conflict, "looked up", 1, false},
		{"610 610/deleted", refused, gone, "deleted or made inactive", 1, false},
		{"620", refused, conflict, "cannot be linked", 1, false},
		{"630", refused, conflict, "the same already", 1, false},
		{"700 900", refused, conflict, "part of", 1, false},
		{"800", refused, conflict, "depend on it", 1, false},
		{"1000 1010 1020", unsent, server, "does not say why", 2, true},
		{"1040", refused, mapping, "30 items", 1, false},
		{"1050 2000 2010 2130 2600 4000 4000/apostrophe 4001 4001/position 6020 6040 6050", refused, mapping, "report it", 1, false},
		{"2020 2020/item account", refused, mapping, "name all accounts", 1, false},
		{"2030 2080 2090 2150 2160 2180 2230 2240", refused, data, "Correct the field", 1, false},
		{"2040", refused, data, "characters", 1, false},
		{"2050", refused, data, "too long or too short", 1, false},
		{"2060 2070 2190", refused, data, "date", 1, false},
		{"2100 2110 2140", refused, data, "amount is not one", 1, false},
		{"2120 2170", refused, data, "choice", 1, false},
		{"2200", refused, data, "web address", 1, false},
		{"2210", refused, data, "e-mail address", 1, false},
		{"2220", refused, data, "currency", 1, false},
		{"2250", refused, data, "no lines", 1, false},
		{"2260 2270", refused, data, "missing in a line", 1, false},
		{"2280", refused, data, "tax amount", 1, false},
		{"2290", refused, data, "negative", 1, false},
		{"2300", refused, data, "Debits and credits", 1, false},
		{"2500 2500/account 2500/class", refused, mapping, "does not exist or is inactive", 1, false},
		{"2500/inactive", refused, mapping, "something inactive", 1, false},
		{"2500/category", refused, mapping, "category", 1, false},
		{"3000", refused, mapping, "custom field", 1, false},
		{"4002", refused, mapping, "ask for less", 1, false},
		{"5000", refused, mapping, "no longer supported", 1, false},
		{"5010", refused, conflict, "at the same time", 1, true},
		{"5020", refused, auth, "may not do this", 1, false},
		{"5030", refused, mapping, "plan lacks", 1, false},
		{"6000", refused, data, "detail says which", 1, false},
		{"6000/one name 6000/one product", unsent, server, "changing a list", 4, true},
		{"6000/no amount", refused, data, "no amount", 1, false},
		{"6000/currency", refused, mapping, "multicurrency", 1, false},
		{"6000/internal", unsent, server, "without a reason", 4, true},
		{"6000/tax engine", unsent, server, "compute the tax", 2, true},
		{"6000/later", unsent, server, "trouble of its own", 4, true},
		{"6010", refused, mapping, "needs a type", 1, false},
		{"6030 6041", refused, data, "file", 1, false},
		{"6060", refused, mapping, "opening balance", 1, false},
		{"6070", refused, data, "quantity times its price", 1, false},
		{"6080", refused, data, "no name at all", 1, false},
		{"6090", refused, data, "discount", 1, false},
		{"6100 6160 6230", refused, mapping, "tax code does not fit", 1, false},
		{"6110 6120", refused, conflict, "cannot be changed from outside", 1, false},
		{"6130", refused, conflict, "billed with another", 1, false},
		{"6140 6140/id", refused, conflict, "this number", 1, false},
		{"6150", refused, data, "part of something", 1, false},
		{"6170", refused, mapping, "tax details", 1, false},
		{"6180", refused, data, "five levels", 1, false},
		{"6190", fatal, auth, "subscription", 1, false},
		{"6200 6210", refused, conflict, "books are closed", 1, false},
		{"6220", refused, conflict, "balance", 1, false},
		{"6240 6240/null 6240/id 6240/dollars 6240/tax rate", refused, conflict, "ename", 1, false},
		{"6250", refused, mapping, "customer that does not exist", 1, false},
		{"6270", refused, data, "before the item's stock", 1, false},
		{"6280", refused, conflict, "unbilled", 1, false},
		{"6290 6300", refused, mapping, "employee or a vendor", 1, false},
		{"6310", refused, mapping, "needs a customer", 1, false},
		{"6320 6330", refused, data, "billable line", 1, false},
		{"6420", refused, data, "by e-mail", 1, false},
		{"6430", refused, mapping, "wrong type", 1, false},
		{"6440", refused, mapping, "neither product nor account", 1, false},
		{"6450", refused, conflict, "reconciled or settled", 1, false},
		{"6460", refused, data, "deposit and the payment", 1, false},
		{"6470", refused, mapping, "not allowed here", 1, false},
		{"6480", refused, conflict, "undo the match", 1, false},
		{"6520", refused, mapping, "tracked stock", 1, false},
		{"6530", refused, data, "card number", 1, false},
		{"6540", refused, conflict, "bank deposit", 1, false},
		{"77777", refused, data, "not in its list", 1, false},
	}
}

// refusals is the catalogue of the fake, and what no catalogue has.
func refusals() []qbotest.Refusal {
	return append(qbotest.Refusals(),
		qbotest.Refusal{Code: "500", Variant: "resource", Message: "Unsupported Operation", Detail: "Could not find resource for relative : /v3"},
		qbotest.Refusal{Code: "77777", Message: "A code of tomorrow"})
}

// wanted returns what is wanted of every refusal; a code that either list lacks fails the test.
func wanted(t *testing.T) map[qbotest.Refusal]meaning {
	t.Helper()
	byName := make(map[string]qbotest.Refusal)
	for _, r := range refusals() {
		name := r.Code
		if r.Variant != "" {
			name += "/" + r.Variant
		}
		byName[name] = r
	}
	all := make(map[qbotest.Refusal]meaning)
	for _, m := range meanings() {
		for names := m.codes; names != ""; {
			name := names
			for byName[name].Code == "" { // variants may hold blanks
				at := strings.LastIndex(name, " ")
				if at < 0 {
					t.Fatalf("%q is not in the catalogue of the fake", names)
				}
				name = name[:at]
			}
			all[byName[name]] = m
			delete(byName, name)
			names = strings.TrimPrefix(names[len(name):], " ")
		}
	}
	for name := range byName {
		t.Errorf("nothing is known of %s", name)
	}
	return all
}

// TestEveryCode has the fake refuse a read and a write of the engine with every code there is, in the status and form in which it
// comes, and looks at what a host is told, what goes over the wire, and what becomes of the record.
func TestEveryCode(t *testing.T) {
	all := wanted(t)
	for _, r := range refusals() {
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
		return "renews the token once, then stops the stream"
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
		sends *= 4 // looked up and written again, both in the pass and at its end
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
			for _, r := range refusals() {
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
				if n := len(first); n != 20 || len(slices.Compact(slices.Clone(first))) != 1 {
					t.Errorf("%d writes, under %v", n, slices.Compact(slices.Clone(first)))
				}
				books.ClearFaults()
				<-time.After(time.Hour)
				if counts := carry(t, store, client.RealmID(), target, drafts); counts.Created+counts.Unchanged != 1 || !slices.Contains(w.ids()[20:], first[0]) {
					t.Errorf("%+v", counts)
				}
			})
		})
	}
}
