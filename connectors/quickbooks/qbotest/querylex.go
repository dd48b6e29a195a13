package qbotest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	eofToken tokenKind = iota
	identToken
	stringToken
	integerToken
	decimalToken
	signToken
	badToken
)

// token is a word of a statement; column counts characters from 1.
type token struct {
	kind   tokenKind
	text   string // of a string: without quotes and escapes
	image  string // as it stands in the statement
	column int
}

// is says whether the token is a keyword or sign. Keywords are case-insensitive.
func (t token) is(word string) bool {
	return (t.kind == identToken || t.kind == signToken) && strings.EqualFold(t.text, word)
}

// lex cuts a statement into tokens; the last one is of kind eofToken. What cannot be read becomes one badToken.
func lex(statement string, d Dialect) []token {
	var out []token
	rest, column := statement, 1
	for {
		trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace)
		column += utf8.RuneCountInString(rest[:len(rest)-len(trimmed)])
		rest = trimmed
		if rest == "" {
			return append(out, token{kind: eofToken, column: column})
		}
		t := next(rest, d.PlainBackslash)
		t.column = column
		out = append(out, t)
		if t.kind == badToken {
			return append(out, token{kind: eofToken, column: column})
		}
		column += utf8.RuneCountInString(t.image)
		rest = rest[len(t.image):]
	}
}

// next reads the token at the beginning of s, which is not empty and does not begin with a space.
func next(s string, plain bool) token {
	switch c := s[0]; {
	case c == '\'':
		return quoted(s, plain)
	case letter(c):
		n := 1
		for n < len(s) && (letter(s[n]) || digit(s[n]) || s[n] == '.') {
			n++
		}
		return token{kind: identToken, text: s[:n], image: s[:n]}
	case digit(c) || c == '-' && len(s) > 1 && digit(s[1]):
		n, kind := 1, integerToken
		for n < len(s) && (digit(s[n]) || s[n] == '.') {
			if s[n] == '.' {
				kind = decimalToken
			}
			n++
		}
		return token{kind: kind, text: s[:n], image: s[:n]}
	case strings.HasPrefix(s, "<=") || strings.HasPrefix(s, ">="):
		return token{kind: signToken, text: s[:2], image: s[:2]}
	case strings.IndexByte("=<>(),*", c) >= 0:
		return token{kind: signToken, text: s[:1], image: s[:1]}
	}
	return token{kind: badToken, image: s}
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

// quoted reads a string. A quote inside is written \' and a backslash \\ or, if it is plain, as it is; a quote doubled ends the string
// and begins another.
func quoted(s string, plain bool) token {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'':
			return token{kind: stringToken, text: b.String(), image: s[:i+1]}
		case c == '\\' && i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '\\' && !plain):
			i++
			b.WriteByte(s[i])
		case c == '\\' && !plain:
			return token{kind: badToken, image: s}
		default:
			b.WriteByte(c)
		}
	}
	return token{kind: badToken, image: s}
}

// quote writes a string as it stands in a statement.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// encountered is the complaint of the parser about a token it did not expect.
func encountered(t token) *fault {
	kind := ""
	switch t.kind {
	case identToken:
		kind = "<IDENTIFIER> "
	case stringToken:
		kind = "<STRING> "
	case integerToken:
		kind = "<INTEGER_LITERAL> "
	case decimalToken:
		kind = "<DECIMAL_LITERAL> "
	case eofToken:
		kind = "<EOF> "
	case badToken:
		return parserFault(fmt.Sprintf("Lexical error at line 1, column %d.", t.column))
	case signToken:
	}
	return parserFault(fmt.Sprintf(`Encountered " %s"%s "" at line 1, column %d.`, kind, t.image, t.column))
}

func parserFault(detail string) *fault {
	return &fault{code: "4000", message: "Error parsing query", detail: "QueryParserError: " + detail}
}

func invalidQuery(detail string) *fault {
	return &fault{code: "4001", message: msgQuery, detail: "QueryValidationError: " + detail}
}
