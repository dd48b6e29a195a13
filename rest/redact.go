package rest

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxText    = 200  // bytes of a foreign text that an error shows
	maxScanned = 4096 // bytes of it that are searched for secrets before it is cut
)

// Redact returns s with every one of the secrets replaced by [redacted], also where it is escaped for a URL, quoted, or in
// base64; and so is what looks like a credential: the values of fields called token, secret, password and the like, keys
// of a shop (ck_…, cs_…), what follows Bearer or Basic, and the user of a URL. Empty secrets are ignored.
func Redact(s string, secrets ...string) string {
	return hide(s, append(credentials(s), secretSpans(s, secrets)...))
}

// secretSpans finds secrets in any of their forms.
func secretSpans(s string, secrets []string) (spans []span) {
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			spans = append(spans, occurrences(s, form)...)
		}
	}
	return spans
}

// hide replaces parts of a text.
func hide(s string, spans []span) string {
	if len(spans) == 0 {
		return s
	}
	// All spans are of the original text: replacing one secret must not hide half of another that overlaps it.
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for i, at := range spans {
		if i == 0 || at.from > end {
			b.WriteString(s[end:at.from])
			b.WriteString(redacted)
		}
		end = max(end, at.to)
	}
	b.WriteString(s[end:])
	return b.String()
}

// span is a part of a text, from inclusive, to exclusive.
type span struct{ from, to int }

func occurrences(s, secret string) []span {
	var found []span
	for at := 0; ; {
		i := strings.Index(s[at:], secret)
		if i < 0 {
			return found
		}
		found = append(found, span{at + i, at + i + len(secret)})
		at += i + 1
	}
}

// forms returns the ways a secret may be written.
func forms(secret string) []string {
	if secret == "" {
		return nil
	}
	all := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		strings.Trim(strconv.Quote(secret), `"`), strings.Trim(strconv.QuoteToASCII(secret), `"`), escape(secret, len(secret)),
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(form string) bool { return form == "" })
}

// credentials finds what looks like a credential by the words around it.
func credentials(s string) []span {
	low := lower(s)
	var found []span
	for _, name := range []string{
		"token", "accesstoken", "refreshtoken", "secret", "clientsecret", "password", "passwd", "consumer_key", "api_key",
		"apikey", "oauth_signature", "authorization", "set-cookie", "cookie",
	} {
		for _, at := range occurrences(low, name) {
			if from := valueAfter(low, at); from >= 0 {
				found = append(found, span{from, valueEnd(s, from)})
			}
		}
	}
	for _, scheme := range []string{"bearer ", "basic "} {
		for _, at := range occurrences(low, scheme) {
			if to := runEnd(s, at.to); to-at.to >= 8 {
				found = append(found, span{at.to, to})
			}
		}
	}
	for _, prefix := range []string{"ck_", "cs_"} {
		for _, at := range occurrences(low, prefix) {
			if to := runEnd(s, at.to); to-at.to >= 8 {
				found = append(found, span{at.from, to})
			}
		}
	}
	for _, at := range occurrences(s, "://") {
		authority := s[at.to:]
		if stop := strings.IndexAny(authority, "/?#\"'<> \t\r\n"); stop >= 0 {
			authority = authority[:stop]
		}
		if user := strings.LastIndexByte(authority, '@'); user >= 0 {
			found = append(found, span{at.to, at.to + user})
		}
	}
	return found
}

// valueAfter returns where the value of the field begins whose name stands at at, or -1 if it is no field's whole name.
func valueAfter(s string, at span) int {
	if at.from > 0 && 'a' <= s[at.from-1] && s[at.from-1] <= 'z' {
		return -1 // SyncToken is no token
	}
	rest := strings.TrimLeft(s[at.to:], "\\\"' \t")
	if rest == "" || rest[0] != ':' && rest[0] != '=' {
		return -1
	}
	rest = strings.TrimLeft(rest[1:], " \t\r\n")
	rest = strings.TrimPrefix(rest, "\\")
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		rest = rest[1:]
	}
	if rest == "" {
		return -1
	}
	return len(s) - len(rest)
}

// valueEnd returns where the value that begins at from ends: at the quote that was opened before it, else at a separator. A
// header's value may hold a scheme and a space, so a space alone does not end one that is not quoted; too much is hidden
// rather than too little.
func valueEnd(s string, from int) int {
	quote := s[from-1]
	if quote != '"' && quote != '\'' {
		if stop := strings.IndexAny(s[from:], "&,;}<>\"'\r\n"); stop >= 0 {
			return from + stop
		}
		return len(s)
	}
	nested := from >= 2 && s[from-2] == '\\' // JSON inside a JSON string ends at an escaped quote
	for i := from; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return i
		case s[i] == '\\' && !nested:
			i++
		}
	}
	return len(s)
}

// runEnd returns where the run of characters ends that keys and base64 consist of.
func runEnd(s string, from int) int {
	for i := from; i < len(s); i++ {
		c := s[i]
		if ('0' > c || c > '9') && ('a' > c || c > 'z') && ('A' > c || c > 'Z') && strings.IndexByte("-_.~+/=", c) < 0 {
			return i
		}
	}
	return len(s)
}

// lower is strings.ToLower for ASCII alone, so that positions stay the same.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// escape returns the first limit bytes of s with everything that is not printable (control characters, line ends, marks
// that turn the direction of writing, broken UTF-8) written as a Go escape, so that no foreign text can forge a line of a log.
func escape(s string, limit int) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if i+size > limit {
			break
		}
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[i])|0x100, 16)[1:])
		case r == '\\':
			b.WriteString(`\\`)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
		i += size
	}
	return b.String()
}

// excerpt returns the beginning of a foreign text: redacted, cut, escaped.
func excerpt(s string, secrets ...string) string {
	return escape(Redact(s[:min(len(s), maxScanned)], secrets...), maxText)
}
