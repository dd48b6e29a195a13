package quickbooks_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
)

func TestConfig(t *testing.T) {
	_, err := quickbooks.New(quickbooks.Config{BaseURL: "http://user:CANARY@quickbooks.example", RealmID: "12a", PerMinute: -1})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, field := range []string{"BaseURL", "RealmID", "Tokens", "PerMinute"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("the error does not mention %s: %v", field, err)
		}
	}
	if strings.Contains(err.Error(), "CANARY") {
		t.Errorf("the error shows a secret: %v", err)
	}
	client, err := quickbooks.New(quickbooks.Config{RealmID: "123", Tokens: quickbooks.FixedToken("x")})
	if err != nil || client.RealmID() != "123" {
		t.Errorf("%v", err)
	}
}

// It keeps to the documented limits by itself, and uses nearly all of them.
func TestPacing(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		began := time.Now()
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				for range 50 {
					if _, err := client.Preferences(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		if n := books.Requests().Throttled; n != 0 {
			t.Errorf("%d requests were throttled", n)
		}
		if took := time.Since(began); took > 125*time.Second {
			t.Errorf("a thousand requests took %s, two minutes allow them", took)
		}
	})
}

// A throttle pauses everybody for a minute; if it goes on it is no refusal, says when to come back, and what it may be.
func TestThrottle(t *testing.T) {
	for name, form := range map[string]qbotest.ThrottleForm{
		"XML": qbotest.ThrottleXML, "JSON": qbotest.ThrottleJSON, "403": qbotest.Throttle403,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
				books.Inject(qbotest.Fault{Match: qbotest.Writes, Effect: qbotest.Throttle(form, 0)})
				target := client.CustomerTarget(quickbooks.TargetOptions{})
				began := time.Now()
				mustApply(t, target, creation("7", buyer("Ann", "7")))
				if waited := time.Since(began); waited < time.Minute || waited > 70*time.Second {
					t.Errorf("waited %s, want a minute and a little", waited)
				}
				books.Inject(qbotest.Fault{Times: -1, Effect: qbotest.Throttle(form, 0)})
				_, err := target.Apply(t.Context(), creation("8", buyer("Bob", "8")))
				wantFault(t, err, woosync.Fatal, woosync.CategoryThrottle)
				fault := faultOf(t, err)
				if !fault.RetryAt.After(time.Now()) || !strings.Contains(fault.Remedy, "quota") {
					t.Errorf("retry at %s, remedy %q", fault.RetryAt, fault.Remedy)
				}
				if n := len(documents[quickbooks.Customer](t, books, "Customer")); n != 1 {
					t.Errorf("%d customers", n)
				}
			})
		})
	}
}

// A refused token is renewed once and the write repeated under its key; a second refusal is for a person (T15).
func TestRefusedToken(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		w := &wire{RoundTripper: books.RoundTripper()}
		client, err := quickbooks.New(quickbooks.Config{
			BaseURL: books.URL, RealmID: books.RealmID(), Transport: w, Tokens: tokensOf(t, books, store, nil),
		})
		if err != nil {
			t.Fatal(err)
		}
		books.Inject(qbotest.Fault{Match: qbotest.Writes, Effect: qbotest.ExpireToken()})
		change := creation("7", buyer("Ann", "7"))
		mustApply(t, client.CustomerTarget(quickbooks.TargetOptions{}), change)
		if diff := cmp.Diff([]string{change.Key, change.Key}, w.ids()); diff != "" {
			t.Error(diff)
		}
		if n := books.Requests().Token; n != 2 {
			t.Errorf("%d exchanges, want 2", n)
		}
		books.Inject(qbotest.Fault{Match: qbotest.Writes, Times: -1, Effect: qbotest.ExpireToken()})
		before := books.Requests()
		_, err = client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("8", buyer("Bob", "8")))
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
		if !errors.Is(err, quickbooks.ErrReconnect) {
			t.Errorf("want ErrReconnect: %v", err)
		}
		after := books.Requests()
		if after.Create-before.Create != 3 || after.Token-before.Token != 2 {
			t.Errorf("%d attempts and %d exchanges, want 3 and 2", after.Create-before.Create, after.Token-before.Token)
		}
	})
}

func TestOtherCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		client, err := quickbooks.New(quickbooks.Config{
			BaseURL: books.URL, RealmID: "4711", Transport: books.RoundTripper(), Tokens: quickbooks.FixedToken(books.AccessToken()),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", buyer("Ann", "7")))
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
	})
}

func TestSuspendedCompany(t *testing.T) {
	bubble(t, []qbotest.Option{qbotest.WithSubscription("SUSPENDED")}, func(t *testing.T, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
		_, err := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", buyer("Ann", "7")))
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
	})
}

// A caller that leaves leaves an unknown outcome behind, or a certain one, never a refusal.
func TestCancelled(t *testing.T) {
	bubble(t, []qbotest.Option{qbotest.WithLatency(time.Second)}, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		_, err := target.Apply(ctx, creation("7", buyer("Ann", "7")))
		if fault := faultOf(t, err); fault.Definite != woosync.Unknown || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", fault.Definite, err)
		}
		books.Configure(qbotest.WithLatency(0))
		done, stop := context.WithCancel(t.Context())
		stop()
		_, err = target.Apply(done, creation("8", buyer("Bob", "8")))
		if fault := faultOf(t, err); fault.Definite != woosync.NotSent {
			t.Errorf("%s: %v", fault.Definite, err)
		}
	})
}

// Many goroutines on one target, with names that clash (T20; run with -race).
func TestConcurrent(t *testing.T) {
	bubble(t, []qbotest.Option{qbotest.WithLatency(10 * time.Millisecond)}, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				number := string(rune('a' + i))
				if _, err := target.Find(t.Context(), []woosync.Change[quickbooks.CustomerDraft]{creation(number, buyer("Ann", number))}); err != nil {
					t.Error(err)
				}
				if _, err := target.Apply(t.Context(), creation(number, buyer("Ann", number))); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if held := documents[quickbooks.Customer](t, books, "Customer"); len(held) != 8 {
			t.Errorf("%d customers of 8: %v", len(held), names(held))
		}
	})
}

// No answer, however strange, becomes a success, and none shows the token.
func TestStrangeAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer   answering
		definite woosync.Definite
	}{
		"empty":              {answering{status: 200}, woosync.Unknown},
		"HTML":               {answering{status: 200, body: "<html>maintenance CANARY-token-of-the-test</html>"}, woosync.Unknown},
		"other JSON":         {answering{status: 200, body: `{"Vendor":{"Id":"1"}}`}, woosync.Unknown},
		"ID is a number":     {answering{status: 200, body: `{"Customer":{"Id":5,"SyncToken":"0"}}`}, woosync.Unknown},
		"no ID":              {answering{status: 200, body: `{"Customer":{"DisplayName":"Ann"}}`}, woosync.Unknown},
		"cut off":            {answering{status: 200, body: `{"Customer":{"Id":"1","Displ`}, woosync.Unknown},
		"null":               {answering{status: 200, body: `null`}, woosync.Unknown},
		"4xx without reason": {answering{status: 422, body: "?"}, woosync.Rejected},
		"unknown code":       {answering{status: 400, body: `{"Fault":{"Error":[{"code":"99999","Message":"New"}]}}`}, woosync.Rejected},
		"redirect":           {answering{status: 302, header: http.Header{"Location": {"https://elsewhere.example/?t=CANARY"}}}, woosync.Fatal},
		"token in detail": {answering{
			status: 401, body: `{"fault":{"error":[{"code":"3200","detail":"Token expired: CANARY-token-of-the-test"}]}}`,
		}, woosync.Fatal},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				target := clientOf(t, c.answer).CustomerTarget(quickbooks.TargetOptions{})
				answer, err := target.Apply(t.Context(), creation("7", buyer("Ann", "7")))
				if fault := faultOf(t, err); fault.Definite != c.definite {
					t.Errorf("%s, want %s: %v", fault.Definite, c.definite, err)
				}
				if answer.ID != "" {
					t.Errorf("answered %+v", answer)
				}
			})
		})
	}
}

// Any status that says yes is a yes.
func TestCreated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		change := creation("7", buyer("Ann", "7"))
		said := answering{status: 201, body: `{"Customer":{"Id":"5","SyncToken":"0","DisplayName":"Ann"}}`}
		answer, err := clientOf(t, said).CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), change)
		if err != nil || answer.ID != "5" {
			t.Errorf("%+v, %v", answer, err)
		}
	})
}

// A token source of somebody else's: what it says of the connection is passed on, and its token is not shown.
func TestTokenSourceErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for definite, err := range map[woosync.Definite]error{
			woosync.Fatal:   quickbooks.ErrReconnect,
			woosync.NotSent: errors.New("vault is sealed"),
		} {
			client, newErr := quickbooks.New(quickbooks.Config{RealmID: "1", Transport: answering{status: 200}, Tokens: failing{err}})
			if newErr != nil {
				t.Fatal(newErr)
			}
			_, got := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", buyer("Ann", "7")))
			if fault := faultOf(t, got); fault.Definite != definite || !errors.Is(got, err) {
				t.Errorf("%s, want %s: %v", fault.Definite, definite, got)
			}
		}
	})
}

type failing struct{ err error }

func (f failing) Token(context.Context) (rest.Secret, error) { return "", f.err }

func (f failing) Renew(context.Context, rest.Secret) (rest.Secret, error) { return "", f.err }
