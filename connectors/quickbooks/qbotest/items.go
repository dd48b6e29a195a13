package qbotest

import "slices"

// completeItem completes products and services.
func completeItem(b *books, c *change, doc *node) *fault {
	kind := doc.str("Type")
	if kind == "Group" {
		return unsupported("create bundle")
	}
	if kind == "Inventory" && b.set.plan != Plus && b.set.plan != Advanced {
		return &fault{code: "5030", message: "Feature Not Supported Error", detail: "Feature Not Supported Error : Inventory is not part of " + b.set.plan, element: "Type"}
	}
	if c.old != nil && c.old.str("Type") == "Inventory" && kind != "Inventory" {
		return business("An inventory item cannot be changed to another type.")
	}
	if f := itemAccounts(b, doc, kind); f != nil {
		return f
	}
	b.activity(c, doc, "Name")
	if f := b.unique(c.schema, doc, idOf(c.old)); f != nil {
		return f
	}
	full := doc.str("Name")
	if parent := b.get("Item", doc.str("ParentRef", "value")); parent != nil {
		full = parent.str("FullyQualifiedName") + ":" + full
		setDefault(doc, "SubItem", flag(true))
	}
	doc.put("FullyQualifiedName", str(full))
	if kind == "Category" {
		return nil
	}
	setDefault(doc, "Taxable", flag(true))
	setDefault(doc, "UnitPrice", num(doc.dec("UnitPrice")))
	setDefault(doc, "PurchaseCost", num(doc.dec("PurchaseCost")))
	setDefault(doc, "TrackQtyOnHand", flag(kind == "Inventory"))
	return nil
}

// itemAccounts checks that the accounts are there and of the right type.
func itemAccounts(b *books, doc *node, kind string) *fault {
	if kind == "Category" {
		return nil
	}
	if !doc.has("IncomeAccountRef") && (kind == "Inventory" || !doc.has("ExpenseAccountRef")) {
		return missing("ExpenseAccountRef or IncomeAccountRef")
	}
	if kind == "Inventory" {
		for _, name := range []string{"ExpenseAccountRef", "AssetAccountRef", "InvStartDate"} {
			if !doc.has(name) {
				return missing(name)
			}
		}
		if !doc.truth("TrackQtyOnHand") {
			return missing("TrackQtyOnHand")
		}
		if !doc.has("QtyOnHand") {
			return &fault{code: "6520", message: "Missing Tracked Inventory Item Quantity", detail: "The tracked inventory item must have a quantity.", element: "QtyOnHand"}
		}
	}
	income := []string{"Income", "Other Income", "Other Current Liability"}
	if kind == "Inventory" {
		income = income[:1]
	}
	for _, a := range []struct {
		name  string
		types []string
	}{
		{"IncomeAccountRef", income},
		{"ExpenseAccountRef", []string{"Expense", "Other Expense", "Cost of Goods Sold"}},
		{"AssetAccountRef", []string{"Other Current Asset"}},
	} {
		if f := accountType(b, doc, a.name, a.types); f != nil {
			return f
		}
	}
	return nil
}

// accountType refuses an account of another type than those given.
func accountType(b *books, doc *node, name string, types []string) *fault {
	account := b.get("Account", doc.str(name, "value"))
	if account == nil || slices.Contains(types, account.str("AccountType")) {
		return nil
	}
	return &fault{
		code: "6430", message: "Invalid account type used", element: name,
		detail: "Invalid account type: " + account.str("AccountType") + " account used for " + name,
	}
}
