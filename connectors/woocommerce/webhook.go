package woocommerce

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync/rest"
)

// A Hint says that something in a shop has changed. It is no record: what came
// with it may be old, late or repeated, so read the record again by its ID.
// Topic, Shop and the IDs of webhook and delivery come from headers, which the
// signature does not cover.
type Hint struct {
	Resource string // "order", "product", "customer", "coupon", or "action"
	// ID is that of the record. Of an action it is its argument where that is a
	// number, which is an order's for most. 0: the delivery does not tell, because
	// the record is gone by now, say; a pass finds what changed.
	ID int64
	// Parent is the product that a variation belongs to; 0 for all else.
	Parent     int64
	Topic      string // "order.updated", "action.woocommerce_payment_complete" …
	Shop       string // home address as the shop has it, without a slash at the end; "" unknown
	WebhookID  int64
	DeliveryID string // not unique: two deliveries of a webhook in one second share it
}

// RecordID is the ID as sources know it, for ReadRecords; "" if the delivery
// does not tell.
func (h Hint) RecordID() string {
	if h.ID == 0 {
		return ""
	}
	return strconv.FormatInt(h.ID, 10)
}

// WebhookConfig says what a [WebhookHandler] takes. Secrets and OnHint are
// required.
type WebhookConfig struct {
	// Secrets are those that deliveries are signed with: one, or for a while the
	// old one beside the new.
	Secrets []rest.Secret
	// OnHint is given every hint, in the goroutine of the delivery and with its
	// context. It must be safe for concurrent use, and quick: put the hint into a
	// queue, in which a second one of the same record changes nothing. WooCommerce
	// sends nothing again, so what is lost here waits for the next pass.
	OnHint  func(context.Context, Hint)
	MaxBody int64 // bytes of a body; 0: 4 MiB
	// Window is how long a delivery that comes again is left out; 0: 10 minutes,
	// negative: none is.
	Window time.Duration
}

const (
	defaultHookBody   = 4 << 20
	defaultHookWindow = 10 * time.Minute
	maxPing           = 1 << 10
	maxHookHeader     = 200
)

// A WebhookHandler is an [http.Handler] for the delivery URL of a shop's
// webhooks. It takes what is signed with one of its secrets and yields a [Hint]
// for it.
//
// It answers 200 to deliveries and to the unsigned ping that WooCommerce sends
// when a webhook is made, 401 where the signature is wrong, 413 to a body that
// is too large, 400 to a signed delivery that names no topic, and 405 to
// anything but POST. WooCommerce takes 200 to 302 for success; it does not send
// again what failed, and disables a webhook at the seventh failure in a row.
//
// A delivery that comes again, as proxies may send it, is left out for a while.
// What counts as the same is webhook, delivery ID, topic and the whole body,
// and only where the body has the record's date of modification: a body that is
// just an ID, as of deletions and actions, says nothing of what happened
// between two of them. As the delivery ID is that of a second, a repeat within
// two seconds may be another delivery, and is not left out.
//
// It keeps at most 4096 fingerprints, no bodies, and no goroutine. It is safe
// for concurrent use.
type WebhookHandler struct {
	config  WebhookConfig        // without Secrets
	secrets func() []rest.Secret // a function, so that fmt does not print what it holds
	seen    repeats
}

// NewWebhookHandler returns a handler, or an error that names every mistake in
// cfg.
func NewWebhookHandler(cfg WebhookConfig) (*WebhookHandler, error) {
	var mistakes []error
	if len(cfg.Secrets) == 0 {
		mistakes = append(mistakes, errors.New("Secrets: want at least one"))
	}
	for i, secret := range cfg.Secrets {
		if secret == "" {
			mistakes = append(mistakes, fmt.Errorf("Secrets: number %d is empty, and anybody could sign with it", i+1))
		}
	}
	if cfg.OnHint == nil {
		mistakes = append(mistakes, errors.New("OnHint: missing"))
	}
	if cfg.MaxBody < 0 {
		mistakes = append(mistakes, errors.New("MaxBody: negative"))
	}
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("woocommerce: webhook: %w", err)
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = defaultHookBody
	}
	if cfg.Window == 0 {
		cfg.Window = defaultHookWindow
	}
	secrets := slices.Clone(cfg.Secrets)
	cfg.Secrets = nil
	return &WebhookHandler{config: cfg, secrets: func() []rest.Secret { return secrets }, seen: repeats{window: cfg.Window}}, nil
}

// ServeHTTP takes one delivery.
func (h *WebhookHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.config.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case isPing(r.Header, body):
		w.WriteHeader(http.StatusOK)
	case !h.signed(r.Header.Get("X-WC-Webhook-Signature"), body):
		w.WriteHeader(http.StatusUnauthorized)
	default:
		h.deliver(w, r, body)
	}
}

// deliver is for a delivery whose signature is right.
func (h *WebhookHandler) deliver(w http.ResponseWriter, r *http.Request, body []byte) {
	hint, dated, err := readHint(r.Header, body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !dated || !h.seen.again(fingerprint(hint, body), time.Now()) {
		h.config.OnHint(r.Context(), hint)
	}
	w.WriteHeader(http.StatusOK)
}

// signed compares with every secret, and in the same time whichever it is.
func (h *WebhookHandler) signed(signature string, body []byte) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		given = nil
	}
	found := false
	for _, secret := range h.secrets() {
		mac := hmac.New(sha256.New, []byte(secret.Reveal()))
		_, _ = mac.Write(body)
		found = hmac.Equal(mac.Sum(nil), given) || found
	}
	return found
}

// isPing tells the form that a new webhook sends, "webhook_id=14", which has
// none of the headers of a delivery.
func isPing(header http.Header, body []byte) bool {
	for name := range header {
		if strings.HasPrefix(name, "X-Wc-") {
			return false
		}
	}
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || len(body) > maxPing {
		return false
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form) != 1 || len(form["webhook_id"]) != 1 {
		return false
	}
	id, err := strconv.ParseInt(form.Get("webhook_id"), 10, 64)
	return err == nil && id > 0
}

// readHint reads a delivery. dated says that its body is a record with its date
// of modification.
func readHint(header http.Header, body []byte) (hint Hint, dated bool, err error) {
	hint.Topic = header.Get("X-WC-Webhook-Topic")
	resource, event, found := strings.Cut(hint.Topic, ".")
	if !found || resource == "" || event == "" || len(hint.Topic) > maxHookHeader || strings.ContainsFunc(hint.Topic, notTopic) {
		return Hint{}, false, errors.New("no topic")
	}
	hint.Resource = resource
	hint.WebhookID, _ = strconv.ParseInt(header.Get("X-WC-Webhook-ID"), 10, 64)
	hint.WebhookID = max(hint.WebhookID, 0)
	if id := header.Get("X-WC-Webhook-Delivery-ID"); len(id) <= maxHookHeader && !strings.ContainsFunc(id, notTopic) {
		hint.DeliveryID = id
	}
	if source := header.Get("X-WC-Webhook-Source"); len(source) <= 4*maxHookHeader {
		hint.Shop, _ = normalAddress(source) // "" if it is none
	}
	var record struct {
		ID       number          `json:"id"`
		Parent   number          `json:"parent_id"`
		Type     json.RawMessage `json:"type"`
		Modified json.RawMessage `json:"date_modified"`
		Argument number          `json:"arg"`
	}
	if json.Unmarshal(body, &record) != nil {
		return hint, false, nil //nolint:nilerr // it is signed, so something did change
	}
	hint.ID = int64(record.ID)
	if resource == "action" {
		hint.ID = int64(record.Argument)
	}
	if string(record.Type) == `"variation"` {
		hint.Parent = int64(record.Parent)
	}
	modified := string(record.Modified)
	return hint, hint.ID != 0 && resource != "action" && len(modified) > 2 && modified[0] == '"', nil
}

// notTopic reports whether a character has no place in a topic or an ID.
func notTopic(c rune) bool { return notPlain(c) && c != '.' && c != '/' }

// number reads an ID that is a number or, as PHP has it at times, a text; what
// is neither is 0.
type number int64

// UnmarshalJSON never fails: what is no ID is none.
func (n *number) UnmarshalJSON(data []byte) error {
	id, err := strconv.ParseInt(strings.Trim(string(data), `"`), 10, 64)
	if err != nil || id < 0 {
		id = 0
	}
	*n = number(id)
	return nil
}

// fingerprint is what two deliveries have in common that bring the same.
func fingerprint(hint Hint, body []byte) [sha256.Size]byte {
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%d\n%q\n%q\n%q\n", hint.WebhookID, hint.DeliveryID, hint.Topic, hint.Shop)
	_, _ = sum.Write(body)
	return [sha256.Size]byte(sum.Sum(nil))
}
