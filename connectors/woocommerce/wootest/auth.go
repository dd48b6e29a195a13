package wootest

import (
	"fmt"
	"net/http"
	"strings"
)

// Permission is what a key may do.
type Permission int

// The permissions of a key.
const (
	ReadWrite Permission = iota // the zero value
	ReadOnly
	WriteOnly
	NoRights // read and write, but of a user without rights to the shop: 403
)

type apiKey struct {
	key, secret string
	permission  Permission
}

// AddKey adds a key and returns it with its secret. The first of [ReadWrite] is
// that of [Server.Key].
func (s *Server) AddKey(p Permission) (key, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.keys) + 1
	added := apiKey{key: fmt.Sprintf("ck_CANARY%034x", n), secret: fmt.Sprintf("cs_CANARY%034x", n), permission: p}
	s.keys = append(s.keys, added)
	return added.key, added.secret
}

// identify finds out who asks. Without an error and without a key it is nobody,
// whom the route refuses. Signed requests (OAuth 1.0a) will be told apart here.
func (s *Server) identify(r *http.Request, q query) (*apiKey, *apiError) {
	https := r.TLS != nil || r.URL.Scheme == "https"
	if !https && !s.config.basicOverHTTP {
		return nil, nil
	}
	key, secret, given := r.BasicAuth()
	if !given {
		key, secret = q.text("consumer_key"), q.text("consumer_secret")
		given = https && key != "" && secret != ""
	}
	if !given {
		return nil, nil
	}
	for i := range s.keys {
		if s.keys[i].key == key {
			return s.keys[i].check(secret, r.Method)
		}
	}
	return nil, nil // an unknown key is like no key
}

func (k *apiKey) check(secret, method string) (*apiKey, *apiError) {
	if k.secret != secret {
		return nil, unauthorized("Consumer secret is invalid.")
	}
	reads := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
	switch {
	case reads && k.permission == WriteOnly && method != http.MethodOptions:
		return k, unauthorized("The API key provided does not have read permissions.")
	case !reads && k.permission == ReadOnly:
		return k, unauthorized("The API key provided does not have write permissions.")
	}
	return k, nil
}

// mayUse says whether the key may use a route of the shop.
func (k *apiKey) mayUse(rt *route) *apiError {
	if k != nil && k.permission != NoRights {
		return nil
	}
	status := http.StatusUnauthorized
	if k != nil {
		status = http.StatusForbidden
	}
	message := "Sorry, you cannot list resources."
	if strings.HasSuffix(rt.name, "<id>") {
		message = "Sorry, you cannot view this resource."
	}
	return &apiError{status: status, code: "woocommerce_rest_cannot_view", message: message}
}

func unauthorized(message string) *apiError {
	return &apiError{status: http.StatusUnauthorized, code: "woocommerce_rest_authentication_error", message: message}
}
