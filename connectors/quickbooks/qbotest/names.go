package qbotest

import (
	"fmt"
	"strconv"
	"strings"
)

// owner is who has a name in a registry.
type owner struct{ entity, id string }

// registry names the set in which an entity's names are unique: customers, vendors and employees share one.
func (b *books) registry(s *schema, doc *node) string {
	switch s.name {
	case "Customer", "Vendor", "Employee":
		return "names/" + nameKey(doc.str("DisplayName"))
	}
	if !s.list && s.name != "TaxAgency" {
		return ""
	}
	below := ""
	if s.name == "Item" && b.set.namesPerParent {
		below = doc.str("ParentRef", "value") + "/"
	}
	return s.name + "/" + below + nameKey(firstOf(doc.str("Name"), doc.str("DisplayName")))
}

func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (b *books) register(s *schema, doc *node) {
	if key := b.registry(s, doc); key != "" {
		b.names[key] = owner{s.name, doc.str("Id")}
	}
}

func (b *books) unregister(s *schema, doc *node) {
	if key := b.registry(s, doc); b.names[key] == (owner{s.name, doc.str("Id")}) {
		delete(b.names, key)
	}
}

// unique refuses a name that another object has. Names are compared without regard to case.
func (b *books) unique(s *schema, doc *node, id string) *fault {
	key := b.registry(s, doc)
	o, taken := b.names[key]
	if !taken || o == (owner{s.name, id}) {
		return nil
	}
	what := "customer, vendor or employee"
	switch s.name {
	case "Customer", "Vendor", "Employee":
	case "Item":
		what = "product or service"
	default:
		what = strings.ToLower(s.name)
	}
	detail := "Another " + what + " is already using this \nname. Please use a different \nname."
	switch b.set.duplicate {
	case DuplicateNull:
		detail = "null"
	case DuplicateWithID:
		detail = "Id=" + o.id
	case DuplicateDollars:
		detail = fmt.Sprintf("Another $$%s$$ is already using this name. Please use a different name.", strings.ToLower(s.name))
	case DuplicateDocumented:
	}
	return duplicateName(detail)
}

const deletedSuffix = " (deleted)"

// activity renames what is made inactive, which frees its name, and gives the name back on return.
func (b *books) activity(c *change, doc *node, name string) {
	if !doc.has("Active") {
		doc.put("Active", flag(true))
	}
	was := c.old == nil || c.old.truth("Active")
	is := doc.truth("Active")
	switch current := doc.str(name); {
	case was && !is:
		base := current
		for n := 1; ; n++ {
			doc.put(name, str(base+deletedSuffix))
			if n > 1 {
				doc.put(name, str(base+" (deleted "+strconv.Itoa(n)+")"))
			}
			if _, taken := b.names[b.registry(c.schema, doc)]; !taken {
				return
			}
		}
	case !was && is && current == c.old.str(name):
		if i := strings.LastIndex(current, " (deleted"); i >= 0 {
			doc.put(name, str(current[:i]))
		}
	}
}

// completeName completes customers, vendors and employees.
func completeName(b *books, c *change, doc *node) *fault {
	if doc.str("DisplayName") == "" {
		var parts []string
		for _, part := range []string{"Title", "GivenName", "MiddleName", "FamilyName", "Suffix"} {
			if doc.str(part) != "" {
				parts = append(parts, doc.str(part))
			}
		}
		if len(parts) == 0 {
			return &fault{code: "6080", message: "No name provided", detail: "At least one of Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix is required.", element: "DisplayName"}
		}
		doc.put("DisplayName", str(strings.Join(parts, " ")))
	}
	if f := b.currency(c, doc); f != nil {
		return f
	}
	b.activity(c, doc, "DisplayName")
	if f := settled(c, doc); f != nil {
		return f
	}
	if f := b.unique(c.schema, doc, idOf(c.old)); f != nil {
		return f
	}
	name := doc.str("DisplayName")
	if doc.str("PrintOnCheckName") == "" {
		doc.put("PrintOnCheckName", str(firstOf(doc.str("CompanyName"), name)))
	}
	full := name
	if parent := b.get("Customer", doc.str("ParentRef", "value")); parent != nil {
		full = parent.str("FullyQualifiedName") + ":" + name
	}
	doc.put("FullyQualifiedName", str(full)).put("CurrencyRef", b.currencyRef(doc))
	doc.put("Balance", amountOf(c.old, "Balance")).put("BalanceWithJobs", amountOf(c.old, "BalanceWithJobs"))
	doc.put("Job", flag(doc.has("ParentRef")))
	setDefault(doc, "BillWithParent", flag(false))
	setDefault(doc, "Taxable", flag(true))
	setDefault(doc, "PreferredDeliveryMethod", str("Print"))
	b.numberAddresses(doc)
	if code := b.engineCode(obj().put("ShipAddr", doc.get("ShipAddr")).put("BillAddr", doc.get("BillAddr"))); b.set.taxModel == TaxUSAutomated && code != "" {
		doc.put("DefaultTaxCodeRef", ref(code, "")) // the engine's, whatever was sent
	}
	return nil
}

// numberAddresses gives addresses an Id.
func (b *books) numberAddresses(doc *node) {
	for _, name := range []string{"BillAddr", "ShipAddr", "ShipFromAddr"} {
		a := doc.get(name)
		if a != nil && a.shape == object && len(a.members) > 0 && a.str("Id") == "" {
			b.nextAddress++
			a.put("Id", str(strconv.Itoa(b.nextAddress)))
		}
	}
}

func idOf(n *node) string { return n.str("Id") }

func amountOf(n *node, name string) *node {
	if n.has(name) {
		return n.get(name)
	}
	return num(n.dec(name))
}

func setDefault(doc *node, name string, value *node) {
	if !doc.has(name) {
		doc.put(name, value)
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
