package money_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/woosync/woosync/money"
)

func amount(tb testing.TB, s string) money.Amount {
	tb.Helper()
	a, err := money.Parse(s)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "-0.00": "0", "00012": "12", "23.73": "23.73", "12.30": "12.3", "100": "100", "1e2": "100",
		"-1.5E-3": "-0.0015", "1.1673611111111112e-5": "0.000011673611111111112", "1e+3": "1000", "0e64": "0",
		"9007199254740993": "9007199254740993", "0.1": "0.1", "1e64": "1" + strings.Repeat("0", 64), "120.50e1": "1205",
		"-12345678901234567890.123456789012345678901234567890": "-12345678901234567890.12345678901234567890123456789",
	} {
		if got := amount(t, in).String(); got != want {
			t.Errorf("%q reads as %s, want %s", in, got, want)
		}
	}
}

// Short texts are read in another way than long ones, and to the same amount.
func TestParseShort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{0,20}(\.[0-9]{0,20})?[-.e1]?`).Draw(rt, "text")
		short, err := money.Parse(text)
		long, longErr := money.Parse(text + "e0")
		if strings.ContainsRune(text, 'e') {
			return
		}
		if (err == nil) != (longErr == nil) || err == nil && (!short.Equal(long) || short.String() != long.String() || short.Fixed(2) != long.Fixed(2)) {
			rt.Fatalf("%q: %s, %v; %s, %v", text, short, err, long, longErr)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", " ", " 10", "10 ", "+1", "1,234.50", "1.234,50", "1_000", ".5", "5.", "-", "-.", "--1", "1.-5", "1e", "1e+", "1e1.0",
		"1e65", "1e-65", "1e400", "1e-400", "1e9999999999999999999", "NaN", "Inf", "-Infinity", "0x10", "1p3", "null", "1.2.3",
		"−1", "１", "٣", "1\x00", "1\n", strings.Repeat("1", 101), "1e1e1", "e1", "-e1",
	} {
		a, err := money.Parse(in)
		var refused *money.ParseError
		if !errors.As(err, &refused) || !a.IsZero() {
			t.Errorf("%q: %v %v", in, a, err)
		} else if strings.ContainsAny(err.Error(), "\n\x00") || len(err.Error()) > 200 {
			t.Errorf("%q: unsafe text %q", in, err)
		}
	}
}

func TestRounding(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in     string
		digits int32
		round  string
		fixed  string
	}{
		{"1.005", 2, "1.01", "1.01"},
		{"-1.005", 2, "-1.01", "-1.01"},
		{"1.0049999", 2, "1", "1.00"},
		{"2.5", 0, "3", "3"},
		{"3.5", 0, "4", "4"},
		{"-0.004", 2, "0", "0.00"},
		{"12.3", 2, "12.3", "12.30"},
		{"12", 3, "12", "12.000"},
		{"1e3", 2, "1000", "1000.00"},
		{"1250", -2, "1300", "1300"},
		{"0", 2, "0", "0.00"},
		{"9.995", 2, "10", "10.00"},
		{"0.05", 1, "0.1", "0.1"},
	}
	for _, test := range tests {
		a := amount(t, test.in)
		if got := a.Round(test.digits).String(); got != test.round {
			t.Errorf("Round(%s, %d) = %s, want %s", test.in, test.digits, got, test.round)
		}
		if got := a.Fixed(test.digits); got != test.fixed {
			t.Errorf("Fixed(%s, %d) = %s, want %s", test.in, test.digits, got, test.fixed)
		}
	}
	if n := len(money.New(1, 0).Fixed(1 << 30)); n > 2000 {
		t.Errorf("asking for a billion digits gives %d bytes", n)
	}
}

func TestArithmetic(t *testing.T) {
	t.Parallel()
	one, third := money.New(100, 2), amount(t, "0.3333")
	half := func(a, b string, digits int32) string {
		q, err := amount(t, a).Div(amount(t, b), digits)
		if err != nil {
			t.Fatal(err)
		}
		return q.String()
	}
	var zero money.Amount
	got := map[string]string{
		"new": money.New(1234, 2).String(), "thousands": money.New(5, -3).String(),
		"add": one.Add(third).String(), "sub": third.Sub(one).String(), "mul": third.Mul(third).String(),
		"neg": one.Neg().String(), "neg zero": zero.Neg().String(), "abs": money.New(-5, 1).Abs().String(),
		"third": half("1", "3", 4), "tie": half("1", "8", 2), "tie down": half("-1", "8", 2), "exact": half("10", "4", 5),
		"sum": money.Sum(one, one, third).String(), "sum of none": money.Sum().String(), "zero": zero.String(),
		"a float's trap": amount(t, "0.1").Add(amount(t, "0.2")).String(),
	}
	want := map[string]string{
		"new": "12.34", "thousands": "5000", "add": "1.3333", "sub": "-0.6667", "mul": "0.11108889", "neg": "-1",
		"neg zero": "0", "abs": "0.5", "third": "0.3333", "tie": "0.13", "tie down": "-0.13", "exact": "2.5",
		"sum": "2.3333", "sum of none": "0", "zero": "0", "a float's trap": "0.3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := one.Div(zero, 2); !errors.Is(err, money.ErrDivisionByZero) {
		t.Error(err)
	}
	if !one.Equal(amount(t, "1")) || one.Cmp(third) != 1 || third.Cmp(one) != -1 || zero.Sign() != 0 || one.Neg().Sign() != -1 {
		t.Error("comparison")
	}
	if !cmp.Equal(one, amount(t, "1.000")) {
		t.Error("go-cmp does not find Equal")
	}
}

// TestLaws checks what must hold for any amounts.
func TestLaws(t *testing.T) {
	t.Parallel()
	any := rapid.Custom(func(t *rapid.T) money.Amount {
		return money.New(rapid.Int64().Draw(t, "units"), rapid.Int32Range(-6, 12).Draw(t, "digits"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := any.Draw(t, "a"), any.Draw(t, "b")
		digits := rapid.Int32Range(0, 8).Draw(t, "n")
		if !a.Add(b).Sub(b).Equal(a) || !a.Add(b).Equal(b.Add(a)) || !a.Mul(b).Equal(b.Mul(a)) || !a.Neg().Neg().Equal(a) {
			t.Fatal("arithmetic is not exact")
		}
		if got := amountOf(t, a.String()); !got.Equal(a) {
			t.Fatalf("%s reads back as %s", a, got)
		}
		rounded := a.Round(digits)
		if got := amountOf(t, a.Fixed(digits)); !got.Equal(rounded) {
			t.Fatalf("Fixed %s, Round %s", got, rounded)
		}
		if twice := rounded.Sub(a).Abs().Mul(money.New(2, 0)); twice.Cmp(money.New(1, digits)) > 0 {
			t.Fatalf("%s rounded to %d digits is %s: more than half a unit off", a, digits, rounded)
		}
		if rounded.Sign() != 0 && rounded.Sign() != a.Sign() || !a.Neg().Round(digits).Equal(rounded.Neg()) {
			t.Fatal("rounding is not symmetric")
		}
		if !b.IsZero() {
			q, err := a.Mul(b).Div(b, 20)
			if err != nil || !q.Equal(a) {
				t.Fatalf("a × b ÷ b = %s, %v", q, err)
			}
		}
	})
}

func amountOf(t *rapid.T, s string) money.Amount {
	a, err := money.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
