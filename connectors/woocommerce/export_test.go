package woocommerce

import (
	"net/http"

	"github.com/woosync/woosync/rest"
)

// Signed is a query with its signature, as tests look at it.
type Signed struct{ Base, Signature, Query string }

// SignOAuth signs with a nonce and a moment of the test's choice.
func SignOAuth(method, address, query, key, secret, nonce string, timestamp int64) (Signed, error) {
	o := oauth{key: key, secret: secret, method: method, address: address, nonce: nonce, timestamp: timestamp}
	signed, err := o.query(query)
	if err != nil {
		return Signed{}, err
	}
	pairs, err := parsePairs(signed)
	if err != nil {
		return Signed{}, err
	}
	last := len(pairs) - 1
	return Signed{Base: o.baseString(pairs[:last]), Signature: pairs[last].value, Query: signed}, nil
}

// Links are targets and relations of Link headers, and APIRoot is what a page
// names as the root of its API.
func Links(values ...string) (links [][2]string) {
	for _, l := range parseLinks(values) {
		links = append(links, [2]string{l.target, l.rel})
	}
	return links
}

// APIRoot is "" if the page names none.
func APIRoot(header []string, body []byte) string {
	if root := apiRoot(&rest.Response{Header: http.Header{"Link": header}, Body: body}); root != nil {
		return root.String()
	}
	return ""
}

// BaseString is that of a query that has all parameters but the signature.
func BaseString(method, address, query string) (string, error) {
	pairs, err := parsePairs(query)
	return oauth{method: method, address: address}.baseString(pairs), err
}

// ValidJSON and UnquoteJSON stand in for functions of encoding/json.
func ValidJSON(data []byte) bool { return valid(data) }

// UnquoteJSON reads a string that is JSON.
func UnquoteJSON(quoted []byte) string { return unquote(quoted) }
