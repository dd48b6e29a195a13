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
	nonces      map[int64]string // by the second of their timestamp
}

// AddKey adds a key and returns it with its secret. The first of [ReadWrite] is
// that of [Server.Key].
func (s *Server) AddKey(p Permission) (key, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.keys) + 1
	added := apiKey{key: fmt.Sprintf("ck_CANARY%034x", n), secret: fmt.Sprintf("cs_CANARY%034x", n), permission: p}
	s.keys = append(s.keys, &added)
	return added.key, added.secret
}

// AddKeyPair adds a key whose both halves are given, such as one that a test
// has signatures of.
func (s *Server) AddKeyPair(p Permission, key, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, &apiKey{key: key, secret: secret, permission: p})
}

// identify finds out who asks. Without an error and without a key it is nobody,
// whom the route refuses. Keys only count for addresses of the shop's API that
// name it: wp-json/wc/; elsewhere, as behind rest_route, nobody looks at them.
func (s *Server) identify(r *http.Request, q query) (*apiKey, *apiError) {
	address, prefix := r.URL.RequestURI(), s.config.prefix
	if !strings.Contains(address, prefix+"/wc/") && !strings.Contains(address, prefix+"/wc-") || s.config.noWooCommerce {
		return nil, nil
	}
	if key, refusal := s.identifyBasic(r, q); key != nil || refusal != nil {
		return key, refusal
	}
	return s.identifySigned(r)
}

// encrypted says whether a request came over https, as far as the shop knows.
func (s *Server) encrypted(r *http.Request) bool { return https(r) && !s.config.tlsTerminated }

func https(r *http.Request) bool { return r.TLS != nil || r.URL.Scheme == "https" }

func (s *Server) identifyBasic(r *http.Request, q query) (*apiKey, *apiError) {
	encrypted := s.encrypted(r)
	if !encrypted && !s.config.basicOverHTTP {
		return nil, nil
	}
	key, secret, given := r.BasicAuth()
	if !given {
		key, secret = q.text("consumer_key"), q.text("consumer_secret")
		given = encrypted && key != "" && secret != ""
	}
	if !given {
		return nil, nil
	}
	found := s.keyOf(key)
	if found != nil && found.secret != secret {
		return nil, unauthorized("Consumer secret is invalid.")
	}
	return found, nil // an unknown key is like no key
}

func (s *Server) keyOf(key string) *apiKey {
	for _, k := range s.keys {
		if k.key == key {
			return k
		}
	}
	return nil
}

// permits says whether the key may use a method.
func (k *apiKey) permits(method string) *apiError {
	if k == nil {
		return nil
	}
	switch method {
	case http.MethodOptions:
	case http.MethodGet, http.MethodHead:
		if k.permission == WriteOnly {
			return unauthorized("The API key provided does not have read permissions.")
		}
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		if k.permission == ReadOnly {
			return unauthorized("The API key provided does not have write permissions.")
		}
	default:
		return unauthorized("Unknown request method.")
	}
	return nil
}

// mayUse says whether the key may use a route of the shop. How writes are
// refused is known from the source.
func (k *apiKey) mayUse(method string, rt *route) *apiError {
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
	code := "view"
	if writes(method) {
		switch {
		case strings.HasSuffix(rt.name, batchSuffix):
			code, message = "batch", "Sorry, you are not allowed to batch manipulate this resource."
		case method == http.MethodDelete:
			code, message = "delete", "Sorry, you are not allowed to delete this resource."
		case strings.HasSuffix(rt.name, "<id>"):
			code, message = "edit", "Sorry, you are not allowed to edit this resource."
		default:
			code, message = "create", "Sorry, you are not allowed to create resources."
		}
	}
	return &apiError{status: status, code: "woocommerce_rest_cannot_" + code, message: message}
}

func unauthorized(message string) *apiError {
	return &apiError{status: http.StatusUnauthorized, code: "woocommerce_rest_authentication_error", message: message}
}
