package books_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/money"
)

// A rewriter replaces text in the answers of the company, to play companies that
// the fake cannot be set to.
type rewriter struct {
	http.RoundTripper
	replace *strings.Replacer
}

func (r rewriter) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.RoundTripper.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	text := r.replace.Replace(string(body))
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader([]byte(text))), int64(len(text))
	response.Header.Del("Content-Length")
	return response, nil
}

func TestPreflightFindsEveryProblemAndWritesNothing(t *testing.T) {
	t.Parallel()
	negative := money.New(-1, 2)
	for name, c := range map[string]struct {
		company  []qbotest.Option
		replace  []string
		settings books.Settings
		want     []string
	}{
		"US": {
			replace: []string{`"Country":"DE"`, `"Country":"US"`}, want: []string{"the company is in the US"},
		},
		"no sales tax": {
			replace: []string{`"UsingSalesTax":true`, `"UsingSalesTax":false`}, want: []string{"does not use sales tax"},
		},
		"several currencies": {
			replace: []string{`"MultiCurrencyEnabled":false`, `"MultiCurrencyEnabled":true`}, want: []string{"several currencies"},
		},
		"a currency that does not exist": {
			replace: []string{`"HomeCurrency":{"value":"EUR"}`, `"HomeCurrency":{"value":"EURO"}`}, want: []string{"home currency"},
		},
		"suspended": {
			company: []qbotest.Option{qbotest.WithSubscription("SUSPENDED")}, want: []string{"subscription is SUSPENDED"},
		},
		"no tax codes": {
			company: []qbotest.Option{qbotest.WithoutDefaultTaxCodes()}, want: []string{"no active tax code for sales"},
		},
		"a rate without code": {
			company: []qbotest.Option{qbotest.WithoutDefaultTaxCodes(), qbotest.WithTaxCode("Zero")},
			want:    []string{"19 %", "Settings.TaxCodes"},
		},
		"two codes for one rate": {
			company: []qbotest.Option{qbotest.WithTaxCode("Other DE MwSt. 19%", qbotest.Rate{Name: "O", Percent: "19"})},
			want:    []string{"several tax codes", "19 %"},
		},
		"every mistake in the settings": {
			settings: books.Settings{
				Statuses: []string{"any"}, Tolerance: &negative, NumberPrefix: "WOOCOMMERCE", IncomeAccount: "Bank", DepositAccount: "Sales",
				TaxCodes: map[string]string{"1": "nope", "6+5": "QC", "x": "y"},
			},
			want: []string{
				"Statuses", "Tolerance", "NumberPrefix", `IncomeAccount "Bank" is of type "Bank"`, `DepositAccount "Sales" is of type "Income"`,
				`no active tax code "nope"`, "ascending order", `"x" is no combination`,
			},
		},
		"accounts that do not exist": {
			settings: books.Settings{IncomeAccount: "Nowhere", DepositAccount: "77"},
			want:     []string{`IncomeAccount: the company has no account "Nowhere"`, `DepositAccount: the company has no account "77"`},
		},
		"no status": {
			settings: books.Settings{Statuses: []string{}}, want: []string{"Statuses is empty"},
		},
		"no obvious income account": {
			replace: []string{`"AccountSubType":"SalesOfProductIncome"`, `"AccountSubType":"OtherPrimaryIncome"`},
			want:    []string{"name it in Settings.IncomeAccount"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, taxed(t), c.company...)
			w.carrier = rewriter{w.carrier, strings.NewReplacer(c.replace...)}
			_, err := w.preflight(c.settings)
			if _, ok := errors.AsType[*books.PreflightError](err); !ok {
				t.Fatalf("error %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
			if w.writes() != 0 {
				t.Error("preflight wrote into the books")
			}
		})
	}
}

// An end that cannot be read is no problem of settings, and the error keeps its type.
func TestPreflightPassesOnWhyAnEndCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t))
	w.shop.Fail(wootest.Match{Route: "/taxes"}, wootest.Fault{Status: http.StatusUnauthorized, Body: `{"code":"woocommerce_rest_cannot_view","message":"no"}`})
	_, err := w.preflight(books.Settings{})
	var preflight *books.PreflightError
	var fault *woosync.Fault
	if errors.As(err, &preflight) || !errors.As(err, &fault) || fault.Category != woosync.CategoryAuth ||
		!strings.Contains(err.Error(), "the shop's tax rates") {
		t.Errorf("error %v", err)
	}
}

// Codes that the settings name win over those that would be found, and are
// checked against the shop's rates.
func TestTaxCodesOfTheSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t), qbotest.WithTaxCode("Mine", qbotest.Rate{Name: "M", Percent: "19"}))
	w.insert(order{total: "11.90", tax: "1.90", lines: []line{{name: "Hat", total: "10.00", tax: "1.90", rate: 1}}})
	w.run(books.Settings{TaxCodes: map[string]string{"1": "Mine"}}, woosync.Job{})
	if got, want := w.shows(w.receipt()), "10.00 Hat [Mine]\ntax 1.90 total 11.90"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	_, err := w.preflight(books.Settings{TaxCodes: map[string]string{"2": "Mine"}})
	if err == nil || !strings.Contains(err.Error(), `tax code "Mine" has the rates 19 %, the shop's are 7 %`) {
		t.Errorf("error %v", err)
	}
}
