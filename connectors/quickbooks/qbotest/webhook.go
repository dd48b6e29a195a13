package qbotest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// WebhookFormat is the shape of what a webhook carries.
type WebhookFormat int

// The shapes.
const (
	CloudEvents WebhookFormat = iota // the only one since July 2026
	Legacy
)

// Webhooks is where the fake tells of changes, and how well it does that. Nothing is sent before [Server.Deliver] is called.
type Webhooks struct {
	// Handler receives the deliveries in memory. It may be nil if URL is given.
	Handler http.Handler
	// URL receives them over the network otherwise, by Client or, if that is nil, by one without settings.
	URL    string
	Client *http.Client

	Format WebhookFormat
	// PerDelivery bounds the events of one delivery; 0 does not.
	PerDelivery int
	// HoldBack keeps later deliveries back until an earlier one is acknowledged.
	HoldBack bool
	// Shuffle mixes the order of events and of deliveries.
	Shuffle bool
	// Twice and Lost are the chances in a hundred that a delivery comes once more after it was acknowledged, and that an event is never
	// told of.
	Twice, Lost int
	// OtherRealm adds to every delivery an event of another company.
	OtherRealm bool
	Seed       uint64
}

// WithWebhooks registers a receiver of webhooks. It is told of what changes from then on.
func WithWebhooks(w Webhooks) Option { return func(s *settings) { s.webhooks = &w } }

// VerifierToken returns the key with which deliveries are signed.
func (s *Server) VerifierToken() string { return "vCANARYverifier0001" }

// SignatureHeader carries the signature of a delivery: HMAC-SHA256 of the body with the verifier token, in base64.
const SignatureHeader = "intuit-signature"

// webhookTimeout is how long the receiver may take.
const webhookTimeout = 3 * time.Second

// event is a change as webhooks tell of it.
type event struct {
	entity, id string
	what       string // created, updated, deleted, voided, merged, emailed
	at         time.Time
	number     int
}

// delivery is a body on its way to the receiver.
type delivery struct {
	body  []byte
	due   time.Time
	tries int
	again bool // it was acknowledged and comes once more
}

// announced says whether webhooks tell of an entity.
func announced(name string) bool {
	return name == "TaxAgency" || captured(name) && name != "Attachable"
}

// tell notes a change for the webhooks.
func (b *books) tell(name, id, what string, now time.Time) {
	if b.set.webhooks != nil && announced(name) {
		b.told++
		b.events = append(b.events, event{name, id, what, now, b.told})
	}
}

// tellVoid says that what was told of last about an object was that it was voided.
func (b *books) tellVoid(name, id string) {
	for i := len(b.events) - 1; i >= 0; i-- {
		if b.events[i].entity == name && b.events[i].id == id {
			b.events[i].what = "voided"
			return
		}
	}
}

// Announce has webhooks tell of what the fake does not do itself: that an object was "merged" or "emailed". The object stays as it is.
func (s *Server) Announce(entity, id, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books.tell(entity, id, what, s.now())
}

// Deliver sends the webhooks that are due by the fake's clock, one after the other, and returns how many the receiver acknowledged by
// answering 200 within three seconds. The others come again 10, 20 and 30 seconds, 5 and 20 minutes, 2, 4 and 6 hours after the try before,
// and then every 6 hours. The error is that of ctx.
func (s *Server) Deliver(ctx context.Context) (int, error) {
	s.mu.Lock()
	s.runLate()
	w := s.set.webhooks
	if w == nil {
		s.mu.Unlock()
		return 0, nil
	}
	s.pack(w)
	s.mu.Unlock()
	acknowledged := 0
	for {
		d := s.nextDelivery(w)
		if d == nil || ctx.Err() != nil {
			return acknowledged, ctx.Err()
		}
		if s.settle(w, d, w.send(ctx, s.VerifierToken(), d.body)) {
			acknowledged++
		}
	}
}

// PendingWebhooks returns how many events have not been packed and how many deliveries not been acknowledged.
func (s *Server) PendingWebhooks() (events, deliveries int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.books.events), len(s.deliveries)
}

// pack makes deliveries of the events that have come up.
func (s *Server) pack(w *Webhooks) {
	if s.hookDice == nil {
		s.hookDice = dice(w.Seed, 2)
	}
	events := slices.DeleteFunc(s.books.events, func(event) bool { return s.hookDice.IntN(100) < w.Lost })
	s.books.events = nil
	if w.Shuffle {
		s.hookDice.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	}
	size := w.PerDelivery
	if size <= 0 {
		size = max(len(events), 1)
	}
	for part := range slices.Chunk(events, size) {
		s.deliveries = append(s.deliveries, &delivery{body: s.hookBody(w, part), due: s.now()})
	}
	if w.Shuffle {
		s.hookDice.Shuffle(len(s.deliveries), func(i, j int) { s.deliveries[i], s.deliveries[j] = s.deliveries[j], s.deliveries[i] })
	}
}

// nextDelivery returns the next delivery that is due, nil if there is none.
func (s *Server) nextDelivery(w *Webhooks) *delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for _, d := range s.deliveries {
		if !d.due.After(now) {
			return d
		}
		if w.HoldBack {
			return nil
		}
	}
	return nil
}

// settle notes what became of a try.
func (s *Server) settle(w *Webhooks, d *delivery, good bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !good:
		d.due = s.now().Add(hookRetry(d.tries))
		d.tries++
	case !d.again && s.hookDice.IntN(100) < w.Twice:
		d.due, d.again = s.now(), true
	default:
		s.deliveries = slices.DeleteFunc(s.deliveries, func(o *delivery) bool { return o == d })
	}
	return good
}

// hookRetry is the wait after a failed try; tries counts those before it.
func hookRetry(tries int) time.Duration {
	waits := []time.Duration{
		10 * time.Second, 20 * time.Second, 30 * time.Second, 5 * time.Minute, 20 * time.Minute, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour,
	}
	return waits[min(tries, len(waits)-1)]
}

// send makes one try and says whether it was acknowledged.
func (w *Webhooks) send(ctx context.Context, key string, body []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, firstOf(w.URL, "https://receiver.invalid/"), bytes.NewReader(body))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "intuit_notification_server/1.0")
	r.Header.Set(SignatureHeader, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	if w.Handler != nil {
		rec := httptest.NewRecorder()
		w.Handler.ServeHTTP(rec, r)
		return rec.Code == http.StatusOK && ctx.Err() == nil
	}
	client := w.Client
	if client == nil {
		client = &http.Client{}
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

const otherRealm = "1185883450"

// hookBody writes events in the format of the receiver.
func (s *Server) hookBody(w *Webhooks, events []event) []byte {
	realms := []string{s.RealmID()}
	if w.OtherRealm {
		realms = []string{otherRealm, s.RealmID()}
	}
	if w.Format == Legacy {
		list := arr()
		for _, realm := range realms {
			list.items = append(list.items, legacyEvents(realm, events))
		}
		return obj().put("eventNotifications", list).print()
	}
	list := arr()
	for _, realm := range realms {
		for _, e := range events {
			list.items = append(list.items, cloudEvent(realm, e))
			if realm == otherRealm {
				break
			}
		}
	}
	return list.print()
}

func cloudEvent(realm string, e event) *node {
	sum := sha256.Sum256(fmt.Appendf(nil, "event %s %d", realm, e.number))
	id := fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	return obj().put("specversion", str("1.0")).put("id", str(id)).put("source", str("intuit."+serial("source", 1)+"=")).
		put("type", str("qbo."+strings.ToLower(e.entity)+"."+e.what+".v1")).put("datacontenttype", str("application/json")).
		put("time", str(e.at.UTC().Format(time.RFC3339Nano))).put("intuitentityid", str(e.id)).put("intuitaccountid", str(realm)).put("data", obj())
}

func legacyEvents(realm string, events []event) *node {
	operations := map[string]string{"created": "Create", "updated": "Update", "deleted": "Delete", "voided": "Void", "merged": "Merge", "emailed": "Emailed"}
	list := arr()
	for _, e := range events {
		list.items = append(list.items, obj().put("name", str(e.entity)).put("id", str(e.id)).put("operation", str(operations[e.what])).
			put("lastUpdated", str(e.at.UTC().Format("2006-01-02T15:04:05-0700"))))
		if realm == otherRealm {
			break
		}
	}
	return obj().put("realmId", str(realm)).put("dataChangeEvent", obj().put("entities", list))
}
