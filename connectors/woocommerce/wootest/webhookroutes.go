package wootest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func webhookRoutes() []route {
	return []route{
		{"/webhooks", listing, false, (*exchange).webhooks},
		{"/webhooks/<id>", recording, false, (*exchange).oneWebhook},
	}
}

// webhooks lists them.
func (x *exchange) webhooks() ([]byte, *apiError) {
	for _, name := range []string{"search", "after", "before", "offset"} {
		if x.query.has(name) {
			return nil, notPlayed(name + " of webhooks")
		}
	}
	perPage, page := int(x.query.number("per_page", 10)), int(x.query.number("page", 1))
	rows := x.keptWebhooks()
	x.sortWebhooks(rows, (page-1)*perPage)
	total := len(rows)
	rows = rows[min((page-1)*perPage, total):min(page*perPage, total)]
	documents := make([][]byte, 0, len(rows))
	for _, h := range rows {
		documents = append(documents, x.data.document(h))
	}
	x.counted(nil, page, perPage, total, len(rows) > 0)
	return joinArray(documents), nil
}

func (x *exchange) keptWebhooks() []*webhook {
	status := x.query.text("status")
	include, exclude := x.query.ids("include"), x.query.ids("exclude")
	return slices.DeleteFunc(slices.Clone(x.data.webhooks), func(h *webhook) bool {
		return status != "" && status != "all" && h.status != status ||
			len(include) > 0 && !slices.Contains(include, h.id) || slices.Contains(exclude, h.id)
	})
}

// sortWebhooks sorts by creation, unless asked otherwise. The database is free
// to order those of one second, which come anew for each page.
func (x *exchange) sortWebhooks(rows []*webhook, start int) {
	by := func(a, b *webhook) int { return a.created.Compare(b.created) }
	switch x.query.text("orderby") {
	case "id":
		by = func(a, b *webhook) int { return cmp.Compare(a.id, b.id) }
	case "title":
		by = func(a, b *webhook) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) }
	}
	ties := scatter(start)
	slices.SortFunc(rows, func(a, b *webhook) int {
		order := by(a, b)
		if x.query.text("order") != "asc" {
			order = -order
		}
		return cmp.Or(order, ties(&record{id: a.id}, &record{id: b.id}))
	})
}

// oneWebhook reads one. How unknown ones are refused is from the source.
func (x *exchange) oneWebhook() ([]byte, *apiError) {
	h := x.data.webhook(x.ids[0])
	if h == nil {
		return nil, webhookError("invalid_id", "ID is invalid.")
	}
	return x.data.document(h), nil
}

// writeWebhook creates, changes or deletes one.
func (x *exchange) writeWebhook() ([]byte, *apiError) {
	if len(x.ids) == 0 {
		return x.createWebhook()
	}
	h := x.data.webhook(x.ids[0])
	switch {
	case x.method == http.MethodDelete:
		return x.deleteWebhook(h)
	case h == nil:
		return nil, webhookError("invalid_id", "ID is invalid.")
	}
	return x.updateWebhook(h)
}

func webhookError(code, message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "woocommerce_rest_shop_webhook_" + code, message: message}
}

func (x *exchange) deleteWebhook(h *webhook) ([]byte, *apiError) {
	if !x.sent.get("force").yes() {
		return nil, &apiError{
			status: http.StatusNotImplemented, code: "woocommerce_rest_trash_not_supported", message: "Webhooks do not support trashing.",
		}
	}
	if h == nil {
		return nil, invalidID("woocommerce_rest_shop_webhook_invalid_id")
	}
	x.data.webhooks = slices.DeleteFunc(x.data.webhooks, func(other *webhook) bool { return other == h })
	return x.data.document(h), nil
}

// webhookFields are those of a request; "" is like missing.
type webhookFields struct{ name, status, topic, url, secret string }

func (x *exchange) webhookFields() (webhookFields, *apiError) {
	text := func(name string) string { return x.sent.get(name).scalar() }
	f := webhookFields{text("name"), text("status"), text("topic"), text("delivery_url"), text("secret")}
	return f, f.check()
}

func (f *webhookFields) check() *apiError {
	if f.topic != "" && (topicHooks(f.topic) == nil || strings.HasPrefix(f.topic, "action.")) {
		if strings.HasPrefix(f.topic, "action.woocommerce_") || strings.HasPrefix(f.topic, "action.wc_") ||
			topicHooks(strings.ToLower(f.topic)) != nil || f.topic == "customer.restored" {
			return notPlayed("the topic " + f.topic)
		}
		return webhookError("invalid_topic", "Webhook topic is required and must be valid.")
	}
	address, err := url.Parse(f.url)
	if f.url != "" && (err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https") {
		return webhookError("invalid_delivery_url", "Webhook delivery URL must be a valid URL starting with http:// or https://.")
	}
	return nil
}

// createWebhook makes an active webhook, whatever status is asked for, and
// pings it, whatever comes of that.
func (x *exchange) createWebhook() ([]byte, *apiError) {
	f, refusal := x.webhookFields()
	if refusal != nil {
		return nil, refusal
	}
	if f.topic == "" {
		return nil, webhookError("invalid_topic", "Webhook topic is required and must be valid.")
	}
	if f.url == "" {
		return nil, webhookError("invalid_delivery_url", "Webhook delivery URL must be a valid URL starting with http:// or https://.")
	}
	now := x.server.now()
	h := &webhook{
		id: x.data.lastWebhook + 1, status: "active", topic: f.topic, url: f.url, created: now, unpinged: true,
		name:   first(f.name, "Webhook created on "+now.Format("Jan 02, 2006 @ 03:04 PM")),
		secret: first(f.secret, fmt.Sprintf("CANARY%044x", x.data.lastWebhook+1)),
	}
	x.data.addWebhook(h)
	x.data.pings = append(x.data.pings, h.id)
	x.status = http.StatusCreated
	x.header.Set("Location", x.server.restURL(fmt.Sprintf("/wc/v3/webhooks/%d", h.id)))
	return x.data.document(h), nil
}

func (x *exchange) updateWebhook(h *webhook) ([]byte, *apiError) {
	f, refusal := x.webhookFields()
	if refusal != nil {
		return nil, refusal
	}
	moved := f.url != "" && f.url != h.url
	h.name, h.status, h.topic = first(f.name, h.name), first(f.status, h.status), first(f.topic, h.topic)
	h.url, h.secret = first(f.url, h.url), first(f.secret, h.secret)
	x.data.saveWebhook(h, x.server.now(), moved)
	return x.data.document(h), nil
}
