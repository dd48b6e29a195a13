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
	something    bool // one of its lines has an amount
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
		first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.EqualFold(strings.TrimRight(first, ":.,-"), "voided") {
			return true
		}
	}
	return false
}

// difference says in what a posted transaction differs from what it has to be; "" if the cents agree.
func (p posted) difference(w want) string {
	if p.total.Equal(w.total) && p.tax.Equal(w.tax) {
		return ""
	}
	return fmt.Sprintf("total %s, want %s (off by %s); tax %s, want %s (off by %s)",
		p.total.Fixed(2), w.total.Fixed(2), p.total.Sub(w.total).Fixed(2), p.tax.Fixed(2), w.tax.Fixed(2), p.tax.Sub(w.tax).Fixed(2))
}

func formPosted(h core, number, note string, total *money.Amount, tax *TxnTaxDetail, lines []Line) posted {
	sheet := posted{core: h, number: number, note: note, total: worth(total), tax: tax.total()}
	for _, line := range lines {
		sheet.something = sheet.something || !line.Amount.IsZero()
	}
	return sheet
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
