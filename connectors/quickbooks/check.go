package quickbooks

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// A checker collects what QuickBooks would refuse one by one.
type checker struct{ violations []error }

func (c *checker) add(format string, args ...any) {
	c.violations = append(c.violations, fmt.Errorf(format, args...))
}

// checkable is an entity that knows what QuickBooks would refuse of it. whole says that nothing may be missing: it is to be made, or
// written as a whole.
type checkable interface {
	entity() string
	check(c *checker, whole bool)
}

// fault returns everything that was found, as one refusal of the record; nil if nothing was.
func (c *checker) fault(what string) error {
	if len(c.violations) == 0 {
		return nil
	}
	return &woosync.Fault{
		Definite: woosync.Rejected, Category: woosync.CategoryData,
		Err: fmt.Errorf("quickbooks: %s not sent: %w", what, errors.Join(c.violations...)),
	}
}

// rejected returns a refusal of ours.
func rejected(category woosync.Category, remedy, format string, args ...any) *woosync.Fault {
	return &woosync.Fault{Definite: woosync.Rejected, Category: category, Remedy: remedy, Err: fmt.Errorf("quickbooks: "+format, args...)}
}

func (c *checker) length(field, value string, limit int) {
	if n := utf8.RuneCountInString(value); n > limit {
		c.add("%s: %d characters, at most %d are allowed", field, n, limit)
	}
}

func (c *checker) name(field, value string, limit int) {
	c.length(field, value, limit)
	if strings.Contains(value, ":") || !isText(value) {
		c.add("%s: must not contain a colon, tab, line break or other control character", field)
	}
}

func (c *checker) email(field string, email *Email) {
	if email == nil || email.Address == "" {
		return
	}
	c.length(field, email.Address, 100)
	if !strings.Contains(email.Address, "@") || !strings.Contains(email.Address, ".") {
		c.add("%s: not an e-mail address", field)
	}
}

func (c *checker) phone(field string, phone *Phone) {
	if phone != nil {
		c.length(field, phone.FreeFormNumber, 30)
	}
}

func (c *checker) website(field string, site *Website) {
	if site == nil || site.URI == "" {
		return
	}
	c.length(field, site.URI, 1000)
	if _, err := url.Parse(site.URI); err != nil || !strings.Contains(site.URI, ".") || !isText(site.URI) {
		c.add("%s: not an address", field)
	}
}

func (c *checker) address(field string, a *Address) {
	if a == nil {
		return
	}
	lines := 0
	for i, line := range []string{a.Line1, a.Line2, a.Line3, a.Line4, a.Line5} {
		c.length(fmt.Sprintf("%s.Line%d", field, i+1), line, 500)
		lines += utf8.RuneCountInString(line)
	}
	if lines > 2000 {
		c.add("%s: lines of %d characters together, at most 2000 are allowed", field, lines)
	}
	c.length(field+".City", a.City, 255)
	c.length(field+".CountrySubDivisionCode", a.CountrySubDivisionCode, 255)
	c.length(field+".PostalCode", a.PostalCode, 30)
	c.length(field+".Country", a.Country, 255)
}

func (c *checker) date(field, value string) {
	if value == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		c.add("%s: want a date as YYYY-MM-DD", field)
	}
}

func (c *checker) required(field string, ref *Ref) {
	if ref.ID() == "" {
		c.add("%s: missing", field)
	}
}

func (c *checker) missing(field, value string) {
	if strings.TrimSpace(value) == "" {
		c.add("%s: missing", field)
	}
}

func (c *checker) oneOf(field, value string, words ...string) {
	if value != "" && !slices.Contains(words, value) {
		c.add("%s: %q is none of %s", field, clip(value, maxMessage), strings.Join(words, ", "))
	}
}

func (c *checker) taxMode(mode Enum) {
	c.oneOf("GlobalTaxCalculation", string(mode), TaxExcluded, TaxInclusive, NotApplicable)
}

func (c *checker) percent(field string, value *money.Amount) {
	if value != nil && (value.Sign() < 0 || value.Cmp(money.New(100, 0)) > 0) {
		c.add("%s: %s is no percentage", field, value)
	}
}

func (c *checker) currency(field, code string) {
	if code != "" && (len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		c.add("%s: want three letters", field)
	}
}

func (c *checker) currencyRef(ref *Ref) { c.currency("CurrencyRef", ref.ID()) }

// child checks an entry of a list in which entries can stand below each other.
func (c *checker) child(name, flag string, below *bool, parent *Ref, whole bool) {
	c.name("Name", name, 100)
	if whole {
		c.missing("Name", name)
	}
	if parent != nil && (below == nil || !*below) {
		c.add("ParentRef: needs %s", flag)
	}
}

func (c *checker) custom(fields []CustomField) {
	for i, field := range fields {
		if field.StringValue != "" && field.DefinitionID == "" {
			c.add("CustomField[%d]: DefinitionId is missing", i)
		}
	}
}

func (c *checker) digits(field string, amount *money.Amount, digits int32) {
	if amount != nil && !amount.Round(digits).Equal(*amount) {
		c.add("%s: %s has more than %d digits behind the point", field, amount, digits)
	}
}

// checkKey checks what a write must bring to be recognised when it comes again.
func checkKey(key string) error {
	if key == "" || len(key) > 36 || strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	}) {
		return rejected(woosync.CategoryMapping, "", "the key of a write: want 1 to 36 characters of [A-Za-z0-9-]")
	}
	return nil
}

// checkTarget refuses a change of something that it does not name: without an ID, an update would make another one.
func checkTarget[D any](change woosync.Change[D]) error {
	if change.Action != woosync.Create && change.TargetID == "" {
		return rejected(woosync.CategoryMapping, "", "%s of record %s: the change names no target ID", change.Action, clip(change.SourceID, maxMessage))
	}
	return nil
}

// spaced returns the name of an entity as words: "sales receipt".
func spaced(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
