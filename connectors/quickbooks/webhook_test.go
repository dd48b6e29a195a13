package quickbooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/rest"
)

const (
	oldToken = "CANARY-old-verifier"
	newToken = "CANARY-new-verifier"
)

const twoCompanies = `[
 {"specversion":"1.0","id":"e-1","source":"intuit.x","type":"qbo.salesreceipt.voided.v1","time":"2026-11-20T09:30:25.179851517Z","intuitentityid":"12","intuitaccountid":"111","data":{}},
 {"specversion":"1.0","id":"e-2","source":"intuit.x","type":"qbo.customer.created.v1","time":"2026-11-20T09:30:26Z","intuitentityid":"7","intuitaccountid":"222","data":{}},
 {"specversion":"1.0","id":"e-3","source":"intuit.x","type":"qbo.gadget.polished.v1","time":"later","intuitentityid":8,"intuitaccountid":"222"}]`

const olderForm = `{"eventNotifications":[
 {"realmId":"111","dataChangeEvent":{"entities":[
  {"name":"Customer","id":"1","operation":"Create","lastUpdated":"2026-11-20T01:30:00-0800"},
  {"name":"Invoice","id":"2","operation":"Void","lastUpdated":"2026-11-20T01:30:01-08:00"}]}},
 {"realmId":"222","dataChangeEvent":{"entities":[{"name":"Vendor","id":"1","operation":"Merge","deletedId":"9","lastUpdated":"x"}]}}]}`

// listener collects hints; it fails while it is told to.
type listener struct {
	mu    sync.Mutex
	hints []quickbooks.Hint
	fail  error
}

func (l *listener) take(_ context.Context, hints []quickbooks.Hint) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail
	}
	l.hints = append(l.hints, hints...)
	return nil
}

func (l *listener) heard() []quickbooks.Hint {
	l.mu.Lock()
	defer l.mu.Unlock()
	hints := l.hints
	l.hints = nil
	return hints
}

func newHook(tb testing.TB) (*quickbooks.WebhookHandler, *listener) {
	tb.Helper()
	l := &listener{}
	h, err := quickbooks.NewWebhookHandler(quickbooks.WebhookConfig{
		VerifierTokens: []rest.Secret{oldToken, newToken}, OnHints: l.take, MaxBody: 64 << 10,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return h, l
}

func signature(token, body string) string {
	mac := hmac.New(sha256.New, []byte(token))
	_, _ = mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func post(tb testing.TB, h http.Handler, signature, body string) int {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "/hook", strings.NewReader(body))
	r.Header.Set("intuit-signature", signature)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestWebhookForms(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for body, want := range map[string][]quickbooks.Hint{
		twoCompanies: {
			{RealmID: "111", Entity: "SalesReceipt", ID: "12", Operation: "voided", Time: at("2026-11-20T09:30:25.179851517Z"), EventID: "e-1"},
			{RealmID: "222", Entity: "Customer", ID: "7", Operation: "created", Time: at("2026-11-20T09:30:26Z"), EventID: "e-2"},
			{RealmID: "222", Entity: "gadget", ID: "8", Operation: "polished", EventID: "e-3"},
		},
		olderForm: {
			{RealmID: "111", Entity: "Customer", ID: "1", Operation: "created", Time: at("2026-11-20T09:30:00Z")},
			{RealmID: "111", Entity: "Invoice", ID: "2", Operation: "voided", Time: at("2026-11-20T09:30:01Z")},
			{RealmID: "222", Entity: "Vendor", ID: "1", Operation: "merged", DeletedID: "9"},
		},
		"\uFEFF\n []": {{}}, "": {{}}, "null": {{}}, "[7": {{}}, `[7,{"type":"qbo.a"},7]`: {{}}, "<html>": {{}},
		`{"eventNotifications":[{"realmId":"3"}]}`:                                    {{RealmID: "3"}},
		`[{"intuitaccountid":"1/2","intuitentityid":"../x","type":"qbo.a;b.c'd.v1"}]`: {{}},
	} {
		h, l := newHook(t)
		if code := post(t, h, signature(newToken, body), body); code != http.StatusOK {
			t.Errorf("%s: %d", body, code)
		}
		if diff := cmp.Diff(want, l.heard()); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}

func TestWebhookSignatures(t *testing.T) {
	t.Parallel()
	h, l := newHook(t)
	good := signature(oldToken, twoCompanies)
	for _, wrong := range []string{"", "?", signature("other", twoCompanies), signature("", twoCompanies), signature(oldToken, twoCompanies+" "), good[:20]} {
		if code := post(t, h, wrong, twoCompanies); code != http.StatusUnauthorized {
			t.Errorf("signature %q: %d", wrong, code)
		}
	}
	if heard := l.heard(); len(heard) != 0 {
		t.Errorf("took %+v from anybody", heard)
	}
	if code := post(t, h, good, twoCompanies); code != http.StatusOK || len(l.heard()) != 3 {
		t.Errorf("the older token: %d", code)
	}
	large := strings.Repeat(" ", 65<<10)
	if code := post(t, h, signature(oldToken, large), large); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", code)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/hook", http.NoBody))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET: %d", w.Code)
	}
	if text := fmt.Sprintf("%+v %#v", h, h); strings.Contains(text, "CANARY") {
		t.Errorf("it shows a token: %s", text)
	}
	if _, err := quickbooks.NewWebhookHandler(quickbooks.WebhookConfig{VerifierTokens: []rest.Secret{""}, MaxBody: -1}); err == nil ||
		strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three mistakes: %v", err)
	}
}

// What came is left out when it comes again; what failed is not, and neither is what cannot be told apart.
func TestWebhookRepeats(t *testing.T) {
	t.Parallel()
	h, l := newHook(t)
	for _, body := range []string{twoCompanies, olderForm} {
		l.fail = errors.New("the queue is full")
		if code := post(t, h, signature(newToken, body), body); code != http.StatusServiceUnavailable {
			t.Errorf("a failed delivery: %d", code)
		}
		l.fail = nil
		if code := post(t, h, signature(newToken, body), body); code != http.StatusOK || len(l.heard()) != 3 {
			t.Errorf("sent again: %d", code)
		}
		code := post(t, h, signature(newToken, body), body)
		heard := l.heard()
		if body == olderForm && cmp.Equal(heard, []quickbooks.Hint{{RealmID: "222", Entity: "Vendor", ID: "1", Operation: "merged", DeletedID: "9"}}) {
			heard = nil // without a time and an ID it may be another
		}
		if code != http.StatusOK || len(heard) != 0 {
			t.Errorf("sent thrice: %d, %+v", code, heard)
		}
	}
	if racing {
		return
	}
	// Ten thousand others, and it is forgotten.
	for i := range 200 {
		var events []string
		for j := range 50 {
			events = append(events, fmt.Sprintf(`{"id":"x-%d-%d","type":"qbo.item.updated.v1","intuitentityid":"1","intuitaccountid":"1"}`, i, j))
		}
		body := "[" + strings.Join(events, ",") + "]"
		post(t, h, signature(newToken, body), body)
	}
	l.heard()
	if post(t, h, signature(newToken, twoCompanies), twoCompanies); len(l.heard()) != 3 {
		t.Error("it remembers more than it says")
	}
}

// Who takes the hints is given two of the three seconds that QuickBooks waits.
func TestWebhookPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, err := quickbooks.NewWebhookHandler(quickbooks.WebhookConfig{
			VerifierTokens: []rest.Secret{newToken}, OnHints: func(ctx context.Context, _ []quickbooks.Hint) error {
				<-ctx.Done()
				return ctx.Err()
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if code := post(t, h, signature(newToken, twoCompanies), twoCompanies); code != http.StatusServiceUnavailable || time.Since(begun) > 3*time.Second {
			t.Errorf("%d after %s", code, time.Since(begun))
		}
	})
}

// Whatever a delivery holds, what comes of it names things only in forms that can be asked for, and comes once.
func FuzzWebhook(f *testing.F) {
	for _, seed := range []string{twoCompanies, olderForm, "", "[]", "{}", `[{"id":[]}]`, `{"eventNotifications":[{"dataChangeEvent":{"entities":null}}]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		h, l := newHook(t)
		code := post(t, h, signature(newToken, body), body)
		heard := l.heard()
		if code == http.StatusRequestEntityTooLarge {
			return
		}
		if code != http.StatusOK || len(heard) == 0 {
			t.Fatalf("%d, %d hints", code, len(heard))
		}
		for _, hint := range heard {
			for _, id := range []string{hint.ID, hint.RealmID} {
				if strings.Trim(id, "0123456789") != "" {
					t.Errorf("%+v", hint)
				}
			}
			if strings.ContainsAny(hint.Entity+hint.Operation, "/.'\" \n") {
				t.Errorf("%+v", hint)
			}
		}
		post(t, h, signature(oldToken, body), body)
		for _, again := range l.heard() {
			if again.EventID != "" {
				t.Errorf("%+v came twice", again)
			}
		}
	})
}

// However many changes a delivery holds, or things that are none, so many hints come of it and no more.
func TestWebhookOfTooMuch(t *testing.T) {
	t.Parallel()
	if racing {
		t.Skip("one goroutine")
	}
	const many = 60_000
	event := func(i int) string {
		return fmt.Sprintf(`{"id":"%d","type":"qbo.item.updated.v1","intuitentityid":"%d","intuitaccountid":"1"}`, i, i)
	}
	entity := func(i int) string { return fmt.Sprintf(`{"name":"Item","id":"%d","operation":"Update"}`, i) }
	list := func(n int, one func(int) string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(one(i))
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"unreadable":             {"[" + list(many, func(int) string { return "{}" }) + "]", 1},
		"the most":               {"[" + list(10_000, event) + "]", 10_000},
		"changes":                {"[" + list(11_000, event) + "]", 10_001},
		"the same change":        {"[" + list(5, func(int) string { return event(1) }) + "]", 1},
		"unreadable, older":      {`{"eventNotifications":[` + list(many, func(int) string { return "{}" }) + "]}", 1},
		"changes, older":         {`{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[` + list(11_000, entity) + "]}}]}", 10_001},
		"companies, older":       {`{"eventNotifications":[` + list(11_000, func(i int) string { return fmt.Sprintf(`{"realmId":"%d"}`, i) }) + "]}", 10_001},
		"the same change, older": {`{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[` + list(5, func(int) string { return entity(1) }) + "]}}]}", 1},
	} {
		l := &listener{}
		h, err := quickbooks.NewWebhookHandler(quickbooks.WebhookConfig{VerifierTokens: []rest.Secret{newToken}, OnHints: l.take, MaxBody: 8 << 20})
		if err != nil {
			t.Fatal(err)
		}
		code := post(t, h, signature(newToken, c.body), c.body)
		heard := l.heard()
		if code != http.StatusOK || len(heard) != c.want {
			t.Errorf("%s: %d, %d hints, want %d", name, code, len(heard), c.want)
		}
		if last := (quickbooks.Hint{}); c.want > 10_000 && heard[len(heard)-1] != last {
			t.Errorf("%s: nothing says that there is more", name)
		}
	}
}
