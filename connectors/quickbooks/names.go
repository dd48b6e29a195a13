package quickbooks

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths of names in characters.
const (
	customerNameMax = 500
	itemNameMax     = 100
	shortHash       = 8 // hex digits
)

// CustomerNames returns the display names that a customer may take, best first: the name, the name with a number for
// people, the name with a hash of identity. They depend on the arguments alone. The number is what people know the
// customer by ("1042"), "" for none; identity must be different for every record that ever reaches the company
// ("https://shop.example customer 1042").
//
// Names are cleaned: colons, tabs, line breaks and other control characters become spaces, which are collapsed. A name
// over 500 characters is cut and ends in a hash of the whole.
func CustomerNames(name, number, identity string) []string {
	return candidates(name, number, identity, customerNameMax)
}

// ItemNames returns the names that an item may take, best first, as [CustomerNames] does, of at most 100 characters.
func ItemNames(name, number, identity string) []string {
	return candidates(name, number, identity, itemNameMax)
}

func candidates(name, number, identity string, limit int) []string {
	clean := cleanName(name)
	var names []string
	if clean != "" {
		names = append(names, fitName(clean, "", limit))
	}
	if number = cleanName(number); number != "" {
		names = append(names, fitName(clean, " (#"+number+")", limit))
	}
	return append(names, fitName(clean, " ("+hashOf(identity)+")", limit))
}

// fitName joins a name and its suffix; what does not fit is cut from the name and replaced by a hash of all of it.
func fitName(name, suffix string, limit int) string {
	whole := strings.TrimSpace(name + suffix)
	if utf8.RuneCountInString(whole) <= limit {
		return whole
	}
	mark := " ~" + hashOf(whole)
	room := limit - utf8.RuneCountInString(mark) - utf8.RuneCountInString(suffix)
	if room < 1 { // the suffix itself is too long to keep
		name, suffix, room = whole, "", limit-utf8.RuneCountInString(mark)
	}
	return strings.TrimSpace(string([]rune(name)[:room])) + mark + suffix
}

// cleanName replaces what QuickBooks refuses in a name (2040) by spaces.
func cleanName(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, " "), func(r rune) bool {
		return r == ':' || unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}

// sameName is how QuickBooks compares names: without regard to case.
func sameName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:shortHash]
}
