package woocommerce

// valid is json.Valid, several times as fast: a page of orders is half a
// megabyte, and to check it that way costs more than to take it apart.
func valid(data []byte) bool {
	c := checker(data)
	i, ok := c.value(c.blank(0), 0)
	return ok && c.blank(i) == len(c)
}

// A checker checks JSON. Its methods return where what begins at i ends.
type checker []byte

// maxNesting is how deep encoding/json lets values nest.
const maxNesting = 10000

func (c checker) blank(i int) int {
	for i < len(c) && (c[i] == ' ' || c[i] == '\n' || c[i] == '\t' || c[i] == '\r') {
		i++
	}
	return i
}

func (c checker) value(i, depth int) (int, bool) {
	if i >= len(c) {
		return i, false
	}
	switch b := c[i]; b {
	case '"':
		return c.text(i + 1)
	case '{':
		return c.object(i+1, depth+1)
	case '[':
		return c.array(i+1, depth+1)
	case 't':
		return c.word(i, "true")
	case 'f':
		return c.word(i, "false")
	case 'n':
		return c.word(i, "null")
	}
	return c.number(i)
}

func (c checker) word(i int, want string) (int, bool) {
	end := i + len(want)
	return end, end <= len(c) && string(c[i:end]) == want
}

func (c checker) object(i, depth int) (int, bool) {
	if depth > maxNesting {
		return i, false
	}
	if i = c.blank(i); i < len(c) && c[i] == '}' {
		return i + 1, true
	}
	for ; ; i = c.blank(i + 1) {
		if i >= len(c) || c[i] != '"' {
			return i, false
		}
		var ok bool
		if i, ok = c.text(i + 1); !ok {
			return i, false
		}
		if i = c.blank(i); i >= len(c) || c[i] != ':' {
			return i, false
		}
		if i, ok = c.value(c.blank(i+1), depth); !ok {
			return i, false
		}
		if i = c.blank(i); i >= len(c) || c[i] != ',' {
			return i + 1, i < len(c) && c[i] == '}'
		}
	}
}

func (c checker) array(i, depth int) (int, bool) {
	if depth > maxNesting {
		return i, false
	}
	if i = c.blank(i); i < len(c) && c[i] == ']' {
		return i + 1, true
	}
	for ; ; i = c.blank(i + 1) {
		var ok bool
		if i, ok = c.value(i, depth); !ok {
			return i, false
		}
		if i = c.blank(i); i >= len(c) || c[i] != ',' {
			return i + 1, i < len(c) && c[i] == ']'
		}
	}
}

// text checks a string from the byte after its quote on.
func (c checker) text(i int) (int, bool) {
	for i < len(c) {
		switch b := c[i]; {
		case b == '"':
			return i + 1, true
		case b < ' ':
			return i, false
		case b != '\\':
			i++
		default:
			var ok bool
			if i, ok = c.escape(i + 1); !ok {
				return i, false
			}
		}
	}
	return i, false
}

func (c checker) escape(i int) (int, bool) {
	if i >= len(c) {
		return i, false
	}
	switch c[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1, true
	case 'u':
		return i + 5, i+5 <= len(c) && c.hex(i+1) && c.hex(i+2) && c.hex(i+3) && c.hex(i+4)
	}
	return i, false
}

func (c checker) hex(i int) bool { return c.digit(i) || 'a' <= c[i]|0x20 && c[i]|0x20 <= 'f' }

func (c checker) digit(i int) bool { return i < len(c) && '0' <= c[i] && c[i] <= '9' }

func (c checker) number(i int) (int, bool) {
	if c[i] == '-' {
		i++
	}
	switch {
	case !c.digit(i):
		return i, false
	case c[i] == '0':
		i++
	default:
		i = c.digits(i)
	}
	if i < len(c) && c[i] == '.' {
		if i++; !c.digit(i) {
			return i, false
		}
		i = c.digits(i)
	}
	if i < len(c) && c[i]|0x20 == 'e' {
		if i++; i < len(c) && (c[i] == '+' || c[i] == '-') {
			i++
		}
		return c.digits(i), c.digit(i)
	}
	return i, true
}

func (c checker) digits(i int) int {
	for c.digit(i) {
		i++
	}
	return i
}
