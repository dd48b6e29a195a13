package qbotest

import "strings"

type fieldKind uint8

const (
	textField fieldKind = iota
	decimalField
	boolField
	dateField
	timeField
	emailField
	urlField
	enumField
	refField
	objectField
	listField
)

// field describes one property of an entity.
type field struct {
	name     string
	kind     fieldKind
	max      int      // characters of a text
	strict   bool     // a name: no colon, tab or newline
	decimals int32    // digits behind the point; 0 for any
	values   []string // of an enumeration
	to       string   // the entity a reference leads to
	fields   []field  // of an object or of the items of a list
	filter   bool     // may stand in a query's condition
}

// schema describes an entity: what it has, and what the server makes of it.
type schema struct {
	name     string
	plural   string // as errors about references name it
	list     bool   // a list entity: never deleted, made inactive
	writable bool   // through the API
	required []string
	fields   []field

	// also says what else is missing, if anything.
	also func(doc *node) *fault

	// complete applies the rules of the entity to a document to be stored and fills in what the server computes.
	complete func(b *books, ch *change, doc *node) *fault
}

// fieldIn finds a field by name. Case counts: the real server reads JSON case-sensitively.
func fieldIn(fields []field, name string) *field {
	for i := range fields {
		if fields[i].name == name {
			return &fields[i]
		}
	}
	return nil
}

func words(name string, most int) field { return field{name: name, kind: textField, max: most} }

func label(name string, most int) field {
	return field{name: name, kind: textField, max: most, strict: true}
}

func digits(name string, places int32) field {
	return field{name: name, kind: decimalField, decimals: places}
}

func yesno(names ...string) []field {
	var out []field
	for _, name := range names {
		out = append(out, field{name: name, kind: boolField})
	}
	return out
}

func date(name string) field { return field{name: name, kind: dateField} }

func enum(name string, values ...string) field {
	return field{name: name, kind: enumField, values: values}
}

func refTo(name, entity string) field { return field{name: name, kind: refField, to: entity} }

func group(name string, fields ...field) field {
	return field{name: name, kind: objectField, fields: fields}
}

func many(name string, fields ...field) field {
	return field{name: name, kind: listField, fields: fields}
}

func (f field) filtered() field {
	f.filter = true
	return f
}

func filtered(fields ...field) []field {
	for i := range fields {
		fields[i].filter = true
	}
	return fields
}

func join(parts ...[]field) []field {
	var out []field
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// common are the properties that every entity has and the server owns.
func common() []field {
	return []field{
		words("Id", 0).filtered(), words("SyncToken", 0), words("domain", 0),
		{name: "sparse", kind: boolField},
		words("status", 0),
		group("MetaData",
			field{name: "CreateTime", kind: timeField, filter: true},
			field{name: "LastUpdatedTime", kind: timeField, filter: true},
		),
	}
}

func address(name string) field {
	return group(name, words("Id", 0), words("Line1", 500), words("Line2", 500), words("Line3", 500), words("Line4", 500), words("Line5", 500),
		words("City", 255), words("Country", 255), words("CountryCode", 255), words("CountrySubDivisionCode", 255), words("PostalCode", 30),
		words("Lat", 50), words("Long", 50), words("Note", 500), words("Tag", 50))
}

func phone(name string) field { return group(name, words("FreeFormNumber", 30)) }

func email(name string) field {
	return group(name, field{name: "Address", kind: emailField, max: 100})
}

func customFields() field {
	return many("CustomField", words("DefinitionId", 0), words("Name", 0), enum("Type", "StringType"), words("StringValue", 31))
}

// customerFields are also those of vendors and employees, which nothing writes but tests.
func customerFields() []field {
	mail := email("PrimaryEmailAddr")
	mail.filter = true
	return join(
		common(), yesno("Job", "BillWithParent", "Taxable", "IsProject"),
		filtered(label("DisplayName", 500), label("GivenName", 100), label("MiddleName", 100), label("FamilyName", 100),
			words("CompanyName", 100), label("PrintOnCheckName", 110), field{name: "Active", kind: boolField}, digits("Balance", 0)),
		[]field{
			label("Title", 16), label("Suffix", 16), mail, phone("PrimaryPhone"), phone("AlternatePhone"), phone("Mobile"), phone("Fax"),
			group("WebAddr", field{name: "URI", kind: urlField, max: 1000}), address("BillAddr"), address("ShipAddr"),
			words("Notes", 2000), words("FullyQualifiedName", 0), digits("BalanceWithJobs", 0), refTo("CurrencyRef", ""),
			refTo("DefaultTaxCodeRef", "TaxCode"), refTo("PaymentMethodRef", "PaymentMethod"), refTo("SalesTermRef", "Term"),
			refTo("ParentRef", "Customer"), refTo("CustomerTypeRef", ""), words("ResaleNum", 16), words("AcctNum", 100), words("BusinessNumber", 10),
			words("PrimaryTaxIdentifier", 20), words("SecondaryTaxIdentifier", 20), words("GSTIN", 15), words("GSTRegistrationType", 15),
			enum("PreferredDeliveryMethod", "Print", "Email", "None"), digits("Level", 0), digits("OpenBalance", 2), date("OpenBalanceDate"),
			words("TaxExemptionReasonId", 0), words("V4IDPseudonym", 0), words("ClientEntityId", 0),
		},
	)
}

func itemFields() []field {
	return join(
		common(), yesno("SubItem", "Taxable", "SalesTaxIncluded", "PurchaseTaxIncluded", "TrackQtyOnHand"),
		filtered(label("Name", 100), words("FullyQualifiedName", 0), words("Sku", 100), field{name: "Active", kind: boolField},
			enum("Type", "Service", "NonInventory", "Inventory", "Category", "Group"), refTo("ParentRef", "Item")),
		[]field{
			words("Description", 4000), words("PurchaseDesc", 1000), digits("UnitPrice", 7), digits("PurchaseCost", 7), digits("QtyOnHand", 0),
			digits("ReorderPoint", 0), date("InvStartDate"), refTo("IncomeAccountRef", "Account"), refTo("ExpenseAccountRef", "Account"),
			refTo("AssetAccountRef", "Account"), refTo("SalesTaxCodeRef", "TaxCode"), refTo("PurchaseTaxCodeRef", "TaxCode"),
			refTo("ClassRef", "Class"), refTo("PrefVendorRef", "Vendor"), refTo("TaxClassificationRef", ""), words("ItemCategoryType", 0),
			words("Source", 0), digits("Level", 0), words("UQCId", 0), words("UQCDisplayText", 0),
		},
	)
}

func receiptFields() []field {
	return join(
		common(), yesno("ApplyTaxAfterDiscount", "FreeFormAddress"),
		filtered(words("DocNumber", 21), date("TxnDate"), refTo("CustomerRef", "Customer"), digits("TotalAmt", 0), digits("Balance", 0), refTo("ProjectRef", "")),
		[]field{
			many("Line", lineFields()...), taxDetail(), enum("GlobalTaxCalculation", "TaxExcluded", "TaxInclusive", "NotApplicable"),
			words("PrivateNote", 4000), group("CustomerMemo", words("value", 1000)), words("PaymentRefNum", 21), refTo("PaymentMethodRef", "PaymentMethod"),
			refTo("DepositToAccountRef", "Account"), email("BillEmail"), email("BillEmailCc"), email("BillEmailBcc"), address("BillAddr"), address("ShipAddr"),
			address("ShipFromAddr"), date("ShipDate"), words("TrackingNum", 31), group("ShipMethodRef", words("value", 30), words("name", 0)),
			refTo("ClassRef", "Class"), refTo("DepartmentRef", "Department"), refTo("CurrencyRef", ""), digits("ExchangeRate", 0), customFields(),
			enum("PrintStatus", "NotSet", "NeedToPrint", "PrintComplete"), enum("EmailStatus", "NotSet", "NeedToSend", "EmailSent"),
			digits("HomeTotalAmt", 0), digits("HomeBalance", 0), words("TxnSource", 0), many("LinkedTxn", words("TxnId", 0), words("TxnType", 0), words("TxnLineId", 0)),
			group("DeliveryInfo", words("DeliveryType", 0), words("DeliveryTime", 0)), refTo("RecurDataRef", ""), refTo("TaxExemptionRef", ""),
		},
	)
}

func lineFields() []field {
	discount := []field{refTo("ClassRef", "Class"), refTo("TaxCodeRef", "")}
	return []field{
		words("Id", 0), digits("LineNum", 0), words("Description", 4000), digits("Amount", 2),
		enum("DetailType", "SalesItemLineDetail", "DescriptionOnly", "DiscountLineDetail", "SubTotalLineDetail", "GroupLineDetail"),
		group("SalesItemLineDetail", refTo("ItemRef", "Item"), refTo("TaxCodeRef", "TaxCode"), digits("Qty", 0), digits("UnitPrice", 7),
			digits("TaxInclusiveAmt", 2), date("ServiceDate"), refTo("ClassRef", "Class"), refTo("ItemAccountRef", ""), refTo("TaxClassificationRef", ""),
			digits("DiscountAmt", 2), digits("DiscountRate", 0)),
		group("DiscountLineDetail", append(discount, field{name: "PercentBased", kind: boolField}, digits("DiscountPercent", 0), refTo("DiscountAccountRef", "Account"))...),
		group("SubTotalLineDetail", refTo("ItemRef", "")),
		group("DescriptionLineDetail", date("ServiceDate"), refTo("TaxCodeRef", "")),
		group("GroupLineDetail", refTo("GroupItemRef", ""), digits("Quantity", 0)),
	}
}

func taxDetail() field {
	return group("TxnTaxDetail", refTo("TxnTaxCodeRef", "TaxCode"), digits("TotalTax", 2), many("TaxLine", digits("Amount", 2), enum("DetailType", "TaxLineDetail"),
		group("TaxLineDetail", refTo("TaxRateRef", ""), field{name: "PercentBased", kind: boolField}, digits("TaxPercent", 0),
			digits("NetAmountTaxable", 2), digits("TaxInclusiveAmount", 2), digits("OverrideDeltaAmount", 2))))
}

// schemas are the entities the fake knows.
func schemas() map[string]*schema {
	named := func(extra ...field) []field {
		return join(common(), filtered(label("Name", 100), field{name: "Active", kind: boolField}), extra)
	}
	all := []*schema{
		{name: "Customer", plural: "Names", list: true, writable: true, fields: customerFields(), complete: completeName},
		{name: "Vendor", plural: "Names", list: true, fields: customerFields(), complete: completeName},
		{name: "Employee", plural: "Names", list: true, fields: customerFields(), complete: completeName},
		{name: "Item", plural: "Items", list: true, writable: true, required: []string{"Name", "Type"}, fields: itemFields(), complete: completeItem},
		{name: "SalesReceipt", writable: true, required: []string{"Line", "CustomerRef", "GlobalTaxCalculation"}, also: lineComplaint, fields: receiptFields(), complete: completeReceipt},
		{name: "Account", plural: "Accounts", list: true, required: []string{"Name"}, complete: completeAccount, fields: named(filtered(words("AccountType", 0), words("AccountSubType", 0),
			words("Classification", 0), words("FullyQualifiedName", 0), words("AcctNum", 20), field{name: "SubAccount", kind: boolField}, digits("CurrentBalance", 0))...)},
		{name: "PaymentMethod", plural: "PaymentMethods", list: true, required: []string{"Name"}, complete: completeNamed, fields: named(words("Type", 0))},
		{name: "TaxAgency", plural: "TaxAgencies", fields: join(common(), filtered(label("DisplayName", 100)), yesno("TaxTrackedOnSales", "TaxTrackedOnPurchases"), []field{words("TaxRegistrationNumber", 0)})},
		{name: "TaxRate", plural: "TaxRates", list: true, fields: named(digits("RateValue", 0), refTo("AgencyRef", "TaxAgency"), words("Description", 0), words("SpecialTaxType", 0), words("DisplayType", 0))},
		{name: "TaxCode", plural: "TaxCodes", list: true, fields: named(join(yesno("Taxable", "TaxGroup", "Hidden"), []field{words("Description", 0), group("SalesTaxRateList"), group("PurchaseTaxRateList")})...)},
		{name: "CompanyInfo", fields: join(common(), []field{words("CompanyName", 0), words("LegalName", 0), words("Country", 0), address("CompanyAddr"), many("NameValue"), words("FiscalYearStartMonth", 0)})},
		{name: "Preferences", fields: join(common(), []field{group("SalesFormsPrefs"), group("TaxPrefs"), group("CurrencyPrefs"), group("AccountingInfoPrefs"), group("ProductAndServicesPrefs")})},
	}
	out := map[string]*schema{}
	for _, s := range all {
		out[strings.ToLower(s.name)] = s
	}
	return out
}
