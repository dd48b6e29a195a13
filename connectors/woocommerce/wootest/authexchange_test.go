package wootest_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// oauthClock is when the exchanges with OAuth 1.0a were recorded.
func oauthClock() time.Time { return time.Unix(1795451683, 0) }

// signs says whether an exchange was signed by OAuth 1.0a, or tried.
func (e *recorded) signs() bool {
	return strings.Contains(e.Name, "oauth") || strings.Contains(e.Name, "nonce")
}

// signedAgain is a recorded request signed with a key of the fake. secrets are
// pairs of what the fake may repeat and what stands for it in the recording.
func signedAgain(t *testing.T, server *wootest.Server, e *recorded) (*http.Request, []string) {
	t.Helper()
	s := signer{server.Key(), server.Secret(), "HMAC-SHA256", oauthClock(), "anonce"}
	switch e.Name {
	case "auth/err_wrong_key_oauth":
		s.key = "ck_unknown"
	case "auth/err_wrong_secret_oauth":
		s.secret = "cs_wrong"
	case "auth/err_oauth_sha512":
		s.method = "HMAC-SHA512"
	case "auth/ok_oauth_sha1_http":
		s.method = "HMAC-SHA1"
	}
	params := slices.Clone(e.Query)
	own := slices.DeleteFunc(slices.Clone(params), func(p [2]string) bool { return strings.HasPrefix(p[0], "oauth_") })
	if protocol := params[len(own):]; len(protocol) > 0 { // recorded as they were sent
		for i, p := range protocol {
			protocol[i][1] = strings.Replace(p[1], "ck_REDACTED", s.key, 1)
		}
		if protocol[len(protocol)-1][0] != "oauth_signature" {
			return requestOf(t, server, e, encode3986(params), nil), []string{s.key, "ck_REDACTED"}
		}
		params = params[:len(params)-1]
	} else {
		params = append(params, s.params()...)
	}
	signature := s.sign(e.Method, server.URL+e.Path, params)
	params = append(params, [2]string{"oauth_signature", signature})
	if e.Name == "auth/ok_oauth_authorization_header" {
		header := "OAuth "
		for _, p := range params[len(own):] {
			header += p[0] + `="` + escape3986(p[1]) + `",`
		}
		return requestOf(t, server, e, encode3986(own), http.Header{"Authorization": {header}}), []string{s.key, "ck_REDACTED"}
	}
	secrets := []string{s.key, "ck_REDACTED"}
	for _, p := range params[len(own):] {
		secrets = append(secrets, p[0]+"="+inLink(p[1]), p[0]+"="+recordedInLink(e, p[0]))
	}
	return requestOf(t, server, e, encode3986(params), nil), secrets
}

// inLink is how the shop repeats a value in its Link header: without the equals
// sign at the end, and with a plus sign where there was one.
func inLink(value string) string {
	return strings.ReplaceAll(url.QueryEscape(strings.TrimSuffix(value, "=")), "%2B", "+")
}

func recordedInLink(e *recorded, name string) string {
	found := regexp.MustCompile(name + `=([^&>]*)`).FindStringSubmatch(e.Headers["Link"])
	if found == nil {
		return ""
	}
	return found[1]
}

func requestOf(t *testing.T, server *wootest.Server, e *recorded, query string, header http.Header) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), e.Method, server.URL+e.Path+"?"+query, nil)
	must(t, err)
	request.Header = header
	return request
}

// sendBefore sends what the shop had been sent before an exchange, where that
// decides on it. Of the nonce that was used after another of its second only
// the refusal was recorded: the shop refuses the newest of each second, which
// is what is played.
func sendBefore(t *testing.T, server *wootest.Server, e *recorded) {
	t.Helper()
	if e.Name != "auth/err_oauth_nonce_replay" && e.Name != "auth/nonce_replay_after_other_nonce_same_second" {
		return
	}
	request, _ := signedAgain(t, server, e)
	response, err := server.RoundTripper().RoundTrip(request)
	must(t, err)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the first use of the nonce: %d", response.StatusCode)
	}
}
