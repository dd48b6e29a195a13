package woocommerce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce"
)

// Left out is what certainly is the same delivery again, and nothing else.
func TestRepeats(t *testing.T) {
	t.Parallel()
	const order = `{"id":5,"status":"processing","date_modified":"2026-01-15T12:00:00"}`
	type step struct {
		after  time.Duration
		change func(*http.Request)
		body   string
		topic  string
		want   int
	}
	same := func(after time.Duration, want int) step { return step{after, nil, order, "order.updated", want} }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, c := range map[string]struct {
		window time.Duration
		steps  []step
	}{
		"again and again":      {0, []step{same(0, 1), same(3*time.Second, 0), same(time.Minute, 0), same(8*time.Minute, 0)}},
		"after the window":     {0, []step{same(0, 1), same(11*time.Minute, 1), same(3*time.Second, 0)}},
		"a window of its own":  {time.Minute, []step{same(0, 1), same(61*time.Second, 1)}},
		"no window":            {-1, []step{same(0, 1), same(3*time.Second, 1)}},
		"in the same second":   {0, []step{same(0, 1), same(time.Second, 1), same(2*time.Second, 0)}},
		"another delivery":     {0, []step{same(0, 1), {3 * time.Second, header("X-WC-Webhook-Delivery-ID", "d2"), order, "order.updated", 1}}},
		"another webhook":      {0, []step{same(0, 1), {3 * time.Second, header("X-WC-Webhook-ID", "8"), order, "order.updated", 1}}},
		"another shop":         {0, []step{same(0, 1), {3 * time.Second, header("X-WC-Webhook-Source", "https://other.example/"), order, "order.updated", 1}}},
		"another topic":        {0, []step{same(0, 1), {3 * time.Second, nil, order, "order.created", 1}}},
		"another state":        {0, []step{same(0, 1), {3 * time.Second, nil, strings.Replace(order, "processing", "completed", 1), "order.updated", 1}}},
		"deletions say little": {0, []step{{0, nil, `{"id":5}`, "order.deleted", 1}, {3 * time.Second, nil, `{"id":5}`, "order.deleted", 1}}},
		"actions, too": {0, []step{
			{0, nil, `{"action":"wc_x","arg":5,"date_modified":"2026"}`, "action.wc_x", 1},
			{3 * time.Second, nil, `{"action":"wc_x","arg":5,"date_modified":"2026"}`, "action.wc_x", 1},
		}},
		"a date that is not set": {0, []step{
			{0, nil, `{"id":5,"date_modified":null}`, "order.updated", 1}, {3 * time.Second, nil, `{"id":5,"date_modified":null}`, "order.updated", 1},
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			handler, got := newHook(t, func(cfg *woocommerce.WebhookConfig) { cfg.Window = c.window })
			for i, s := range c.steps {
				<-time.After(s.after)
				request := signedDelivery(t, s.topic, s.body)
				if s.change != nil {
					s.change(request)
				}
				if status := serve(handler, request); status != http.StatusOK {
					t.Errorf("%s, %d: %d", name, i, status)
				}
				if list := got.take(); len(list) != s.want {
					t.Errorf("%s, %d: %d hints, want %d", name, i, len(list), s.want)
				}
			}
		})
	}
}

// What is remembered is bounded: the oldest is forgotten, which costs a hint too
// many and none too few.
func TestRepeatsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler, got := newHook(t, nil)
		deliver := func(id int) int {
			request := signedDelivery(t, "order.updated", fmt.Sprintf(`{"id":%d,"date_modified":"2026-01-15T12:00:00"}`, id))
			if status := serve(handler, request); status != http.StatusOK {
				t.Fatalf("%d", status)
			}
			return len(got.take())
		}
		for id := 1; id <= 5000; id++ {
			if deliver(id) != 1 {
				t.Fatalf("%d was left out", id)
			}
		}
		<-time.After(3 * time.Second)
		if deliver(5000) != 0 || deliver(905) != 0 {
			t.Error("the newest are forgotten")
		}
		if deliver(904) != 1 || deliver(1) != 1 {
			t.Error("the oldest are remembered")
		}
	})
}
