package quickbooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/woosync/woosync/rest"
)

const (
	defaultHookBody = 1 << 20
	maxRemembered   = 10_000
	// hookPatience is how long OnHints may take: QuickBooks wants its answer within three seconds.
	hookPatience = 2 * time.Second
)

// WebhookConfig says what a [WebhookHandler] takes. VerifierTokens and OnHints are required.
type WebhookConfig struct {
	// VerifierTokens are those that deliveries are signed with: one, or for a while the old one beside the new.
	VerifierTokens []rest.Secret
	// OnHints is given the hints of a delivery, in the goroutine of the delivery and before it is answered. It must be safe
	// for concurrent use, and quick, because QuickBooks wants its answer within 3 seconds: put the hints into a queue, in
	// which a second one of the same record changes nothing. Its context ends after 2 seconds. After an error the delivery
	// is answered with 503, and QuickBooks sends it again.
	OnHints func(context.Context, []Hint) error
	MaxBody int64 // bytes of a body; 0: 1 MiB
}

// A WebhookHandler is an [http.Handler] for the address to which QuickBooks sends the webhooks of an app, for all companies
// that are connected to it. It takes what is signed with one of its tokens, in either form (CloudEvents, and
// eventNotifications as until 2026), and yields a [Hint] for each change. The form is told by the first character.
//
// It answers 200 to deliveries, 401 where the signature is wrong, 413 to a body that is too large, 503 if OnHints failed or the
// body did not arrive, and 405 to anything but POST. QuickBooks sends again what was not answered with 200, after 10 s and
// up to every 6 hours, and may hold back later events until then. Therefore a signed delivery that cannot be read is answered
// with 200 too, and yields a Hint without ID; so does what is beyond 10,000 changes in a delivery.
//
// Deliveries come repeatedly and out of order. What came before is left out: it remembers the last 10,000 events, by their ID
// where they have one, and forgets them when it ends. It keeps no bodies and no goroutine. It is safe for concurrent use.
type WebhookHandler struct {
	tokens func() []rest.Secret // a function, so that fmt does not print what it holds
	config WebhookConfig        // without VerifierTokens
	seen   remembered
}

// NewWebhookHandler returns a handler, or an error that names every mistake in cfg.
func NewWebhookHandler(cfg WebhookConfig) (*WebhookHandler, error) {
	var mistakes []error
	if len(cfg.VerifierTokens) == 0 {
		mistakes = append(mistakes, errors.New("VerifierTokens: want at least one"))
	}
	for i, token := range cfg.VerifierTokens {
		if token == "" {
			mistakes = append(mistakes, fmt.Errorf("VerifierTokens: number %d is empty, and anybody could sign with it", i+1))
		}
	}
	if cfg.OnHints == nil {
		mistakes = append(mistakes, errors.New("OnHints: missing"))
	}
	if cfg.MaxBody < 0 {
		mistakes = append(mistakes, errors.New("MaxBody: negative"))
	}
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("quickbooks: webhook: %w", err)
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = defaultHookBody
	}
	tokens := slices.Clone(cfg.VerifierTokens)
	cfg.VerifierTokens = nil
	return &WebhookHandler{tokens: func() []rest.Secret { return tokens }, config: cfg}, nil
}

// ServeHTTP takes one delivery.
func (h *WebhookHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h == nil || h.tokens == nil { // NewWebhookHandler has not made it
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.WriteHeader(h.deliver(w, r))
}

// deliver takes one delivery and says how to answer it.
func (h *WebhookHandler) deliver(w http.ResponseWriter, r *http.Request) (status int) {
	if r.Body == nil { // as of a request that no server has read
		r.Body = http.NoBody
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.config.MaxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return http.StatusServiceUnavailable
	}
	if !h.signed(r.Header.Get("Intuit-Signature"), body) {
		return http.StatusUnauthorized
	}
	hints := h.seen.fresh(readHints(body))
	if len(hints) == 0 {
		return http.StatusOK
	}
	ctx, cancel := context.WithTimeout(r.Context(), hookPatience)
	defer cancel()
	if err := h.config.OnHints(ctx, slices.Clone(hints)); err != nil {
		return http.StatusServiceUnavailable
	}
	h.seen.remember(hints)
	return http.StatusOK
}

// signed compares with every token, and in the same time whichever it is.
func (h *WebhookHandler) signed(signature string, body []byte) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		given = nil
	}
	found := false
	for _, token := range h.tokens() {
		mac := hmac.New(sha256.New, []byte(token.Reveal()))
		_, _ = mac.Write(body)
		found = hmac.Equal(mac.Sum(nil), given) || found
	}
	return found
}

// remembered are the events that were handed out, the newest of them. The zero value is ready; it is safe for concurrent use.
type remembered struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]bool
	order [][sha256.Size]byte // a ring, once it is full
	next  int
}

// fresh leaves out what comes twice and what is known. What cannot be told from something else is never known.
func (m *remembered) fresh(hints []Hint) []Hint {
	m.mu.Lock()
	defer m.mu.Unlock()
	given := make(map[[sha256.Size]byte]bool)
	return slices.DeleteFunc(hints, func(h Hint) bool {
		print := h.print()
		again := given[print] || h.told() && m.known[print]
		given[print] = true
		return again
	})
}

func (m *remembered) remember(hints []Hint) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = make(map[[sha256.Size]byte]bool)
	}
	for _, h := range hints {
		print := h.print()
		if !h.told() || m.known[print] {
			continue
		}
		m.known[print] = true
		if len(m.order) < maxRemembered {
			m.order = append(m.order, print)
			continue
		}
		delete(m.known, m.order[m.next])
		m.order[m.next] = print
		m.next = (m.next + 1) % maxRemembered
	}
}

// told reports whether the hint says enough to be told from every other.
func (h Hint) told() bool { return h.EventID != "" || h.ID != "" && !h.Time.IsZero() }

// print is what hints of the same event have in common.
func (h Hint) print() [sha256.Size]byte {
	if h.EventID != "" {
		return sha256.Sum256(fmt.Appendf(nil, "%q %q", h.RealmID, h.EventID))
	}
	return sha256.Sum256(bytes.Join([][]byte{
		[]byte(h.RealmID), []byte(h.Entity), []byte(h.ID), []byte(h.Operation), []byte(h.DeletedID), []byte(h.Time.UTC().Format(time.RFC3339Nano)),
	}, []byte{0}))
}
