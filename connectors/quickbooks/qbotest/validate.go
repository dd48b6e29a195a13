package qbotest

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// known refuses properties that the entity does not have and values of the wrong JSON type; when lenient it drops the former.
func known(n *node, fields []field, lenient bool) *fault {
	for i := 0; i < len(n.members); i++ {
		m := n.members[i]
		f := fieldIn(fields, m.name)
		if f == nil && !lenient {
			return badProperty(m.name)
		}
		if f == nil {
			n.drop(m.name)
			i--
			continue
		}
		if err := knownValue(m.value, f, lenient); err != nil {
			return err
		}
	}
	return nil
}

func knownValue(v *node, f *field, lenient bool) *fault {
	if v.shape == null {
		return nil
	}
	want := text
	switch f.kind {
	case decimalField:
		want = number
	case boolField:
		want = boolean
	case refField, objectField:
		want = object
	case listField:
		want = list
	case textField, dateField, timeField, emailField, urlField, enumField:
	}
	if v.shape != want && (!f.loose || v.shape != text) {
		return badProperty(f.name)
	}
	switch f.kind {
	case refField:
		return known(v, []field{words("value", 0), words("name", 0), words("type", 0)}, lenient)
	case objectField:
		return known(v, f.fields, lenient)
	case listField:
		for _, item := range v.items {
			if item.shape != object {
				return badProperty(f.name)
			}
			if err := known(item, f.fields, lenient); err != nil {
				return err
			}
		}
	case textField, dateField, timeField, emailField, urlField, enumField, decimalField, boolField:
	}
	return nil
}

// formats checks lengths, characters and forms.
func formats(n *node, fields []field, path string) *fault {
	for _, m := range n.members {
		f := fieldIn(fields, m.name)
		if f == nil || m.value.empty() {
			continue
		}
		if err := format(m.value, f, path); err != nil {
			return err
		}
	}
	return nil
}

func format(v *node, f *field, path string) *fault {
	element := path + f.name
	switch f.kind {
	case objectField:
		if err := addressLength(v, element); err != nil {
			return err
		}
		return formats(v, f.fields, element+".")
	case listField:
		for _, item := range v.items {
			if err := formats(item, f.fields, element+"."); err != nil {
				return err
			}
		}
		return nil
	case decimalField:
		return decimalFormat(v, f, element)
	case enumField:
		if !slices.Contains(f.values, v.chars) {
			return badFormat("2170", "Invalid Enumeration", element, v.chars)
		}
		return nil
	case refField:
		if v.str("value") == "" {
			return missing(element + ".value")
		}
		return nil
	case boolField, timeField:
		return nil
	case textField, dateField, emailField, urlField:
	}
	return textFormat(v, f, element)
}

func textFormat(v *node, f *field, element string) *fault {
	if n := utf8.RuneCountInString(v.chars); f.max > 0 && n > f.max {
		return tooLong(element, n, f.max)
	}
	bad := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	if f.strict {
		bad = func(r rune) bool { return r == ':' || unicode.IsControl(r) }
	}
	if strings.ContainsFunc(v.chars, bad) {
		return badCharacters(element)
	}
	if f.max > 0 {
		if err := rawCard(v.chars, element); err != nil {
			return err
		}
	}
	switch {
	case f.kind == dateField:
		return dateFormat(v.chars, element)
	case f.kind == emailField && (!strings.Contains(v.chars, "@") || !strings.Contains(v.chars, ".") || strings.ContainsAny(v.chars, " \t\r\n")):
		return badFormat("2210", "Invalid Email Address format", element, v.chars)
	case f.kind == urlField && !webAddress(v.chars):
		return badFormat("2200", "Malformed Web Address Format", element, v.chars)
	}
	return nil
}

func tooLong(element string, n, most int) *fault {
	return &fault{
		code: "2050", message: "String length is either shorter or longer than supported by specification", element: element,
		detail: "String length specified does not match the supported length. Min:0 Max:" + decimal.NewFromInt(int64(most)).String() +
			" supported. Supplied length:" + decimal.NewFromInt(int64(n)).String(),
	}
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Host, ".")
}

func dateFormat(s, element string) *fault {
	if !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(s) {
		return badFormat("2060", "Invalid Date Format", element, s)
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return badFormat("2070", "Invalid Date", element, s)
	}
	return nil
}

// decimalFormat bounds numbers before anything computes with them: no exponents, 15 digits, as many decimals as the field has.
func decimalFormat(v *node, f *field, element string) *fault {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(v.chars, "-"), ".")
	fraction = strings.TrimRight(fraction, "0")
	most := int(f.decimals)
	if most == 0 {
		most = 10
	}
	d, err := decimal.NewFromString(v.chars)
	widest := 15
	if f.name == "Amount" {
		widest = 10
	}
	switch {
	case err != nil || strings.ContainsAny(v.chars, "eE"):
		return badFormat("2100", "Invalid Decimal Format", element, v.chars)
	case len(whole) > widest:
		return badFormat("2110", "Invalid Decimal", element, v.chars)
	case len(fraction) > most && strings.HasSuffix(f.name, "Amount"):
		return badFormat("2140", "Invalid Amount. Amount has more precision than allowed", element, v.chars)
	case len(fraction) > most:
		return badFormat("2110", "Invalid Decimal", element, v.chars)
	case f.max > 0 && d.GreaterThan(decimal.NewFromInt(int64(f.max))):
		return badFormat("2240", "Invalid Number Range", element, v.chars)
	}
	return nil
}

// addressLength checks the bound on the five lines of an address together.
func addressLength(v *node, element string) *fault {
	n := 0
	for _, line := range []string{"Line1", "Line2", "Line3", "Line4", "Line5"} {
		n += utf8.RuneCountInString(v.str(line))
	}
	if n > 2000 {
		return tooLong(element, n, 2000)
	}
	return nil
}

// complaint says what is missing that must be there, if anything.
func (s *schema) complaint(b *books, doc *node) *fault {
	for _, name := range s.required {
		v := doc.get(name)
		if !doc.has(name) || v.shape == list && len(v.items) == 0 || v.shape == text && v.chars == "" || v.shape == object && v.str("value") == "" {
			return missing(name)
		}
	}
	if s.also != nil {
		return s.also(b, doc)
	}
	return nil
}
