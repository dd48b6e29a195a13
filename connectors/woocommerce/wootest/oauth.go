package wootest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // HMAC-SHA1 is one of the two methods a shop takes.
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// oauthWindow is how far the timestamp of a signature may be from the clock of
// the shop.
const oauthWindow = 15 * time.Minute

// identifySigned finds out who signed a request by OAuth 1.0a. Without any of
// its parameters it is nobody.
func (s *Server) identifySigned(r *http.Request) (*apiKey, *apiError) {
	signed := oauthParams(r)
	var missing []string
	for _, name := range oauthNames() {
		if signed.get(name) == "" {
			missing = append(missing, name)
		}
	}
	switch len(missing) {
	case 0:
	case len(oauthNames()):
		return nil, nil
	default:
		return nil, missingParameters(missing)
	}
	key := s.keyOf(signed.get("oauth_consumer_key"))
	if key == nil {
		return nil, unauthorized("Consumer key is invalid.")
	}
	if refusal := key.checkSignature(r.Method, s.signedURL(r), signed); refusal != nil {
		return nil, refusal
	}
	if refusal := key.checkNonce(s.now(), signed.get("oauth_timestamp"), signed.get("oauth_nonce")); refusal != nil {
		return nil, refusal
	}
	return key, nil
}

func oauthNames() []string {
	return []string{"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method"}
}

func missingParameters(names []string) *apiError {
	refusal := unauthorized("Missing OAuth parameter ")
	if len(names) > 1 {
		refusal.message = "Missing OAuth parameters "
	}
	refusal.code = "woocommerce_rest_authentication_missing_parameter"
	refusal.message += strings.Join(names, ", ")
	return refusal
}

// oauthParams are those of the query, of a form that was posted, and of the
// header, which wins.
func oauthParams(r *http.Request) *vars {
	v := &vars{}
	v.read(r.URL.RawQuery)
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if body, err := io.ReadAll(r.Body); err == nil {
			r.Body = io.NopCloser(bytes.NewReader(body))
			v.read(string(body))
		}
	}
	header, found := strings.CutPrefix(strings.TrimSpace(r.Header.Get("Authorization")), "OAuth ")
	if !found {
		return v
	}
	for _, m := range oauthHeader().FindAllStringSubmatch(header, -1) {
		value := m[2]
		if value == "" {
			value = m[3]
		}
		v.put(m[1], nil, phpUnescape(value))
	}
	return v
}

func oauthHeader() *regexp.Regexp {
	return regexp.MustCompile(`(oauth_[a-z_-]*)=(?:"([^"]*)"|([^,]*))`)
}

// signedURL is what the shop takes for the address of the request: its own home
// address, whatever host was asked, with the scheme the request came by.
func (s *Server) signedURL(r *http.Request) string {
	scheme := "http"
	if s.encrypted(r) {
		scheme = "https"
	}
	_, home, _ := strings.Cut(s.home(), "://")
	return scheme + "://" + home + "/" + strings.TrimLeft(s.withinHome(r.URL.EscapedPath()), "/")
}

func (k *apiKey) checkSignature(method, address string, v *vars) *apiError {
	signature := strings.ReplaceAll(v.get("oauth_signature"), " ", "+")
	v.remove("oauth_signature")
	var sum func() hash.Hash
	switch v.get("oauth_signature_method") {
	case "HMAC-SHA1":
		sum = sha1.New
	case "HMAC-SHA256":
		sum = sha256.New
	default:
		return unauthorized("Invalid signature - signature method is invalid.")
	}
	mac := hmac.New(sum, []byte(k.secret+"&"))
	_, _ = mac.Write([]byte(method + "&" + signEscape(address) + "&" + strings.Join(v.signed(), "%26")))
	if base64.StdEncoding.EncodeToString(mac.Sum(nil)) != signature {
		return unauthorized("Invalid signature - provided signature does not match.")
	}
	return nil
}

// checkNonce remembers one nonce per second: a second one of the same second
// takes the place of the first, which then counts as new again.
func (k *apiKey) checkNonce(now time.Time, timestamp, nonce string) *apiError {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if off := now.Sub(time.Unix(seconds, 0)); err != nil || off > oauthWindow || off < -oauthWindow {
		return unauthorized("Invalid timestamp.")
	}
	for _, used := range k.nonces {
		if used == nonce {
			return unauthorized("Invalid nonce - nonce has already been used.")
		}
	}
	if k.nonces == nil {
		k.nonces = make(map[int64]string)
	}
	k.nonces[seconds] = nonce
	for second := range k.nonces {
		if time.Unix(second, 0).Before(now.Add(-oauthWindow)) {
			delete(k.nonces, second)
		}
	}
	return nil
}
