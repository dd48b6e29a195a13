package money_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/money"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	type line struct {
		Total money.Amount            `json:"total"`
		Tax   *money.Amount           `json:"tax"`
		Rate  money.Amount            `json:"rate,omitzero"`
		ByTax map[string]money.Amount `json:"by_tax,omitempty"`
	}
	var got line
	in := `{"total":"23.730","tax":null,"rate":1.1673611111111112e-5,"by_tax":{"1":"\u0031.5"}}`
	if err := json.Unmarshal([]byte(in), &got); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"total":23.73,"tax":null,"rate":0.000011673611111111112,"by_tax":{"1":1.5}}`
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}
	out, err = json.Marshal(line{})
	if diff := cmp.Diff(`{"total":0,"tax":null}`, string(out)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	keys, err := json.Marshal(map[string]money.Amount{"negative zero": money.New(-1, 3).Round(2)})
	if string(keys) != `{"negative zero":0}` || err != nil {
		t.Error(string(keys), err)
	}
}

func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`""`, `null`, `true`, `"1,5"`, `" 1"`, `"NaN"`, `[1]`, `{}`, `1e400`, `"1e400"`, ``, `"`} {
		a := money.New(7, 0)
		err := a.UnmarshalJSON([]byte(in))
		var refused *money.ParseError
		if !errors.As(err, &refused) || !a.Equal(money.New(7, 0)) {
			t.Errorf("%s: %v %v", in, a, err)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	text, err := money.New(-1230, 3).MarshalText()
	if string(text) != "-1.23" || err != nil {
		t.Error(string(text), err)
	}
	var a money.Amount
	if err := a.UnmarshalText([]byte("4.50")); err != nil || a.String() != "4.5" {
		t.Error(a, err)
	}
	if err := a.UnmarshalText([]byte("x")); err == nil || a.String() != "4.5" {
		t.Error(a, err)
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int32{
		"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "KRW": 0, "CLP": 0, "XPF": 0, "KWD": 3, "BHD": 3, "TND": 3, "IQD": 3, "CLF": 4,
		"PKR": 2, "COP": 2, "IDR": 2, "HUF": 2, "ISK": 0, "UGX": 0, "VES": 2, "MRU": 2, "BYN": 2, "XCG": 2,
	} {
		if got, err := money.Digits(code); got != want || err != nil {
			t.Errorf("%s: %d %v, want %d", code, got, err, want)
		}
	}
	for _, code := range []string{"", "eur", "Eur", "EU", "EURO", "XXX", "XTS", "BTC", "€", "EUR ", "\x00\n\x1b", strings.Repeat("A", 1000)} {
		_, err := money.Digits(code)
		var unknown *money.CurrencyError
		if !errors.As(err, &unknown) || len(err.Error()) > 250 {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "0", "-0", "12.30", "1e64", "1.1673611111111112e-5", "-", ".", "1e", "NaN", "+1", "１", "1e-64"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := money.Parse(s)
		if err != nil {
			var refused *money.ParseError
			if !errors.As(err, &refused) || len(err.Error()) > 400 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if strings.Trim(s, "-+.eE0123456789") != "" || len(a.String()) > 250 {
			t.Fatalf("%q read as %s", s, a)
		}
		if back := amount(t, expand(t, a)); !back.Equal(a) {
			t.Fatalf("%q: %s reads back as %s", s, a, back)
		}
	})
}

// expand brings the plain form of an amount back under the length that Parse takes.
func expand(t *testing.T, a money.Amount) string {
	t.Helper()
	text := a.String()
	if len(text) <= 100 {
		return text
	}
	t.Skip("longer when written out than what Parse takes")
	return ""
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`"1.50"`, `1.5e3`, `null`, `""`, `"\u0031"`, `-0`, `[`, `"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a money.Amount
		if json.Unmarshal(data, &a) != nil {
			_ = a.UnmarshalJSON(data) // must not panic on what is not even JSON
			return
		}
		if string(data) == "null" {
			t.Fatal("null is no amount")
		}
		out, err := json.Marshal(a)
		if err != nil || strings.ContainsAny(string(out), `eE"+`) || string(out) == "-0" {
			t.Fatalf("%s: %s %v", data, out, err)
		}
		if len(out) > 100 {
			return
		}
		var back money.Amount
		if err := json.Unmarshal(out, &back); err != nil || !back.Equal(a) {
			t.Fatalf("%s: %s reads back as %s, %v", data, out, back, err)
		}
	})
}
