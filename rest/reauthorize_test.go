package rest_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/rest"
)

// Every attempt gets credentials of its own, and one that was refused for them
// is made again once, at once.
func TestReauthorize(t *testing.T) {
	t.Parallel()
	type want struct {
		Requests, Status int
		Sent             []string // the credentials, in order
		Uncertain        bool
	}
	write := rest.Request{Method: http.MethodPost}
	for name, c := range map[string]struct {
		request rest.Request
		retries int
		answers []int
		renew   bool
		want    want
	}{
		"read":                    {rest.Request{}, -1, []int{401, 200}, true, want{Requests: 2, Status: 200, Sent: []string{"1", "2"}}},
		"write":                   {write, -1, []int{401, 201}, true, want{Requests: 2, Status: 201, Sent: []string{"1", "2"}}},
		"once":                    {write, 4, []int{401, 401, 201}, true, want{Requests: 2, Status: 401, Sent: []string{"1", "2"}}},
		"nothing new":             {rest.Request{}, 4, []int{401, 200}, false, want{Requests: 1, Status: 401, Sent: []string{"1"}}},
		"retries sign anew":       {rest.Request{}, 2, []int{503, 503, 200}, true, want{Requests: 3, Status: 200, Sent: []string{"1", "2", "3"}}},
		"on top of retries":       {rest.Request{}, 1, []int{401, 503, 200}, true, want{Requests: 3, Status: 200, Sent: []string{"1", "2", "3"}}},
		"but no more":             {rest.Request{}, 1, []int{401, 503, 503, 200}, true, want{Requests: 3, Status: 503, Sent: []string{"1", "2", "3"}}},
		"after the last retry":    {rest.Request{}, 1, []int{503, 401, 200}, true, want{Requests: 3, Status: 200, Sent: []string{"1", "2", "3"}}},
		"a write is not repeated": {write, 4, []int{401, 503, 201}, true, want{Requests: 2, Status: 503, Sent: []string{"1", "2"}}},
		"a keyed write stays keyed": {
			rest.Request{Method: http.MethodPost, Repeatable: true},
			4,
			[]int{503, 401, 201},
			true,
			want{Requests: 3, Status: 201, Sent: []string{"1", "2", "3"}, Uncertain: true},
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &wire{answer: script(c.answers...)}
			signed := 0
			shop := client(t, rest.Options{
				Transport: server, Retries: c.retries,
				Authorize: func(_ context.Context, req *http.Request) error {
					signed++
					req.Header.Set("Authorization", strconv.Itoa(signed))
					return nil
				},
				Reauthorize: func(_ rest.Request, answer *rest.Response) bool {
					if answer.Status != http.StatusUnauthorized {
						t.Errorf("%s: asked about %d", name, answer.Status)
					}
					return c.renew
				},
			})
			began := time.Now()
			answer, err := shop.Do(t.Context(), c.request)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			got := want{Requests: server.count(), Status: answer.Status, Uncertain: answer.Uncertain}
			if waited := time.Since(began); waited > 0 && !slices.Contains(c.answers, http.StatusServiceUnavailable) {
				t.Errorf("%s: waited %s for new credentials", name, waited)
			}
			for _, request := range server.requests {
				got.Sent = append(got.Sent, request.Header.Get("Authorization"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// Plain http is allowed on its own, and private addresses are not with it.
func TestAllowHTTP(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://shop.example": "", "https://shop.example": "", "http://127.0.0.1": "not a public address", "ftp://shop.example": "https://",
	} {
		_, err := rest.New(rest.Options{BaseURL: address, AllowHTTP: true})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

// Signatures and keys of a shop are hidden wherever they turn up.
func TestRedactSignatures(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"GET /wp-json/wc/v3/orders?oauth_consumer_key=" + canary + "&oauth_signature=" + canary + "%3D&oauth_signature_method=HMAC-SHA256",
		"https://shop.example/wp-json?consumer_key=" + canary + "&consumer_secret=" + canary,
		`Authorization: OAuth oauth_consumer_key="` + canary + `",oauth_signature="` + canary + `"`,
		`{"oauth_signature":"` + canary + `","consumer_secret":"` + canary + `"}`,
		"https%3A%2F%2Fshop.example%2F%3Fconsumer_key%3Dck_" + canary + "%26consumer_secret%3Dcs_" + canary,
	} {
		got := rest.Redact(text)
		noCanary(t, "Redact", got)
		if strings.Contains(text, "HMAC") && !strings.Contains(got, "HMAC-SHA256") {
			t.Errorf("too much is hidden: %s", got)
		}
	}
}
