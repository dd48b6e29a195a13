package qbotest

import (
	"strings"
	"time"
)

// change is a write to the books.
type change struct {
	schema     *schema
	kind       Kind
	body       *node
	api        bool // through the API, not by a user
	overlap    bool // another write to a list was under way
	duplicates bool // include=allowduplicatedocnum
	old        *node
	now        time.Time
}

// sparse says whether what the body leaves out stays as it is.
func (c *change) sparse() bool { return c.old != nil && c.body.truth("sparse") }

// write executes a change: it checks, in the order of the real server, and commits only at the end.
func (b *books) write(c change, now time.Time) (*node, *fault) {
	c.now = now
	s := c.schema
	if c.api && !s.writable || c.kind == Delete && !s.txn && !s.notes || c.kind == Void && !s.voids && (c.api || !s.formVoids) || c.api && c.kind == Update && s.fixed {
		return nil, unsupported(string(c.kind) + " " + s.name)
	}
	if f := known(c.body, s.fields, b.set.lenient); f != nil {
		return nil, f
	}
	if s.perform != nil {
		return s.perform(b, &c)
	}
	if c.kind == Create {
		return b.create(&c)
	}
	if c.body.str("Id") == "" {
		return nil, missing("Id")
	}
	if strings.Trim(c.body.str("Id"), "0123456789") != "" {
		return nil, badFormat("2030", "Invalid ID", "Id", c.body.str("Id"))
	}
	if c.body.str("SyncToken") == "" {
		return nil, missing("SyncToken")
	}
	e, gone := b.find(s, c.body.str("Id"))
	if gone != nil {
		if f := formats(c.body, s.fields, ""); f != nil {
			return nil, f
		}
		return nil, gone
	}
	c.old = e.node()
	switch c.kind {
	case Void:
		out, f := b.void(&c, e)
		if f == nil {
			b.tellVoid(s.name, e.id)
		}
		return out, f
	case Delete:
		return b.delete(&c, e)
	case Create, Update, Read, Query, Batch, Capture, Token, Revoke, Authorize, Unknown:
	}
	return b.update(&c, e)
}

func (b *books) create(c *change) (*node, *fault) {
	doc := merge(obj(), c.body, false)
	doc.drop("Id", "SyncToken", "MetaData", "domain", "sparse", "status")
	if f := b.check(c, doc); f != nil {
		return nil, f
	}
	b.insert(c.schema, doc, c.now)
	b.register(c.schema, doc)
	b.relink(c.schema, doc.str("Id"), doc, c.now)
	return obj().put(c.schema.name, doc), nil
}

func (b *books) update(c *change, e *entity) (*node, *fault) {
	doc := merge(c.old, c.body, c.sparse())
	if f := b.check(c, doc); f != nil {
		return nil, f
	}
	if f := b.fresh(c); f != nil {
		return nil, f
	}
	b.unregister(c.schema, c.old)
	b.replace(c.schema, e, doc, c.now)
	b.register(c.schema, doc)
	b.relink(c.schema, e.id, doc, c.now)
	return obj().put(c.schema.name, doc), nil
}

// merge lays a body over the stored object. Lists and nested objects are replaced as a whole; null and the empty text clear.
func merge(old, body *node, sparse bool) *node {
	doc := obj()
	if sparse {
		doc = old.clone()
	}
	for _, m := range body.members {
		if m.value.empty() {
			doc.drop(m.name)
			continue
		}
		doc.put(m.name, m.value.pruned())
	}
	doc.drop("status")
	return doc
}

// check runs all checks but that of the SyncToken, and completes the document.
func (b *books) check(c *change, doc *node) *fault {
	if f := c.schema.complaint(b, doc); f != nil {
		return f
	}
	if f := formats(c.body, c.schema.fields, ""); f != nil {
		return f
	}
	if f := b.references(c.body, c.schema.fields); f != nil {
		return f
	}
	if f := b.open(c); f != nil {
		return f
	}
	if c.overlap {
		if c.schema.name == "Item" {
			return business(oneItemAtATime)
		}
		return business(oneNameAtATime)
	}
	if c.schema.complete != nil {
		if f := c.schema.complete(b, c, doc); f != nil {
			return f
		}
	}
	b.nameReferences(doc, c.schema.fields)
	return nil
}

// fresh compares the SyncToken.
func (b *books) fresh(c *change) *fault {
	if c.body.str("SyncToken") != c.old.str("SyncToken") {
		return stale()
	}
	return nil
}

// open refuses writes to a company whose subscription has ended.
func (b *books) open(c *change) *fault {
	locked := b.set.subscription == "RESTRICTED" && !b.set.restrictedOK
	switch b.set.subscription {
	case "SUSPENDED", "EXPIRED", "CANCELLED", "CANCELED":
		locked = true
	}
	if locked && c.api {
		return lockedCompany()
	}
	return nil
}

// references checks that what the body refers to exists and is active.
func (b *books) references(n *node, fields []field) *fault {
	for _, m := range n.members {
		f := fieldIn(fields, m.name)
		if f == nil {
			continue
		}
		var err *fault
		switch f.kind {
		case objectField:
			err = b.references(m.value, f.fields)
		case listField:
			for _, item := range m.value.items {
				if err == nil {
					err = b.references(item, f.fields)
				}
			}
		case refField:
			err = b.reference(m.value.str("value"), f.to)
		case textField, decimalField, boolField, dateField, timeField, emailField, urlField, enumField:
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pluralOf names entities that the fake does not have as the real server names them in errors.
func (b *books) pluralOf(name string) string {
	for _, s := range b.schemas {
		if s.name == name {
			return s.plural
		}
	}
	return name + "s"
}

func (b *books) reference(id, to string) *fault {
	if to == "" || id == "" || id == "SHIPPING_ITEM_ID" && to == "Item" || to == "TaxCode" && pseudoCode(id) {
		return nil // checked where the rules are
	}
	e := b.lookup(to, id)
	if e == nil || b.hidden[to+" "+id] {
		return noReference(b.pluralOf(to), id)
	}
	if e.values["Active"] != "false" {
		return nil
	}
	if b.set.inactive610 {
		return notFound()
	}
	return inactiveReference()
}

// nameReferences gives references the names of what they lead to, whatever was sent.
func (b *books) nameReferences(n *node, fields []field) {
	for i := range n.members {
		m := &n.members[i]
		f := fieldIn(fields, m.name)
		switch {
		case f == nil:
		case f.kind == objectField:
			b.nameReferences(m.value, f.fields)
		case f.kind == listField:
			for _, item := range m.value.items {
				b.nameReferences(item, f.fields)
			}
		case f.kind == refField && f.to == "TaxCode":
			m.value = ref(m.value.str("value"), "")
		case f.kind == refField && f.to != "":
			e := b.lookup(f.to, m.value.str("value"))
			if e != nil {
				m.value = ref(e.id, e.values["Name"]+e.values["DisplayName"])
			}
		}
	}
}
