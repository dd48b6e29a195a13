package quickbooks_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// Every form that a throttle answer has pauses the whole client, and none of them is taken for a refusal.
func TestThrottleForms(t *testing.T) {
	const fault = `{"Fault":{"Error":[{"Message":"message=ThrottleExceeded; errorCode=003001; statusCode=429","Detail":"","code":"003001"}],"type":"SERVICE"}}`
	for name, first := range map[string]answering{
		"XML":               {status: 429, body: `<?xml version="1.0"?><IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>m</Message></Error></Fault></IntuitResponse>`},
		"JSON":              {status: 429, body: fault},
		"gateway":           {status: 429, body: strings.ToLower(fault)},
		"HTML":              {status: 429, body: "<html>slow down</html>"},
		"empty":             {status: 429},
		"403 XML":           {status: 403, body: `<IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=403</Message></Error></Fault></IntuitResponse>`},
		"403 JSON":          {status: 403, body: fault},
		"403 text":          {status: 403, body: "ThrottleExceeded"},
		"200":               {status: 200, body: fault},
		"200 in a query":    {status: 200, body: `{"QueryResponse":` + fault + `}`},
		"400 without zeros": {status: 400, body: strings.ReplaceAll(fault, "003001", "3001")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				var waits []rest.Wait
				client := clientAs(t, roundTripOf(func() (answering, error) {
					if n++; n == 1 {
						return first, nil
					}
					return answering{status: 200, body: `{"Preferences":{}}`}, nil
				}), func(c *quickbooks.Config) { c.OnWait = func(w rest.Wait) { waits = append(waits, w) } })
				began := time.Now()
				if _, err := client.Preferences(t.Context()); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); n != 2 || took < time.Minute || took > 67*time.Second {
					t.Errorf("%d requests in %s", n, took)
				}
				if len(waits) != 1 || waits[0].Reason != rest.Throttled {
					t.Errorf("waits: %+v", waits)
				}
			})
		})
	}
}

// A Retry-After is honoured; one of more than two minutes ends the calls, and says when to come back.
func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]struct {
		waits   time.Duration
		retryAt time.Duration // from the beginning; 0: the call succeeds
	}{
		"5":   {waits: 5 * time.Second},
		"120": {waits: 2 * time.Minute},
		"121": {retryAt: 121 * time.Second},
		// What is not to be believed is bounded, by a day.
		"99999999": {retryAt: 24 * time.Hour},
	} {
		t.Run(header, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				client := clientOf(t, roundTripOf(func() (answering, error) {
					if n++; n == 1 {
						return answering{status: 429, header: http.Header{"Retry-After": {header}}}, nil
					}
					return answering{status: 200, body: `{"Preferences":{}}`}, nil
				}))
				began := time.Now()
				_, err := client.Preferences(t.Context())
				if want.retryAt == 0 {
					if took := time.Since(began); err != nil || took < want.waits || took > want.waits+time.Second {
						t.Errorf("took %s: %v", took, err)
					}
					return
				}
				wantFault(t, err, woosync.Fatal, woosync.CategoryThrottle)
				if at := faultOf(t, err).RetryAt; !at.Equal(began.Add(want.retryAt)) || errors.Is(err, quickbooks.ErrQuota) {
					t.Errorf("again at %s: %v", at, err)
				}
				if _, err := client.Preferences(t.Context()); err == nil || n != 1 {
					t.Errorf("%d requests, error %v", n, err)
				}
			})
		})
	}
}

// A used up quota looks like a throttle that never ends. Streams stop after some minutes, no record fails for it, and the run after
// the quota is back goes on by itself.
func TestQuota(t *testing.T) {
	for name, blocked := range map[string]func(qbotest.Call) bool{
		"everything": nil,
		"reads":      func(c qbotest.Call) bool { return !qbotest.Writes(c) },
		"writes":     qbotest.Writes,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				drafts := map[string]quickbooks.CustomerDraft{}
				for _, id := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
					drafts[id] = buyer("Ann "+id, id)
				}
				store := memory.New()
				target := client.CustomerTarget(quickbooks.TargetOptions{})
				books.Inject(qbotest.Fault{Match: blocked, Times: -1, Effect: qbotest.Throttle(qbotest.ThrottleXML, 0)})
				for run, bound := range []time.Duration{5 * time.Minute, 2 * time.Minute} {
					began, sent := time.Now(), len(w.sent)
					report, err := carried(t, store, client.RealmID(), target, drafts)
					if !errors.Is(err, quickbooks.ErrQuota) {
						t.Fatalf("run %d: %v", run, err)
					}
					fault := faultOf(t, err)
					if fault.Definite != woosync.Fatal || !strings.Contains(fault.Remedy, "quota") {
						t.Errorf("run %d: %s, %q", run, fault.Definite, fault.Remedy)
					}
					if took := time.Since(began); took > bound {
						t.Errorf("run %d took %s", run, took)
					}
					if n := len(w.sent) - sent; n > 8 {
						t.Errorf("run %d sent %d requests", run, n)
					}
					if counts := report.Streams[0].Counts; counts.Failed != 0 || len(report.Streams[0].Failures) != 0 {
						t.Errorf("run %d: %+v", run, counts)
					}
					<-time.After(10 * time.Minute)
				}
				books.ClearFaults()
				if counts := carry(t, store, client.RealmID(), target, drafts); counts.Created+counts.Adopted+counts.Unchanged != 8 {
					t.Errorf("afterwards: %+v", counts)
				}
				if n := len(books.Documents("Customer")); n != 8 {
					t.Errorf("%d customers", n)
				}
			})
		})
	}
}

// A used up quota is one whatever Retry-After says with it: three pauses, then the stream stops, and no record fails. Nor does one
// where fewer repetitions are allowed than that takes.
func TestQuotaWithRetryAfter(t *testing.T) {
	for _, retries := range []int{0, 1, -1} {
		for _, header := range []string{"0", "1", "2", "20", "30", ""} {
			t.Run(header, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					books := qbotest.New()
					posts := 0
					client := clientAs(t, roundTrip(func(r *http.Request) (*http.Response, error) {
						if r.Method != http.MethodPost {
							return books.RoundTripper().RoundTrip(r)
						}
						posts++
						answer := answering{status: 429, body: "<x/>", header: http.Header{}}
						if header != "" {
							answer.header.Set("Retry-After", header)
						}
						return answer.RoundTrip(r)
					}), func(c *quickbooks.Config) {
						c.BaseURL, c.RealmID, c.Retries = books.URL, books.RealmID(), retries
						c.Tokens = quickbooks.FixedToken(books.AccessToken())
					})
					drafts := map[string]quickbooks.CustomerDraft{}
					for i := range 30 {
						id := strconv.Itoa(i)
						drafts[id] = buyer("Ann "+id, id)
					}
					began := time.Now()
					report, err := carried(t, memory.New(), client.RealmID(), client.CustomerTarget(quickbooks.TargetOptions{}), drafts)
					wantFault(t, err, woosync.Fatal, woosync.CategoryThrottle)
					if quota := errors.Is(err, quickbooks.ErrQuota); quota != (retries == 0) {
						t.Errorf("quota %v: %v", quota, err)
					}
					if counts := report.Streams[0].Counts; counts.Failed != 0 || len(report.Streams[0].Failures) != 0 {
						t.Errorf("%+v", counts)
					}
					if took := time.Since(began); posts > 9+3 || took > 5*time.Minute {
						t.Errorf("%d writes in %s", posts, took)
					}
				})
			})
		}
	}
}

func TestLimitsAreChecked(t *testing.T) {
	_, err := quickbooks.New(quickbooks.Config{RealmID: "1", Tokens: quickbooks.FixedToken("x"), BatchesPerMinute: 121, InFlight: -1})
	if err == nil || !strings.Contains(err.Error(), "120 at most") || !strings.Contains(err.Error(), "InFlight") {
		t.Error(err)
	}
}
