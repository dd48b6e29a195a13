package quickbooks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// asked returns the statements that a query sends to a company that holds nothing.
func asked(t *testing.T, s quickbooks.Selection) ([]string, error) {
	t.Helper()
	var statements []string
	var failure error
	synctest.Test(t, func(t *testing.T) { statements, failure = ask(t, s) })
	return statements, failure
}

// ask is asked outside of a bubble.
func ask(t *testing.T, s quickbooks.Selection) (statements []string, failure error) {
	t.Helper()
	client := clientOf(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		statement := r.URL.Query().Get("query")
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			if err != nil || r.Header.Get("Content-Type") != "application/text" {
				t.Errorf("posted %s (%v)", r.Header.Get("Content-Type"), err)
			}
			statement = string(body)
		}
		statements = append(statements, statement)
		return answering{status: 200, body: `{"QueryResponse":{}}`}.RoundTrip(r)
	}))
	for _, err := range quickbooks.Query[quickbooks.Customer](t.Context(), client, s) {
		failure = err
	}
	return statements, failure
}

func TestSelection(t *testing.T) {
	for _, c := range []struct {
		selection quickbooks.Selection
		want      string
	}{
		{quickbooks.Selection{}, "select * from Customer orderby Id startposition 1 maxresults 1000"},
		{
			quickbooks.Selection{Where: []quickbooks.Condition{
				quickbooks.Equal("DisplayName", `O'Brien \ Sons`), quickbooks.ActiveOrNot(), quickbooks.Compare("Balance", ">=", "10.5"),
				quickbooks.Like("GivenName", "A%"), quickbooks.Is("Taxable", true),
			}, OrderBy: []string{"MetaData.LastUpdatedTime DESC"}, Start: 7, Page: 20},
			`select * from Customer where DisplayName = 'O\'Brien \\ Sons' and Active IN (true, false) and Balance >= '10.5' and ` +
				`GivenName LIKE 'A%' and Taxable = true orderby MetaData.LastUpdatedTime DESC startposition 7 maxresults 20`,
		},
		{
			quickbooks.Selection{Where: []quickbooks.Condition{quickbooks.In("Id", "1", "2")}},
			"select * from Customer where Id IN ('1', '2') orderby Id startposition 1 maxresults 1000",
		},
		{
			quickbooks.Selection{Where: []quickbooks.Condition{
				quickbooks.CompareTime("MetaData.LastUpdatedTime", ">=", time.Date(2026, time.November, 20, 9, 30, 0, 999, time.FixedZone("", 3600))),
				quickbooks.CompareAmount("Balance", ">", amount(t, "300.5")), quickbooks.Missing("CompanyName"),
			}},
			"select * from Customer where MetaData.LastUpdatedTime >= '2026-11-20T00:30:00-08:00' and Balance > '300.5' and CompanyName = ' ' " +
				"orderby Id startposition 1 maxresults 1000",
		},
	} {
		got, err := asked(t, c.selection)
		if diff := cmp.Diff([]string{c.want}, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
	if got, err := asked(t, quickbooks.Selection{Where: []quickbooks.Condition{quickbooks.In("Id")}}); len(got) != 0 || err != nil {
		t.Errorf("asked for nothing and sent %v (%v)", got, err)
	}
	for name, s := range map[string]quickbooks.Selection{
		"property": {Where: []quickbooks.Condition{quickbooks.Equal("Name = 'x' or Name", "y")}},
		"operator": {Where: []quickbooks.Condition{quickbooks.Compare("Name", "= 'x' or", "y")}},
		"null":     {Where: []quickbooks.Condition{quickbooks.Equal("Name", " ")}},
		"empty":    {Where: []quickbooks.Condition{quickbooks.In("Name", "x", "")}},
		"newline":  {Where: []quickbooks.Condition{quickbooks.Equal("Name", "a\nb")}},
		"UTF-8":    {Where: []quickbooks.Condition{quickbooks.Equal("Name", "\xff")}},
		"order":    {OrderBy: []string{"Id; drop"}},
		"page":     {Page: 1001},
		"start":    {Start: -1},
		"two ends": {Where: []quickbooks.Condition{quickbooks.Equal("Name", `a\`), quickbooks.Equal("Sku", `b\`)}},
	} {
		if got, err := asked(t, s); err == nil || len(got) != 0 {
			t.Errorf("%s: sent %v", name, got)
		}
	}
}

// A long list of values is split over statements that are not too long, and none is lost or asked for twice.
func TestLongLists(t *testing.T) {
	var values []string
	for i := range 3000 {
		values = append(values, fmt.Sprintf("O'Name %d", i))
	}
	statements, err := asked(t, quickbooks.Selection{Where: []quickbooks.Condition{quickbooks.In("DisplayName", values...), quickbooks.ActiveOrNot()}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(statements); n < 6 || n > 12 {
		t.Errorf("%d statements", n)
	}
	all := strings.Join(statements, "\n")
	for _, statement := range statements {
		if len(statement) > 8100 || !strings.Contains(statement, "and Active IN (true, false) orderby Id") {
			t.Errorf("%d bytes: %s", len(statement), statement[len(statement)-100:])
		}
	}
	for i := range values {
		if n := strings.Count(all, fmt.Sprintf(`'O\'Name %d'`, i)); n != 1 {
			t.Fatalf("value %d occurs %d times", i, n)
		}
	}
}

// Pages are read until one is short, over all of what there is.
func TestQueryPages(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		for i := range 25 {
			if _, err := books.Add("Customer", fmt.Sprintf(`{"DisplayName":"C%d","Active":%t}`, i, i%5 != 0)); err != nil {
				t.Fatal(err)
			}
		}
		for want, s := range map[int]quickbooks.Selection{
			20: {Page: 7},
			25: {Page: 5, Where: []quickbooks.Condition{quickbooks.ActiveOrNot()}},
			3:  {Page: 2, Limit: 3},
			1:  {Where: []quickbooks.Condition{quickbooks.Equal("DisplayName", "c7")}},
		} {
			seen := make(map[string]bool)
			for customer, err := range quickbooks.Query[quickbooks.Customer](t.Context(), client, s) {
				if err != nil {
					t.Fatal(err)
				}
				seen[customer.ID] = true
			}
			if len(seen) != want {
				t.Errorf("%d customers, want %d", len(seen), want)
			}
			n, err := quickbooks.Count[quickbooks.Customer](t.Context(), client, s)
			if s.Limit > 0 {
				if err == nil {
					t.Errorf("counted %d under a limit", n)
				}
				continue
			}
			if err != nil || n != want {
				t.Errorf("counted %d of %d (%v)", n, want, err)
			}
			s.Start = 2
			if n, err := quickbooks.Count[quickbooks.Customer](t.Context(), client, s); err == nil {
				t.Errorf("counted %d from a position on", n)
			}
		}
	})
}

func TestReads(t *testing.T) {
	bubble(t, []qbotest.Option{qbotest.WithBookCloseDate("2025-12-31")}, func(t *testing.T, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
		company, err := client.CompanyInfo(t.Context())
		if err != nil || company.Country != "DE" || company.Value("subscriptionstatus") != "SUBSCRIBED" {
			t.Errorf("%+v, %v", company, err)
		}
		preferences, err := client.Preferences(t.Context())
		if err != nil || preferences.AccountingInfoPrefs.BookCloseDate != "2025-12-31" || preferences.CurrencyPrefs.HomeCurrency.Value != "EUR" {
			t.Errorf("%+v, %v", preferences, err)
		}
		account, err := quickbooks.Read[quickbooks.Account](t.Context(), client, "1")
		if err != nil || account.Name != "Sales" || account.AccountType != "Income" || !account.IsActive() {
			t.Errorf("%+v, %v", account, err)
		}
		for rate, err := range quickbooks.Query[quickbooks.TaxRate](t.Context(), client, quickbooks.Selection{
			Where: []quickbooks.Condition{quickbooks.Equal("Name", "CA QC QST 9.975%")},
		}) {
			if err != nil || rate.RateValue.String() != "9.975" {
				t.Errorf("%+v, %v", rate, err)
			}
		}
		methods := 0
		for _, err := range quickbooks.Query[quickbooks.PaymentMethod](t.Context(), client, quickbooks.Selection{}) {
			if err != nil {
				t.Fatal(err)
			}
			methods++
		}
		if methods != 3 {
			t.Errorf("%d payment methods", methods)
		}
		_, err = quickbooks.Read[quickbooks.Customer](t.Context(), client, "4711")
		wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
		if _, err := quickbooks.Read[quickbooks.Customer](t.Context(), client, "1/../../2"); err == nil {
			t.Error("a path was taken for an ID")
		}
		var failure *quickbooks.Error
		for _, err := range quickbooks.Query[quickbooks.Customer](t.Context(), client, quickbooks.Selection{
			Where: []quickbooks.Condition{quickbooks.Equal("NoSuchField", "x")},
		}) {
			if !errors.As(err, &failure) || failure.Code != "4001" {
				t.Errorf("%v", err)
			}
		}
	})
}

// Amounts survive digit by digit (T18).
func TestAmountsAreExact(t *testing.T) {
	const number = `123456789012345678.1234567`
	var line quickbooks.Line
	if err := json.Unmarshal([]byte(`{"Amount":`+number+`,"DetailType":"x"}`), &line); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(line)
	if err != nil || !strings.Contains(string(text), `"Amount":`+number+`,`) {
		t.Errorf("%s (%v)", text, err)
	}
}

// A value that ends in a backslash is the last one of its statement.
func TestBackslashAtTheEnd(t *testing.T) {
	got, err := asked(t, quickbooks.Selection{Where: []quickbooks.Condition{
		quickbooks.In("DisplayName", `a`, `b\`, `b\`, `c`, `d\`), quickbooks.Equal("GivenName", "x"),
	}})
	var want []string
	for _, list := range []string{`'a', 'b\\'`, `'c', 'd\\'`} {
		want = append(want, "select * from Customer where GivenName = 'x' and DisplayName IN ("+list+") orderby Id startposition 1 maxresults 1000")
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

// An answer that holds no list and does not say that nothing was found is an error.
func TestAnswersWithoutAList(t *testing.T) {
	for _, body := range []string{"null", "{}", `{"time":"x"}`, `{"QueryResponse":null}`, `{"QueryResponse":[]}`, `{"QueryResponse":{"maxResults":3}}`, `{"QueryResponse":{"Customer":null}}`} {
		synctest.Test(t, func(t *testing.T) {
			client := clientOf(t, answering{status: 200, body: body})
			if n, err := quickbooks.Count[quickbooks.Customer](t.Context(), client, quickbooks.Selection{}); err == nil {
				t.Errorf("%s: counted %d", body, n)
			}
			ended := error(nil)
			for _, err := range quickbooks.Query[quickbooks.Customer](t.Context(), client, quickbooks.Selection{}) {
				ended = err
			}
			if ended == nil {
				t.Errorf("%s: read as an empty list", body)
			}
		})
	}
}

// Two values that are one to QuickBooks, in statements of their own, bring one entity.
func TestValuesThatDifferInCase(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		if _, err := books.Add("Customer", `{"DisplayName":"Ann"}`); err != nil {
			t.Fatal(err)
		}
		values := []string{"ANN"}
		for i := range 1000 {
			values = append(values, fmt.Sprintf("somebody else %d", i))
		}
		n := 0
		for _, err := range quickbooks.Query[quickbooks.Customer](t.Context(), client, quickbooks.Selection{
			Where: []quickbooks.Condition{quickbooks.In("DisplayName", append(values, "ann")...)},
		}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%d customers", n)
		}
	})
}

// Whatever a value holds, it is found by, and nothing else is, or it is refused before anything is sent.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"O'Brien", `\`, `\'`, `' or Id > '0`, `\\'`, "''", "%", "日本", "a\tb", " ", "a' and Active IN (true, false) and Id = '1", "🙂"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		books := qbotest.New(qbotest.WithLimits(qbotest.Limits{}))
		client, w := rushed(t, books)
		if _, err := books.Add("Customer", `{"DisplayName":"decoy","CompanyName":"decoy"}`); err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(quickbooks.Customer{DisplayName: "wanted", CompanyName: value})
		if err != nil {
			t.Fatal(err) // texts of any kind can be encoded
		}
		id, unstored := books.Add("Customer", string(body))
		for _, c := range []struct {
			where []quickbooks.Condition
			want  int
		}{
			{[]quickbooks.Condition{quickbooks.Equal("CompanyName", value)}, 1},
			{[]quickbooks.Condition{quickbooks.In("CompanyName", value, "decoy")}, 2},
			{[]quickbooks.Condition{quickbooks.Equal("CompanyName", value), quickbooks.Equal("DisplayName", "wanted")}, 1},
		} {
			n := 0
			sent := len(w.sent)
			var got []string
			for customer, err := range quickbooks.Query[quickbooks.Customer](t.Context(), client, quickbooks.Selection{Where: c.where}) {
				if err != nil && len(w.sent) == sent {
					return // refused
				}
				if err != nil {
					t.Fatalf("%q was sent and refused: %v", value, err)
				}
				n++
				got = append(got, customer.ID)
			}
			if unstored == nil && value != "" && !strings.EqualFold(value, "decoy") && (n != c.want || !slices.Contains(got, id)) {
				t.Errorf("%q: found %v, want %d with %s", value, got, c.want, id)
			}
		}
	})
}
