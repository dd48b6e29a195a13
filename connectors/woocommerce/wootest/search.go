package wootest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// searchFilter finds products by words that all stand in their name or
// descriptions, whatever their case and accents. Searches of other records, and
// words that WordPress reads in a way of its own, were not measured.
func (x *exchange) searchFilter(t *table, search string) (filter, *apiError) {
	if t != x.data.products {
		return nil, notPlayed("search of anything but products")
	}
	var words []string
	for _, word := range strings.FieldsFunc(search, func(r rune) bool { return strings.ContainsRune("\t \",+", r) }) {
		switch {
		case strings.ContainsRune(search, '"'), strings.HasPrefix(word, "-"), slices.Contains(stopWords(), strings.ToLower(word)):
			return nil, notPlayed("search with quotes, minus signs or stop words")
		case len(word) == 1 && unicode.IsLetter(rune(word[0])):
			continue // too short
		}
		words = append(words, folded(word))
	}
	if len(words) == 0 || len(words) > 9 {
		words = []string{folded(search)}
	}
	return func(r *record) bool {
		var d struct {
			Name        string `json:"name"`
			Short       string `json:"short_description"`
			Description string `json:"description"`
		}
		if err := json.Unmarshal(r.raw, &d); err != nil {
			return false
		}
		texts := []string{folded(d.Name), folded(d.Short), folded(d.Description)}
		return !slices.ContainsFunc(words, func(word string) bool {
			return !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, word) })
		})
	}, nil
}

func stopWords() []string {
	return strings.Fields("about an are as at be by com for from how in is it of on or that the this to was what when where who will with www")
}

// folded is a text as the database compares it.
func folded(s string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), s)
	if err != nil {
		plain = s
	}
	return strings.ToLower(plain)
}

// cleanText is what WordPress leaves of a text field: no tags, no percent
// codes, single spaces.
func cleanText(s string) string {
	s = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, "")
	codes := regexp.MustCompile(`%[a-fA-F0-9]{2}`)
	for codes.MatchString(s) {
		s = codes.ReplaceAllString(s, "")
	}
	return strings.Join(strings.Fields(s), " ")
}
