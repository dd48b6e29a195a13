package woocommerce

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/woosync/woosync/rest"
)

// AuthMode is how a Client shows its key to the shop. The zero value is
// [AuthAuto].
type AuthMode uint8

// The ways to show a key.
const (
	// AuthAuto is AuthBasic over https and AuthOAuth1 over http.
	AuthAuto AuthMode = iota
	// AuthBasic sends key and secret in the Authorization header. Only over https.
	AuthBasic
	// AuthOAuth1 signs every request by OAuth 1.0a with HMAC-SHA256; the secret
	// is never sent. It works over http, and over https for hosts that remove the
	// Authorization header. Signatures are over the shop's home address, so see
	// Config.SigningURL.
	AuthOAuth1
	// AuthQueryString sends key and secret in the address, where servers write
	// them into their logs. It is for hosts that remove the Authorization header
	// and change addresses. Only over https.
	AuthQueryString
)

// String returns the name, such as "basic" or "query string".
func (m AuthMode) String() string {
	switch m {
	case AuthAuto:
		return "auto"
	case AuthBasic:
		return "basic"
	case AuthOAuth1:
		return "oauth1"
	case AuthQueryString:
		return "query string"
	}
	return "unknown"
}

// resolve returns the mode that auto stands for.
func (m AuthMode) resolve(address string) AuthMode {
	switch {
	case m != AuthAuto:
		return m
	case strings.HasPrefix(address, "https:"):
		return AuthBasic
	}
	return AuthOAuth1
}

// credentials are a key and how it is shown.
type credentials struct {
	key    string
	secret rest.Secret
	mode   AuthMode // resolved
	base   string   // what the client sends to: scheme, host, path of the shop
	home   string   // what signatures are made over instead of base
	clock  *skew
}

// authorize adds what the shop wants to see to a request. It is rest's
// Authorize, which calls it anew for every attempt, so that no nonce is used
// twice.
func (c credentials) authorize(_ context.Context, request *http.Request) error {
	switch c.mode {
	case AuthBasic:
		request.SetBasicAuth(c.key, c.secret.Reveal())
	case AuthOAuth1:
		nonce := make([]byte, 16)
		_, _ = rand.Read(nonce) // never fails
		return c.sign(request, time.Now().Add(c.clock.get()), hex.EncodeToString(nonce))
	case AuthQueryString:
		pair := "consumer_key=" + escapeRFC3986(c.key) + "&consumer_secret=" + escapeRFC3986(c.secret.Reveal())
		request.URL.RawQuery = strings.TrimPrefix(request.URL.RawQuery+"&"+pair, "&")
	case AuthAuto:
		return errors.New("no way to show the key was chosen")
	}
	return nil
}

// sign puts the parameters of OAuth 1.0a into the query. They stand there and
// not in the header because hosts remove the header.
func (c credentials) sign(request *http.Request, at time.Time, nonce string) error {
	o := oauth{
		key: c.key, secret: c.secret.Reveal(), method: request.Method, nonce: nonce, timestamp: at.Unix(),
		address: c.home + strings.TrimPrefix(originOf(request.URL)+request.URL.EscapedPath(), c.base),
	}
	query, err := o.query(request.URL.RawQuery)
	if err != nil {
		return err
	}
	request.URL.RawQuery = query
	return nil
}

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

const (
	maxSkew  = 5 * time.Minute // of the 15 that the shop allows
	authCode = "woocommerce_rest_authentication_error"
)

// again says whether a refusal was about the timestamp or the nonce alone. The
// text depends on the shop's language, so what counts is how far the clocks are
// apart. A nonce that was used is no reason to send a write again: something on
// the way has sent it twice, and the first may have been carried out.
func (c credentials) again(request rest.Request, answer *rest.Response) bool {
	failure := errorOf("", answer.Status, answer.Body)
	head := request.Method == http.MethodHead // has no body to tell
	if c.mode != AuthOAuth1 || failure.Code != authCode && !head {
		return false
	}
	if !answer.Date.IsZero() && c.clock.learn(time.Until(answer.Date)) {
		return true
	}
	return request.Method == http.MethodGet && strings.Contains(failure.Message, "nonce")
}

// A skew is how far the shop's clock is known to be ahead of ours, in
// nanoseconds. It is safe for concurrent use.
type skew struct{ ahead atomic.Int64 }

func (s *skew) get() time.Duration { return time.Duration(s.ahead.Load()) }

// learn reports whether what was known was so wrong that it matters.
func (s *skew) learn(ahead time.Duration) bool {
	if off := ahead - s.get(); off.Abs() < maxSkew {
		return false
	}
	s.ahead.Store(int64(ahead))
	return true
}

// checkAuth returns the mistakes in how the key is to be shown.
func (c Config) checkAuth(home string) error {
	if c.Authentication > AuthQueryString {
		return fmt.Errorf("Authentication: %d is no mode", c.Authentication)
	}
	plain := strings.HasPrefix(home, "http:")
	if mode := c.Authentication; plain && (mode == AuthBasic || mode == AuthQueryString) {
		return fmt.Errorf("Authentication: with plain http anybody on the way could read the key, so %s needs https: use AuthOAuth1 or an https URL", mode)
	}
	return nil
}

// signingAddress returns what signatures are made over.
func (c Config) signingAddress(home string) (string, error) {
	if c.SigningURL == "" {
		return home, nil
	}
	address, err := normalAddress(c.SigningURL)
	if err != nil {
		return "", fmt.Errorf("SigningURL: %w", err)
	}
	return address, nil
}
