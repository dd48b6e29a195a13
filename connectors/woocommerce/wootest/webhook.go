package wootest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// webhook is a subscription to events of one topic.
type webhook struct {
	id                int64
	name, status      string // active, paused, disabled
	topic, url        string
	secret            string
	created, modified time.Time // UTC; modified is zero until the first change
	failures          int       // deliveries in a row
	unpinged          bool      // no ping has been answered with 200 yet
}

// topicHooks are the actions that raise a topic; a topic without any is none.
// Those of coupons but updated, and product.restored, are from the source.
func topicHooks(topic string) []string {
	switch topic {
	case "coupon.created":
		return []string{"woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"}
	case "coupon.updated":
		return []string{"woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"}
	case "customer.created":
		return []string{"user_register", "woocommerce_created_customer", "woocommerce_new_customer"}
	case "customer.updated":
		return []string{"profile_update", "woocommerce_update_customer"}
	case "customer.deleted":
		return []string{"delete_user"}
	case "order.created":
		return []string{"woocommerce_new_order"}
	case "order.updated":
		return []string{"woocommerce_update_order", "woocommerce_order_refunded"}
	case "order.deleted":
		return []string{"wp_trash_post", "woocommerce_trash_order"}
	case "order.restored":
		return []string{"untrashed_post", "woocommerce_untrash_order"}
	case "product.created":
		return []string{"woocommerce_process_product_meta", "woocommerce_new_product", "woocommerce_new_product_variation"}
	case "product.updated":
		return []string{"woocommerce_process_product_meta", "woocommerce_update_product", "woocommerce_update_product_variation"}
	case "product.deleted", "coupon.deleted":
		return []string{"wp_trash_post"}
	case "product.restored", "coupon.restored":
		return []string{"untrashed_post"}
	}
	if action, custom := strings.CutPrefix(topic, "action."); custom &&
		(strings.HasPrefix(action, "woocommerce_") || strings.HasPrefix(action, "wc_")) {
		return []string{action}
	}
	return nil
}

func (h *webhook) resource() string {
	resource, _, _ := strings.Cut(h.topic, ".")
	return resource
}

func (h *webhook) event() string {
	_, event, _ := strings.Cut(h.topic, ".")
	return event
}

// document is the webhook as the API gives it, which never tells the secret.
func (s *store) document(h *webhook) []byte {
	var hooks [][]byte
	for _, name := range topicHooks(h.topic) {
		hooks = append(hooks, mustJSON(name))
	}
	local, utc := []byte("null"), []byte("null")
	if !h.modified.IsZero() {
		local, utc = mustJSON(h.modified.In(s.zone).Format(wallLayout)), mustJSON(h.modified.Format(wallLayout))
	}
	const collection = root + "/wc/v3/webhooks"
	return object{
		{"id", mustJSON(h.id)},
		{"name", mustJSON(h.name)},
		{"status", mustJSON(h.status)},
		{"topic", mustJSON(h.topic)},
		{"resource", mustJSON(h.resource())},
		{"event", mustJSON(h.event())},
		{"hooks", joinArray(hooks)},
		{"delivery_url", mustJSON(h.url)},
		{"date_created", mustJSON(h.created.In(s.zone).Format(wallLayout))},
		{"date_created_gmt", mustJSON(h.created.Format(wallLayout))},
		{"date_modified", local},
		{"date_modified_gmt", utc},
		{"_links", fmt.Appendf(nil, `{"self":[{"href":"%s/%d","targetHints":{"allow":["GET","POST","PUT","PATCH","DELETE"]}}],`+
			`"collection":[{"href":"%s"}]}`, s.home+collection, h.id, s.home+collection)},
	}.bytes()
}

// readWebhook reads a webhook of [Shop.Webhooks].
func readWebhook(raw []byte) (*webhook, error) {
	var d struct {
		ID          int64   `json:"id"`
		Name        string  `json:"name"`
		Status      string  `json:"status"`
		Topic       string  `json:"topic"`
		URL         string  `json:"delivery_url"`
		Secret      string  `json:"secret"`
		CreatedGMT  string  `json:"date_created_gmt"`
		ModifiedGMT *string `json:"date_modified_gmt"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	created, err := time.Parse(wallLayout, d.CreatedGMT)
	if err != nil {
		return nil, err
	}
	h := &webhook{id: d.ID, name: d.Name, status: d.Status, topic: d.Topic, url: d.URL, secret: d.Secret, created: created}
	if d.ModifiedGMT != nil {
		if h.modified, err = time.Parse(wallLayout, *d.ModifiedGMT); err != nil {
			return nil, err
		}
	}
	if h.id <= 0 || !slices.Contains(webhookStatuses(), h.status) || topicHooks(h.topic) == nil {
		return nil, fmt.Errorf("webhook %d: no such ID, status or topic", h.id)
	}
	return h, nil
}

func webhookStatuses() []string { return []string{"active", "paused", "disabled"} }

func (s *store) readWebhooks(documents []json.RawMessage) error {
	for i, raw := range documents {
		h, err := readWebhook(raw)
		if err != nil {
			return fmt.Errorf("wootest: webhooks: document %d: %w", i+1, err)
		}
		s.addWebhook(h)
	}
	return nil
}

func (s *store) addWebhook(h *webhook) {
	s.webhooks = append(s.webhooks, h)
	s.lastWebhook = max(s.lastWebhook, h.id)
}

func (s *store) webhook(id int64) *webhook {
	for _, h := range s.webhooks {
		if h.id == id {
			return h
		}
	}
	return nil
}

// saveWebhook is what every change of a webhook comes down to. An active one
// that was never reached is pinged again, as is one with a new address.
func (s *store) saveWebhook(h *webhook, now time.Time, moved bool) {
	h.modified = now
	if h.status == "active" && (moved || h.unpinged) {
		s.pings = append(s.pings, h.id)
	}
}
