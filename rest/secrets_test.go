package rest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/woosync/woosync/rest"
)

// TestNoSecretGetsOut puts a secret everywhere a connector may have one, and lets everything fail that can.
func TestNoSecretGetsOut(t *testing.T) {
	t.Parallel()
	address := base + "/?consumer_secret=" + canary
	failures := map[string]func(*http.Request) (*http.Response, error){
		"url error": func(req *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: req.URL.String(), Err: &net.OpError{Op: "read", Err: errors.New(canary)}}
		},
		"wrapped url error": func(req *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("proxy of %s: %w", req.URL, &url.Error{Op: "Get", URL: address, Err: net.ErrClosed})
		},
		"echoed header": func(req *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("malformed header %q", req.Header.Get("Authorization"))
		},
		"throttle that echoes": func(req *http.Request) (*http.Response, error) {
			return reply(429, "you sent "+req.URL.String()+" "+req.Header.Get("Authorization")+" "+req.Header.Get("X-Api-Key")), nil
		},
		"redirect": func(*http.Request) (*http.Response, error) {
			return reply(301, "", "Location", "https://user:"+canary+"@www.shop.example/x?k="+canary), nil
		},
		"bad gateway": func(*http.Request) (*http.Response, error) { return reply(502, ""), nil },
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var logs bytes.Buffer
				c := client(t, rest.Options{
					Transport: &wire{answer: func(_ int, req *http.Request) (*http.Response, error) { return failure(req) }},
					Header:    http.Header{"X-Api-Key": {canary}},
					Authorize: func(_ context.Context, req *http.Request) error {
						req.SetBasicAuth("ck_"+canary, canary)
						req.URL.RawQuery += "&oauth_signature=" + canary
						return nil
					},
					Logger: slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
				})
				_, err := c.Do(t.Context(), rest.Request{
					Method: "POST", Path: "/x", Query: url.Values{"consumer_secret": {canary}}, Body: []byte(canary),
				})
				if err == nil && name != "bad gateway" {
					t.Fatal("no error")
				}
				noCanary(t, "log", logs.String())
				if logs.Len() == 0 {
					t.Error("nothing logged")
				}
				for e := err; e != nil; e = errors.Unwrap(e) {
					noCanary(t, "error", fmt.Sprintf("%v %+v %#v", e.Error(), e.Error(), e.Error()))
				}
				if u, ok := errors.AsType[*url.Error](err); ok {
					noCanary(t, "url.Error", u.Error())
				}
				if n, ok := errors.AsType[net.Error](err); ok {
					noCanary(t, "net.Error", n.Error())
				}
			})
		})
	}
}

func TestErrorsStayRecognisable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, req *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: req.URL.String(), Err: &net.OpError{Op: "read", Err: net.ErrClosed}}
		}}
		_, err := get(t.Context(), client(t, rest.Options{Transport: w, Retries: -1}))
		var op *net.OpError
		if !errors.Is(err, net.ErrClosed) || !errors.As(err, &op) {
			t.Error(err)
		}
		if want := "shop.example: GET /orders: "; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q", err)
		}
	})
}

func TestAuthorizeFails(t *testing.T) {
	t.Parallel()
	revoked := errors.New("token revoked")
	w := &wire{}
	c := client(t, rest.Options{Transport: w, Authorize: func(context.Context, *http.Request) error {
		return fmt.Errorf("refresh: %w: %w", revoked, &url.Error{Op: "Post", URL: "https://x/?" + canary, Err: net.ErrClosed})
	}})
	_, err := get(t.Context(), c)
	var failure *rest.Error
	if !errors.Is(err, revoked) || !errors.As(err, &failure) || failure.Sent != rest.NotSent || w.count() != 0 {
		t.Errorf("%v, %d requests", err, w.count())
	}
	noCanary(t, "error", err.Error())
}

func TestSecretPrintsAsRedacted(t *testing.T) {
	t.Parallel()
	type account struct {
		Key rest.Secret `json:"key"`
		Map map[string]rest.Secret

		Seal rest.Key
		Olds []rest.Key
	}
	a := account{
		Key: canary, Map: map[string]rest.Secret{"k": canary}, Seal: rest.Key(canary), Olds: []rest.Key{rest.Key(canary)},
	}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d", "%T", "%20s"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", a, a.Key, a.Seal)
	}
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(raw)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", a.Key, "account", a, "seal", a.Seal)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", a.Key, "account", a, "seal", a.Seal)
	out.WriteString(errors.New(a.Key.String() + a.Key.GoString()).Error())
	noCanary(t, "print", out.String())
	noCanary(t, "hex", strings.ReplaceAll(strings.ToLower(out.String()), fmt.Sprintf("%x", canary), canary))
	noCanary(t, "numbers", strings.ReplaceAll(out.String(), strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"), canary))
	noCanary(t, "base64", strings.ReplaceAll(out.String(), base64.StdEncoding.EncodeToString([]byte(canary)), canary))
	if a.Key.Reveal() != canary {
		t.Error("cannot be revealed")
	}
	if err := json.Unmarshal([]byte(`{"key":"k"}`), &a); err != nil || a.Key.Reveal() != "k" {
		t.Error("cannot be read from JSON")
	}
}

// An answer can be cleared of what its request was authorised with, and of nothing that only the query said.
func TestResponseRedacts(t *testing.T) {
	t.Parallel()
	w := &wire{answer: func(_ int, req *http.Request) (*http.Response, error) {
		return reply(400, "sent "+req.Header.Get("Authorization")+"; "+req.URL.String()), nil
	}}
	c := client(t, rest.Options{Transport: w, Authorize: func(_ context.Context, req *http.Request) error {
		req.Header.Set("Authorization", "Bearer "+canary)
		req.URL.RawQuery += "&signed=" + canary + "2"
		return nil
	}})
	answer, err := c.Do(t.Context(), rest.Request{Path: "/x", Query: url.Values{"operation": {"delete"}}})
	if err != nil || !strings.Contains(string(answer.Body), canary) {
		t.Fatal(err)
	}
	if got, want := answer.Redact(string(answer.Body)), "sent [redacted]; "+base+"/x?operation=delete&signed=[redacted]"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if got := new(rest.Response).Redact("as it is"); got != "as it is" {
		t.Errorf("%q", got)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	basic := base64.StdEncoding.EncodeToString([]byte("ck_x:" + canary))
	for in, want := range map[string]string{
		"nothing to hide":                                                "nothing to hide",
		"is " + canary + "!":                                             "is [redacted]!",
		canary + canary:                                                  "[redacted]",
		`{"access_token":"eyJ.x","n":1}`:                                 `{"access_token":"[redacted]","n":1}`,
		`{"refresh_token" : "a\"b", "SyncToken": "3"}`:                   `{"refresh_token" : "[redacted]", "SyncToken": "3"}`,
		`{\"client_secret\":\"abc\",\"x\":1}`:                            `{\"client_secret\":\"[redacted]",\"x\":1}`,
		"?consumer_key=ck_1&consumer_secret=cs_2&p=3":                    "?consumer_key=[redacted]&consumer_secret=[redacted]&p=3",
		"Authorization: Basic " + basic:                                  "Authorization: [redacted]",
		"sent Bearer abc.def-ghi, refused":                               "sent Bearer [redacted], refused",
		"key ck_0123456789abcdef is unknown":                             "key [redacted] is unknown",
		"https://u:p@shop.example/x":                                     "https://[redacted]@shop.example/x",
		"escaped " + url.QueryEscape("a b/c"+canary):                     "escaped [redacted]",
		"Consumer secret is invalid.":                                    "Consumer secret is invalid.",
		"line\nPassword: hunter2\nnext":                                  "line\nPassword: [redacted]\nnext",
		"in base64 " + base64.StdEncoding.EncodeToString([]byte(canary)): "in base64 [redacted]",
	} {
		got := rest.Redact(in, canary, "", "a b/c"+canary)
		if strings.TrimRight(got, "=") != want && got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("before ", " after", "other")
	f.Add(`{"token":"`, `"}`, canary[:6])
	f.Add("https://u:", "@h/", "ck_")
	f.Fuzz(func(t *testing.T, before, after, other string) {
		if strings.Contains(before+after, canary) || strings.Contains("[redacted]", other) {
			t.Skip()
		}
		got := rest.Redact(before+canary+after, other, canary)
		noCanary(t, "text", got)
		if rest.Redact(before+canary+after, canary, other) != got {
			t.Error("the order of the secrets matters")
		}
	})
}

func TestSeal(t *testing.T) {
	t.Parallel()
	key, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	sealed, err := rest.Seal(key, []byte(canary), []byte("tenant a"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := rest.Seal(key, []byte(canary), []byte("tenant a"))
	if err != nil || bytes.Equal(sealed, again) || bytes.Contains(sealed, []byte(canary)) || len(sealed) != len(canary)+33 {
		t.Fatal("not sealed as promised", len(sealed), err)
	}
	if plain, err := rest.Open(key, sealed, []byte("tenant a")); err != nil || string(plain) != canary {
		t.Fatal(err)
	}
	flip := func(at int) []byte {
		c := bytes.Clone(sealed)
		c[at] ^= 1
		return c
	}
	for name, test := range map[string]struct {
		key, sealed []byte
		ad          string
		want        error
	}{
		"other key":       {other, sealed, "tenant a", rest.ErrSealed},
		"other tenant":    {key, sealed, "tenant b", rest.ErrSealed},
		"altered":         {key, flip(len(sealed) - 1), "tenant a", rest.ErrSealed},
		"altered nonce":   {key, flip(6), "tenant a", rest.ErrSealed},
		"altered length":  {key, flip(4), "tenant a", rest.ErrTruncated},
		"altered version": {key, flip(0), "tenant a", rest.ErrSealVersion},
		"too long":        {key, append(bytes.Clone(sealed), 0), "tenant a", rest.ErrTruncated},
		"empty":           {key, nil, "tenant a", rest.ErrTruncated},
		"short key":       {key[:16], sealed, "tenant a", rest.ErrKey},
	} {
		_, err := rest.Open(test.key, test.sealed, []byte(test.ad))
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
		noCanary(t, name, err.Error())
	}
	for n := range len(sealed) {
		if _, err := rest.Open(key, sealed[:n], []byte("tenant a")); !errors.Is(err, rest.ErrTruncated) {
			t.Errorf("%d bytes of %d: %v", n, len(sealed), err)
		}
	}
	if _, err := rest.Seal(key[:31], nil, nil); !errors.Is(err, rest.ErrKey) {
		t.Error(err)
	}
}
