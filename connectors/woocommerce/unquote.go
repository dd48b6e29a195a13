package woocommerce

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unquote reads a JSON string as json.Unmarshal does: bytes that are no UTF-8
// and halves of surrogate pairs become U+FFFD.
func unquote(quoted []byte) string {
	text := quoted[1 : len(quoted)-1]
	at := bytes.IndexByte(text, '\\')
	if at < 0 {
		if utf8.Valid(text) {
			return string(text)
		}
		at = 0
	}
	out := append(make([]byte, 0, len(text)), text[:at]...)
	if !utf8.Valid(out) {
		out, at = out[:0], 0
	}
	for i := at; i < len(text); {
		switch c := text[i]; {
		case c == '\\':
			var r rune
			r, i = escaped(text, i+1)
			out = utf8.AppendRune(out, r)
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			r, size := utf8.DecodeRune(text[i:])
			out = utf8.AppendRune(out, r)
			i += size
		}
	}
	return string(out)
}

// escaped reads what follows a backslash, and returns where it ends.
func escaped(text []byte, i int) (rune, int) {
	switch c := text[i]; c {
	case 'b':
		return '\b', i + 1
	case 'f':
		return '\f', i + 1
	case 'n':
		return '\n', i + 1
	case 'r':
		return '\r', i + 1
	case 't':
		return '\t', i + 1
	case 'u':
	default:
		return rune(c), i + 1
	}
	r, i := unit(text, i+1), i+5
	if !utf16.IsSurrogate(r) {
		return r, i
	}
	if i+6 <= len(text) && text[i] == '\\' && text[i+1] == 'u' {
		if pair := utf16.DecodeRune(r, unit(text, i+2)); pair != utf8.RuneError {
			return pair, i + 6
		}
	}
	return utf8.RuneError, i
}

// unit reads four hexadecimal digits.
func unit(text []byte, i int) rune {
	n, _ := strconv.ParseUint(string(text[i:i+4]), 16, 32) // it is JSON
	return rune(n)
}
