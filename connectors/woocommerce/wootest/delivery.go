package wootest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// WithReceiver hands what webhooks send to h, in memory and in the goroutine
// of whoever causes it, whatever address they have. Default: it is sent over
// the network.
func WithReceiver(h http.Handler) Option { return func(c *config) { c.receiver = h } }

// Delivery is one request of a webhook.
type Delivery struct {
	Webhook int64
	Topic   string
	Record  int64  // the ID of what the event is about
	ID      string // X-WC-Webhook-Delivery-ID, which is not unique
	Status  int    // of the answer, 0 when there was none
	Err     error  // why there was none
}

// due is an event that waits to be delivered. It does not hold what happened:
// the body is built when it is delivered.
type due struct {
	webhook, record int64
}

// raise puts what the active webhooks of a topic have to deliver into the
// queue. What waits there already is not put there again.
func (s *store) raise(topic string, record int64) {
	for _, h := range s.webhooks {
		event := due{h.id, record}
		if h.topic == topic && h.status == "active" && !slices.Contains(s.queue, event) {
			s.queue = append(s.queue, event)
		}
	}
}

// DeliverWebhooks sends what is due, in order, and returns what it sent. A real
// shop does so in the background, seconds to minutes after the change. Bodies
// are as the records are now. An answer of 200 to 302 is a success; at the
// seventh failure in a row the webhook is disabled. Nothing is sent twice. The
// error is that of ctx or [Server.Err].
func (s *Server) DeliverWebhooks(ctx context.Context) ([]Delivery, error) {
	var sent []Delivery
	for {
		s.mu.Lock()
		if s.err != nil || len(s.data.queue) == 0 || ctx.Err() != nil {
			s.mu.Unlock()
			if s.err != nil {
				return sent, s.err
			}
			return sent, ctx.Err()
		}
		event := s.data.queue[0]
		s.data.queue = s.data.queue[1:]
		h := s.data.webhook(event.webhook)
		if h == nil { // deleted meanwhile
			s.mu.Unlock()
			continue
		}
		body, built := s.payload(h, event.record)
		if !built {
			s.mu.Unlock()
			continue
		}
		d := Delivery{Webhook: h.id, Topic: h.topic, Record: event.record, ID: s.deliveryID(h)}
		address, header := h.url, s.deliveryHeader(h, d.ID, body)
		s.mu.Unlock()
		d.Status, d.Err = s.post(ctx, address, header, body)
		sent = append(sent, d)
		s.delivered(event.webhook, d.Status)
		s.ping(ctx)
	}
}

// delivered counts failures in a row.
func (s *Server) delivered(id int64, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.data.webhook(id)
	if h == nil {
		return
	}
	switch {
	case status >= http.StatusOK && status <= http.StatusFound:
		h.failures = 0
	case h.failures > 5:
		h.status = "disabled"
	default:
		h.failures++
	}
	s.data.saveWebhook(h, s.now(), false)
}

// ping sends the pings that are due. They are no deliveries: not signed, not
// JSON, and what comes of them is not counted.
func (s *Server) ping(ctx context.Context) {
	for {
		s.mu.Lock()
		if s.data == nil || len(s.data.pings) == 0 {
			s.mu.Unlock()
			return
		}
		id := s.data.pings[0]
		s.data.pings = s.data.pings[1:]
		h := s.data.webhook(id)
		if h == nil {
			s.mu.Unlock()
			continue
		}
		address, header := h.url, s.hookHeader("application/x-www-form-urlencoded")
		s.mu.Unlock()
		status, _ := s.post(ctx, address, header, fmt.Appendf(nil, "webhook_id=%d", id))
		s.mu.Lock()
		if status == http.StatusOK {
			h.unpinged, h.modified = false, s.now()
		}
		s.mu.Unlock()
	}
}

func (s *Server) hookHeader(contentType string) http.Header {
	wordpress := "7.0.2"
	if s.config.version == V9 {
		wordpress = "6.9"
	}
	return http.Header{
		"User-Agent":      {"WooCommerce/" + s.config.version.String() + " Hookshot (WordPress/" + wordpress + ")"},
		"Accept":          {"*/*"},
		"Accept-Encoding": {"deflate, gzip, br, zstd"},
		"Content-Type":    {contentType},
	}
}

func (s *Server) deliveryHeader(h *webhook, id string, body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(h.secret))
	_, _ = mac.Write(body)
	header := s.hookHeader("application/json")
	for name, value := range map[string]string{
		"Source":      s.home() + "/",
		"Topic":       h.topic,
		"Resource":    h.resource(),
		"Event":       h.event(),
		"Signature":   base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		"Id":          strconv.FormatInt(h.id, 10),
		"Delivery-Id": id,
	} {
		header.Set("X-WC-Webhook-"+name, value)
	}
	return header
}

// deliveryID depends on the webhook and the second alone.
func (s *Server) deliveryID(h *webhook) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d", h.id, s.now().Unix()))
	return hex.EncodeToString(sum[:16])
}

// payload is the record as the API gives it now: of one that is gone the
// refusal, of a topic of deletion nothing but the ID. One that a plug-in fails on
// takes the event with it.
func (s *Server) payload(h *webhook, id int64) (body []byte, built bool) {
	if h.event() == "deleted" {
		return fmt.Appendf(nil, `{"id":%d}`, id), true
	}
	rt, ids := match(fmt.Sprintf("/wc/v3/%ss/%d", h.resource(), id), false)
	x := &exchange{server: s, data: s.data, route: rt, ids: ids, method: http.MethodGet, header: make(http.Header), key: s.keys[0]}
	body, refusal := rt.serve(x)
	if refusal != nil && refusal.status == http.StatusInternalServerError {
		return nil, false
	}
	if refusal != nil {
		body = refusal.body()
	}
	return phpJSON(s.rehome(body)), true
}

// phpJSON writes a document as PHP does: slashes and all but ASCII escaped.
func phpJSON(document []byte) []byte {
	var b bytes.Buffer
	for i := 0; i < len(document); {
		r, size := utf8.DecodeRune(document[i:])
		switch {
		case r == '\\':
			size = min(2, len(document)-i)
			b.Write(document[i : i+size])
		case r == '/':
			b.WriteString(`\/`)
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.Bytes()
}

// post sends a request of a webhook and waits for the answer for a minute. It
// does not follow redirects.
func (s *Server) post(ctx context.Context, address string, header http.Header, body []byte) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header, request.Close = header, true
	if s.config.receiver != nil {
		request.RequestURI, request.RemoteAddr = request.URL.RequestURI(), "192.0.2.1:1234"
		request.Header.Set("Connection", "close")
		request.Header.Set("Content-Length", strconv.Itoa(len(body)))
		answer := httptest.NewRecorder()
		s.config.receiver.ServeHTTP(answer, request)
		return answer.Code, nil
	}
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, response.Body.Close()
}

// announce raises what a change in the shop raises; was and is are the status
// before and after. Measured: a deletion for good raises nothing, but of a
// customer; what leaves the trash raises nothing; a new order or customer counts
// as updated, too; a refund is an update of its order. What a change of a
// variation raises was not measured: nothing here.
func (s *store) announce(r Resource, w write, id int64, was, is string) {
	topic := ""
	switch r {
	case Orders, Products, Customers, Coupons:
		topic = strings.TrimSuffix(string(r), "s")
	case Refunds, Variations, Taxes:
		return
	}
	switch {
	case w.kind == Deleted && r == Customers:
		s.raise("customer.deleted", id)
	case w.quiet, w.silent, w.kind == Served, w.kind == Touched, w.kind == Deleted, is == "auto-draft":
	case w.kind == Inserted:
		s.raise(topic+".created", id)
		if r == Orders || r == Customers {
			s.raise(topic+".updated", id)
		}
	case is == "trash" && was != "trash":
		s.raise(topic+".deleted", id)
	case was != "trash":
		s.raise(topic+".updated", id)
	}
}
