package rest_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync/rest"
)

func gzipped(t *testing.T, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRealServers(t *testing.T) {
	t.Parallel()
	packed := gzipped(t, bytes.Repeat([]byte("0"), 4<<20))
	small := gzipped(t, []byte("hello"))
	send := func(body []byte, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			_, _ = w.Write(body)
		}
	}
	tests := []struct {
		name   string
		serve  http.HandlerFunc
		want   error
		body   string
		sent   rest.Sent
		status int
	}{
		{name: "plain", serve: send([]byte("hello")), body: "hello"},
		{name: "gzip", serve: send(small, "Content-Encoding", "gzip"), body: "hello"},
		{name: "exactly the bound", serve: send(bytes.Repeat([]byte("x"), 1<<20)), body: strings.Repeat("x", 1<<20)},
		{name: "one byte more", serve: send(bytes.Repeat([]byte("x"), 1<<20+1)), want: rest.ErrTooLarge, status: 200},
		{name: "bomb", serve: send(packed, "Content-Encoding", "gzip"), want: rest.ErrTooLarge, status: 200},
		{name: "truncated gzip", serve: send(small[:len(small)-3], "Content-Encoding", "gzip"), want: rest.ErrTruncated, status: 200},
		{name: "no gzip", serve: send([]byte("hello"), "Content-Encoding", "gzip"), want: rest.ErrTruncated, status: 200},
		{name: "brotli", serve: send([]byte("hello"), "Content-Encoding", "br"), want: rest.ErrEncoding, status: 200},
		{name: "large header", serve: send(nil, "X-Big", strings.Repeat("x", 70<<10)), want: rest.ErrTooLarge},
		{name: "truncated", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("half"))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, want: rest.ErrTruncated, status: 200},
		{name: "drip", serve: func(w http.ResponseWriter, r *http.Request) {
			for range 100 {
				_, _ = w.Write([]byte("x"))
				_ = http.NewResponseController(w).Flush()
				select {
				case <-time.After(50 * time.Millisecond):
				case <-r.Context().Done():
					return
				}
			}
		}, want: rest.ErrTimeout, status: 200},
		{name: "endless", serve: func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		}, want: rest.ErrTooLarge, status: 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.serve)
			t.Cleanup(server.Close)
			c := client(t, rest.Options{
				BaseURL: server.URL, AllowInsecure: true, MaxBody: 1 << 20, Retries: -1, Timeout: 700 * time.Millisecond,
			})
			answer, err := c.Do(t.Context(), rest.Request{Method: "POST", Path: "x"})
			if test.want == nil {
				if err != nil || string(answer.Body) != test.body || answer.Date.IsZero() {
					t.Fatal(answer, err)
				}
				return
			}
			var failure *rest.Error
			if !errors.Is(err, test.want) || !errors.As(err, &failure) || failure.Sent != test.sent || failure.Status != test.status {
				t.Errorf("want %v, got %v: %+v", test.want, err, failure)
			}
		})
	}
}

func TestRefusedConnection(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	c := client(t, rest.Options{BaseURL: address, AllowInsecure: true, MinWait: time.Millisecond, MaxWait: time.Millisecond})
	_, err := c.Do(t.Context(), rest.Request{Method: "POST", Path: "x"})
	var failure *rest.Error
	if !errors.As(err, &failure) || failure.Sent != rest.NotSent || failure.Attempts != 5 {
		t.Error(err)
	}
}

func TestBadCertificateIsNotRepeated(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshakes that we break off
	server.StartTLS()
	t.Cleanup(server.Close)
	c := client(t, rest.Options{BaseURL: server.URL, AllowInsecure: true})
	_, err := get(t.Context(), c)
	var failure *rest.Error
	var bad *tls.CertificateVerificationError
	if !errors.As(err, &failure) || !errors.As(err, &bad) || failure.Sent != rest.NotSent || failure.Attempts != 1 {
		t.Error(err)
	}
}

func TestRedirectIsAHint(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(other.Close)
	for status, location := range map[int]string{
		301: "https://www.shop.example/wp-json?consumer_secret=" + canary, 302: other.URL + "/x", 303: "/relative", 307: other.URL, 308: "http://[bad",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(status)
		}))
		t.Cleanup(server.Close)
		_, err := get(t.Context(), client(t, rest.Options{BaseURL: server.URL, AllowInsecure: true}))
		var redirect *rest.RedirectError
		if !errors.As(err, &redirect) || redirect.Status != status {
			t.Fatalf("%d: %v", status, err)
		}
		noCanary(t, "redirect", err.Error())
		if status == 301 && (redirect.Location != "https://www.shop.example" || !strings.Contains(err.Error(), redirect.Location)) {
			t.Error(err)
		}
	}
	if followed.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// TestNoSilentResend closes an idle connection under a keyed write: net/http would send it again by itself.
func TestNoSilentResend(t *testing.T) {
	t.Parallel()
	var posts atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			return
		}
		posts.Add(1)
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = connection.Close()
		}
	}))
	t.Cleanup(server.Close)
	for _, body := range [][]byte{nil, []byte("x")} {
		posts.Store(0)
		c := client(t, rest.Options{BaseURL: server.URL, AllowInsecure: true, Retries: -1})
		if _, err := get(t.Context(), c); err != nil { // leaves an idle connection
			t.Fatal(err)
		}
		_, err := c.Do(t.Context(), rest.Request{
			Method: "POST", Path: "x", Body: body, Repeatable: true, Header: http.Header{"Idempotency-Key": {"k"}},
		})
		var failure *rest.Error
		if !errors.As(err, &failure) || failure.Sent != rest.Unknown || posts.Load() != 1 {
			t.Errorf("%d posts, %v", posts.Load(), err)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	transport := rest.GuardedTransport(false)
	t.Cleanup(transport.CloseIdleConnections)
	for _, host := range []string{
		"127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"100.127.255.255", "192.0.0.192", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
		"[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::808:808]",
		"[64:ff9b:1::1]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[2002:7f00:1::]",
		"[2001::1]", "[100::1]", "localhost", "①②⑦.⓪.⓪.①",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+":9/", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := transport.RoundTrip(req)
		if err == nil {
			_ = answer.Body.Close()
		}
		// On a machine without IPv6 some dials fail before the guard sees them; what counts is that none gets out.
		var name *net.DNSError
		if !errors.Is(err, rest.ErrAddress) && !errors.As(err, &name) {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, host := range []string{"8.8.8.8", "1.1.1.1", "100.63.0.1", "172.32.0.1", "[2606:4700::1111]", "[2a00:1450::1]"} {
		if _, err := rest.New(rest.Options{BaseURL: "https://" + host}); err != nil { // the same check, without a dial
			t.Errorf("%s is public: %v", host, err)
		}
	}
}

func TestGuardInAClient(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	port := server.Listener.Addr().(*net.TCPAddr).Port
	c := client(t, rest.Options{BaseURL: "https://localhost:" + strconv.Itoa(port)})
	_, err := c.Do(t.Context(), rest.Request{Method: "POST", Path: "x"})
	var failure *rest.Error
	if !errors.Is(err, rest.ErrAddress) || !errors.As(err, &failure) || failure.Sent != rest.NotSent || failure.Attempts != 1 {
		t.Error(err)
	}
}
