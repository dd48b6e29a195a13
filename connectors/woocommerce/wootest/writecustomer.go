package wootest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

func (x *exchange) customerWriter() *writer {
	return &writer{
		table: x.data.customers, list: "/customers", location: "/customers", noun: "customer",
		create: (*exchange).createCustomer, update: (*exchange).updateCustomer, noTrash: noTrash("Customers"),
		invalid: "wc_user_invalid_id", words: "Invalid user ID.", hidden: true,
	}
}

// createCustomer makes an account, with a user name from the address of the
// mail when none is given.
func (x *exchange) createCustomer(sent value) (*record, *apiError) {
	s := x.data
	email := sent.get("email").scalar()
	switch {
	case !isEmail(email):
		return nil, badRequest("customer_invalid_email", "Invalid email address")
	case s.hasEmail(email, 0):
		return nil, badRequest("registration-error-email-exists",
			"An account is already registered with "+email+". Please log in or use a different email address.")
	}
	username, refusal := s.freeUsername(sent.get("username").scalar(), email)
	if refusal != nil {
		return nil, refusal
	}
	id, w := s.next(s.customers), x.server.write(Inserted)
	o, err := parseObject([]byte(emptyCustomer))
	if err != nil {
		return nil, failed(err)
	}
	o = s.stamp(o, w).set("id", number(id)).set("username", mustJSON(username)).
		set("_links", recordLinks(first(s.home, x.server.home())+root+"/wc/v3/customers", id, ""))
	if sent.get("password").falsy() { // one was made up, and the shop reminds of it
		o = o.set("meta_data", joinArray([][]byte{s.meta("default_password_nag", mustJSON("1"))}))
	}
	if o, refusal = s.setCustomer(o, sent); refusal != nil {
		return nil, refusal
	}
	r, err := s.put(s.customers, o.bytes(), w)
	return r, failed(err)
}

func (s *store) hasEmail(email string, own int64) bool {
	return slices.ContainsFunc(s.customers.rows, func(r *record) bool { return r.id != own && strings.EqualFold(r.email, email) })
}

func (s *store) freeUsername(asked, email string) (string, *apiError) {
	name := strings.ToLower(asked)
	if name == "" {
		name, _, _ = strings.Cut(strings.ToLower(email), "@")
	}
	taken := slices.ContainsFunc(s.customers.rows, func(r *record) bool { return r.name == name })
	if taken || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		return "", notPlayed("a user name like " + name)
	}
	return first(asked, name), nil
}

// setCustomer sets what was sent.
func (s *store) setCustomer(o object, sent value) (object, *apiError) {
	changed := false // the address of the mail
	for _, name := range []string{"email", "first_name", "last_name"} {
		if text := strings.TrimSpace(sent.get(name).scalar()); sent.has(name) && text != unquote(o.get(name)) {
			changed = changed || name == "email"
			o = o.set(name, mustJSON(text))
		}
	}
	if changed {
		sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(sent.get("email").scalar()))))
		o = o.set("avatar_url", mustJSON(fmt.Sprintf("https://secure.gravatar.com/avatar/%s?s=96&d=mm&r=g", hex.EncodeToString(sum[:]))))
	}
	d := orderDraft{doc: o}
	for _, list := range []string{"billing", "shipping"} {
		if refusal := setAddress(&d, list, sent.get(list)); refusal != nil {
			return nil, refusal
		}
	}
	return s.setMeta(d.doc, sent)
}

// updateCustomer moves the modification time only when something changes.
func (x *exchange) updateCustomer(r *record, sent value) (*record, *apiError) {
	s := x.data
	if email := sent.get("email").scalar(); email != "" && !strings.EqualFold(email, r.email) {
		if !isEmail(email) || s.hasEmail(email, r.id) {
			return nil, badRequest("woocommerce_rest_customer_invalid_email", "Email address is invalid.")
		}
	}
	if sent.has("username") && !strings.EqualFold(sent.get("username").scalar(), r.name) {
		return nil, notPlayed("another user name for a customer")
	}
	o, err := parseObject(r.raw)
	if err != nil {
		return nil, failed(err)
	}
	o, refusal := s.setCustomer(slices.Clone(o), sent)
	if refusal != nil {
		return nil, refusal
	}
	changed, err := s.patch(s.customers, r.id, o.without("date_modified", "date_modified_gmt").bytes(), x.server.write(Edited))
	return changed, failed(err)
}
