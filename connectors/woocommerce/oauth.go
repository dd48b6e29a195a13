package woocommerce

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// oauth is one signature by OAuth 1.0a as WooCommerce checks it, which is not
// in every point as RFC 5849 has it: the query is read by PHP first.
type oauth struct {
	key, secret string
	method      string
	address     string // of the shop's home and the path below it
	nonce       string
	timestamp   int64
}

const signatureMethod = "HMAC-SHA256"

// query returns the query to send: what was asked for, the parameters of the
// protocol and the signature.
func (o oauth) query(raw string) (string, error) {
	pairs, err := parsePairs(raw)
	if err != nil {
		return "", err
	}
	if err := signable(pairs); err != nil {
		return "", err
	}
	pairs = append(pairs,
		pair{"oauth_consumer_key", o.key}, pair{"oauth_nonce", o.nonce},
		pair{"oauth_signature_method", signatureMethod}, pair{"oauth_timestamp", strconv.FormatInt(o.timestamp, 10)})
	return joinPairs(append(pairs, pair{"oauth_signature", o.signature(o.baseString(pairs))})), nil
}

func (o oauth) signature(base string) string {
	mac := hmac.New(sha256.New, []byte(o.secret+"&"))
	_, _ = mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// baseString is what is signed. Sorted are only the names before a bracket, as
// PHP keeps arrays in the order they come in.
func (o oauth) baseString(pairs []pair) string {
	sorted := slices.Clone(pairs)
	slices.SortStableFunc(sorted, func(a, b pair) int { return strings.Compare(a.top(), b.top()) })
	return o.method + "&" + escapeRFC3986(o.address) + "&" + escapeRFC3986(joinPairs(sorted))
}

// pair is a parameter of a query, decoded.
type pair struct{ name, value string }

// top is the name of the variable that PHP makes of the parameter.
func (p pair) top() string {
	top, _, _ := strings.Cut(p.name, "[")
	return top
}

// parsePairs reads a query. A list written as name[]=…&name[]=… becomes
// name[0]=…&name[1]=…, which is the same to PHP and, unlike the first, is taken
// when it is signed (measured on 10.9.2).
func parsePairs(raw string) ([]pair, error) {
	var pairs []pair
	listed := make(map[string]int)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		escapedName, escapedValue, _ := strings.Cut(part, "=")
		name, nameErr := url.QueryUnescape(escapedName)
		value, valueErr := url.QueryUnescape(escapedValue)
		if nameErr != nil || valueErr != nil {
			return nil, errors.New("oauth: the query is not escaped as it should be")
		}
		if list, found := strings.CutSuffix(name, "[]"); found {
			name = list + "[" + strconv.Itoa(listed[list]) + "]"
			listed[list]++
		}
		pairs = append(pairs, pair{name, value})
	}
	return pairs, nil
}

// signable refuses what the shop would read otherwise than it was signed.
func signable(pairs []pair) error {
	seen := make(map[string]bool, len(pairs))
	for _, p := range pairs {
		top, keys, _ := strings.Cut(p.name, "[")
		switch {
		case seen[p.name]: // measured: 401
			return fmt.Errorf("oauth: the parameter %q comes twice, which the shop does not take when signed: join the values with commas", p.name)
		case strings.HasPrefix(top, "oauth_"):
			return fmt.Errorf("oauth: the parameter %q belongs to the protocol", p.name)
		case top == "" || strings.ContainsFunc(top, notPlain) || !bracketed(keys):
			return fmt.Errorf("oauth: the parameter %q has a name that PHP would change", p.name)
		case keys != "" && seen[top], keys == "" && seen[top+"["]:
			return fmt.Errorf("oauth: the parameter %q is a value and a list at once", top)
		}
		seen[p.name] = true
		if keys != "" {
			seen[top+"["] = true
		}
	}
	return nil
}

// bracketed reports whether the rest of a name after its first bracket is made
// of keys such as 0] or 0][id].
func bracketed(keys string) bool {
	if keys == "" {
		return true
	}
	inner, closed := strings.CutSuffix(keys, "]")
	if !closed {
		return false
	}
	for key := range strings.SplitSeq(inner, "][") {
		if key == "" || strings.ContainsFunc(key, notPlain) {
			return false
		}
	}
	return true
}

// notPlain reports whether a character of a name is one that PHP changes, or
// that the shop does not encode before it checks.
func notPlain(c rune) bool {
	return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-'
}

func joinPairs(pairs []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escapeRFC3986(p.name) + "=" + escapeRFC3986(p.value))
	}
	return b.String()
}

// escapeRFC3986 escapes all but letters, digits and -._~, which is what the shop
// does before it compares.
func escapeRFC3986(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
