package wootest

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// slugOf is what WordPress makes of a title for addresses: accents fall away,
// other letters are percent-encoded, quotes vanish.
func slugOf(title string) string {
	var b strings.Builder
	for _, r := range stripTags(title) {
		plain := withoutAccent(unicode.ToLower(r))
		switch {
		case plain != "":
			b.WriteString(plain)
		case strings.ContainsRune("“”‘’‚„‛‟«»‹›¡¿©®°…™´", r), r == '\u200d' || r == '\u200b' || r == '\u200c' || r == '\u00ad':
		case strings.ContainsRune("–—", r), r == '\u00a0':
			b.WriteByte('-')
		case r == ' ' || r == '\t' || r == '\n' || r == '.' || r == '-' || r == '/':
			b.WriteByte('-')
		case r > unicode.MaxASCII:
			b.WriteString(strings.ToLower(url.QueryEscape(string(unicode.ToLower(r)))))
		}
	}
	slug := b.String()
	for strings.Contains(slug, "--") {
		slug = strings.ReplaceAll(slug, "--", "-")
	}
	return cutSlug(strings.Trim(slug, "-"))
}

// cutSlug keeps what the database has room for, whole letters only.
func cutSlug(slug string) string {
	const room = 200
	if len(slug) <= room {
		return slug
	}
	slug = slug[:room]
	for range 12 {
		decoded, err := url.QueryUnescape(slug)
		if err == nil && utf8.ValidString(decoded) {
			break
		}
		slug = slug[:len(slug)-1]
	}
	return strings.TrimRight(slug, "-")
}

// stripTags removes what looks like HTML.
func stripTags(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if _, rest, found = strings.Cut(rest, ">"); !found {
			return b.String()
		}
		text = rest
	}
}

// withoutAccent is a letter that needs no encoding; "" for none.
func withoutAccent(r rune) string {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
		return string(r)
	}
	const from = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňōŏőŕŗřśŝşšţťŧũūŭůűųŵŷźżž"
	const into = "aaaaaaceeeeiiiinoooooouuuuyyaaaccccddeeeeegggghhiiiiijklllllnnnooorrrsssstttuuuuuuwyzzz"
	if at := strings.IndexRune(from, r); at >= 0 {
		at = utf8.RuneCountInString(from[:at])
		return into[at : at+1]
	}
	switch r {
	case 'ß':
		return "s"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ð':
		return "d"
	}
	return ""
}

// freeSlug is the slug with a number behind it where a product has it already.
func (s *store) freeSlug(slug string, own int64) string {
	taken := make(map[string]bool)
	for _, r := range s.products.rows {
		if r.id != own {
			taken[r.slug] = true
		}
	}
	free := slug
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", slug, n)
	}
	return free
}

// shownSlug is a slug as people read it.
func shownSlug(slug string) string {
	if decoded, err := url.QueryUnescape(slug); err == nil {
		return decoded
	}
	return slug
}
