package woocommerce

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// A WebhookPlan says which webhooks a shop should have for one host
// application. Name, DeliveryURL and Secret are required.
type WebhookPlan struct {
	// Name marks webhooks as those of this plan, so that no others are touched: it
	// begins their names in the shop, "Ledgerly order.updated #1f3a9c2e". Two
	// installations that serve the same shop need two names, or each would take
	// the other's for its own. Letters, digits, ".", "_" and "-".
	Name        string
	DeliveryURL string // where a WebhookHandler listens: https, or http to this machine or for a shop on http
	// Secret signs the deliveries, at least 16 bytes. WooCommerce never tells it
	// again, so the names have eight digits of a digest, by which a change is seen.
	Secret rest.Secret
	// Topics are those to subscribe to; nil: every change of orders, products,
	// customers and coupons that WooCommerce has a topic for. Empty and not nil: none,
	// so that the plan's webhooks are removed.
	Topics []string
}

// WebhookDone is what became of a webhook.
type WebhookDone string

// What may become of a webhook.
const (
	WebhookKept    WebhookDone = "kept"
	WebhookCreated WebhookDone = "created"
	WebhookChanged WebhookDone = "changed"
	WebhookRemoved WebhookDone = "removed"
)

// A WebhookChange is one webhook of a plan, what was done with it and why.
type WebhookChange struct {
	ID    int64
	Topic string
	Done  WebhookDone
	Why   []string // "was disabled", "another address" …; nil for one that was kept
}

// EnsureWebhooks makes the webhooks of a shop those of a plan: it creates what
// is missing, activates what WooCommerce has disabled after failures or somebody
// has paused, sets address, topic and secret right, and removes what is there
// twice or is planned no more. Webhooks that do not bear the plan's name stay as
// they are. Doing it again changes nothing.
//
// It returns what was done, also beside an error, at the first of which it
// stops; the errors are *woosync.Fault. The key must be allowed to write. The
// shop sends an unsigned ping to the delivery URL at once, and creates the
// webhook whatever comes of it.
//
// A webhook that lost deliveries while it was disabled does not send them later:
// let a pass follow one that was changed.
func (c *Client) EnsureWebhooks(ctx context.Context, plan WebhookPlan) ([]WebhookChange, error) {
	if err := plan.check(c.origin); err != nil {
		return nil, &woosync.Fault{
			Definite: woosync.Rejected, Category: woosync.CategoryMapping, Err: fmt.Errorf("woocommerce: webhook plan: %w", err),
		}
	}
	e := &ensuring{hooks: c.Webhooks(), plan: plan}
	err := e.run(ctx)
	return e.done, err
}

func (p WebhookPlan) check(origin string) error {
	var mistakes []error
	if p.Name == "" || strings.ContainsFunc(p.Name, func(r rune) bool { return notPlain(r) && r != '.' }) {
		mistakes = append(mistakes, errors.New(`Name: want letters, digits, ".", "_" and "-"`))
	}
	u, err := url.Parse(p.DeliveryURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Fragment != "":
		mistakes = append(mistakes, errors.New("DeliveryURL: want an address such as https://app.example/hooks/42"))
	case u.Scheme == "http" && !loopback(u.Hostname()) && !strings.HasPrefix(origin, "http:"):
		mistakes = append(mistakes, errors.New("DeliveryURL: deliveries hold the shop's records: use https"))
	}
	if len(p.Secret) < 16 {
		mistakes = append(mistakes, errors.New("Secret: want at least 16 bytes, by chance"))
	}
	for i, topic := range p.Topics {
		if resource, event, found := strings.Cut(topic, "."); !found || resource == "" || event == "" || strings.ContainsFunc(topic, notTopic) {
			mistakes = append(mistakes, fmt.Errorf(`Topics: number %d is none: want such as "order.updated"`, i+1))
		}
	}
	return errors.Join(mistakes...)
}

// topics are those to subscribe to, each once.
func (p WebhookPlan) topics() []string {
	if p.Topics == nil {
		return []string{
			"order.created", "order.updated", "order.deleted", "order.restored",
			"product.created", "product.updated", "product.deleted", "product.restored",
			"customer.created", "customer.updated", "customer.deleted",
			"coupon.created", "coupon.updated", "coupon.deleted", "coupon.restored",
		}
	}
	var topics []string
	for _, topic := range p.Topics {
		if !slices.Contains(topics, topic) {
			topics = append(topics, topic)
		}
	}
	return topics
}

// nameOf is the name of the plan's webhook for a topic. The digest tells nothing
// of a secret that was made by chance.
func (p WebhookPlan) nameOf(topic string) string {
	mac := hmac.New(sha256.New, []byte(p.Secret.Reveal()))
	_, _ = mac.Write([]byte("woosync webhook"))
	return p.Name + " " + topic + " #" + hex.EncodeToString(mac.Sum(nil)[:digestSize])
}

const digestSize = 4 // bytes

// topicOf reads the topic out of a name that nameOf has made, with any secret;
// "" if it has not.
func (p WebhookPlan) topicOf(name string) string {
	rest, ours := strings.CutPrefix(name, p.Name+" ")
	topic, digest, found := strings.Cut(rest, " #")
	sum, err := hex.DecodeString(digest)
	if !ours || !found || err != nil || len(sum) != digestSize || topic == "" {
		return ""
	}
	return topic
}

// ensuring is one EnsureWebhooks on its way.
type ensuring struct {
	hooks Collection[Webhook]
	plan  WebhookPlan
	done  []WebhookChange
}

func (e *ensuring) run(ctx context.Context) error {
	ours := make(map[string][]Webhook)
	var order []string
	for hook, err := range e.hooks.All(ctx, Query{}) {
		if err != nil {
			return err
		}
		topic := e.plan.topicOf(hook.Name)
		if topic == "" {
			continue
		}
		if ours[topic] == nil {
			order = append(order, topic)
		}
		ours[topic] = append(ours[topic], hook)
	}
	topics := e.plan.topics()
	for _, topic := range topics {
		if err := e.topic(ctx, topic, ours[topic]); err != nil {
			return err
		}
	}
	for _, topic := range order {
		if slices.Contains(topics, topic) {
			continue
		}
		for _, hook := range ours[topic] {
			if err := e.remove(ctx, topic, hook, "planned no more"); err != nil {
				return err
			}
		}
	}
	return nil
}

// topic leaves one webhook for a topic: the first that is right, or else the
// first, set right.
func (e *ensuring) topic(ctx context.Context, topic string, hooks []Webhook) error {
	if len(hooks) == 0 {
		made, err := e.hooks.Create(ctx, e.wanted(topic))
		if err == nil {
			e.note(made.ID, topic, WebhookCreated, "was missing")
		}
		return err
	}
	keep := max(0, slices.IndexFunc(hooks, func(h Webhook) bool { return len(e.wrong(topic, h)) == 0 }))
	for i, hook := range hooks {
		if i == keep {
			continue
		}
		if err := e.remove(ctx, topic, hook, "is there twice"); err != nil {
			return err
		}
	}
	hook := hooks[keep]
	wrong := e.wrong(topic, hook)
	if len(wrong) == 0 {
		e.note(hook.ID, topic, WebhookKept)
		return nil
	}
	// All of it is sent: somebody who has changed one thing may have changed the
	// secret, which cannot be seen.
	if _, err := e.hooks.Update(ctx, hook.ID, e.wanted(topic)); err != nil {
		return err
	}
	e.note(hook.ID, topic, WebhookChanged, wrong...)
	return nil
}

func (e *ensuring) wanted(topic string) Patch {
	return Patch{}.Text("name", e.plan.nameOf(topic)).Text("status", "active").Text("topic", topic).
		Text("delivery_url", e.plan.DeliveryURL).Text("secret", e.plan.Secret.Reveal())
}

// wrong says what is not as it should be.
func (e *ensuring) wrong(topic string, hook Webhook) (why []string) {
	if hook.Status != "active" {
		why = append(why, "was "+cut(hook.Status, maxHookHeader))
	}
	if hook.Topic != topic {
		why = append(why, "another topic")
	}
	if hook.DeliveryURL != e.plan.DeliveryURL {
		why = append(why, "another address")
	}
	if hook.Name != e.plan.nameOf(topic) {
		why = append(why, "another secret")
	}
	return why
}

// remove deletes a webhook; one that is gone already is as good.
func (e *ensuring) remove(ctx context.Context, topic string, hook Webhook, why string) error {
	err := e.hooks.Delete(ctx, hook.ID)
	if fault, ok := errors.AsType[*woosync.Fault](err); ok && fault.Category == woosync.CategoryGone {
		err = nil
	}
	if err == nil {
		e.note(hook.ID, topic, WebhookRemoved, why)
	}
	return err
}

func (e *ensuring) note(id int64, topic string, done WebhookDone, why ...string) {
	e.done = append(e.done, WebhookChange{ID: id, Topic: topic, Done: done, Why: why})
}
