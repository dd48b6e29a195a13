package woocommerce

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

// BaseString is that of a query that has all parameters but the signature.
func BaseString(method, address, query string) (string, error) {
	pairs, err := parsePairs(query)
	return oauth{method: method, address: address}.baseString(pairs), err
}
