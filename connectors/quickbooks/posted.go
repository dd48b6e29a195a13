package quickbooks

import (
	"fmt"
	"strings"

	"github.com/woosync/woosync/money"
)

// posted is what matters of a transaction that the books hold.
type posted struct {
	core
	number, note string
	total, tax   money.Amount
	untold       bool // it does not say its total
	untaxed      bool // it says nothing of tax
	something    bool // one of its lines has an amount
	currency     string
	rate         *money.Amount // nil: none is said
}

// want is what a transaction has to come out as.
type want struct{ total, tax money.Amount }

func (p posted) mark() mark { return markIn(p.note) }

// voided reports whether a transaction was voided. QuickBooks sets all amounts to 0 and puts "Voided" before what the note says; one over
// nothing is not voided.
func (p posted) voided() bool {
	if !p.total.IsZero() || p.something {
		return false
	}
	for line := range strings.Lines(p.note) {
		if saysVoided(line) {
			return true
		}
	}
	return false
}

// saysVoided reports whether a line of a note begins as QuickBooks begins the note of what was voided.
func saysVoided(line string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return strings.EqualFold(strings.TrimRight(first, ":.,-"), "voided")
}

// alive returns a note for a document over nothing that is not taken for that of one that was voided.
func alive(note string) string {
	var b strings.Builder
	for line := range strings.Lines(note) {
		if saysVoided(line) {
			b.WriteString("- ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// open reports whether it may have to be read to know whether the cents agree: an answer may leave out what it was asked for.
func (p posted) open(w want) bool { return p.untold || p.untaxed && !w.tax.IsZero() }

// difference says in what a posted transaction differs from what it has to be; "" if the cents agree.
func (p posted) difference(w want) string {
	if p.total.Round(2).Equal(w.total.Round(2)) && p.tax.Round(2).Equal(w.tax.Round(2)) {
		return ""
	}
	return fmt.Sprintf("total %s, want %s (off by %s); tax %s, want %s (off by %s)",
		p.total.Fixed(2), w.total.Fixed(2), p.total.Sub(w.total).Fixed(2), p.tax.Fixed(2), w.tax.Fixed(2), p.tax.Sub(w.tax).Fixed(2))
}

func formPosted(h core, number, note string, total *money.Amount, tax *TxnTaxDetail, lines []Line) posted {
	sheet := posted{
		core: h, number: number, note: note, total: worth(total), tax: tax.total(),
		untold: total == nil, untaxed: tax == nil || tax.TotalTax == nil,
	}
	for _, line := range lines {
		sheet.something = sheet.something || !line.Amount.IsZero()
	}
	return sheet
}

// in returns it with its currency and what that is worth.
func (p posted) in(currency *Ref, rate *money.Amount) posted {
	p.currency, p.rate = currency.ID(), rate
	return p
}

// total returns the tax of a document; 0 if it has none.
func (t *TxnTaxDetail) total() money.Amount {
	if t == nil {
		return money.Amount{}
	}
	return worth(t.TotalTax)
}

// worth returns an amount; 0 for none.
func worth(a *money.Amount) money.Amount {
	if a == nil {
		return money.Amount{}
	}
	return *a
}
