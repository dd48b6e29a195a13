package quickbooks_test

import "github.com/woosync/woosync/connectors/quickbooks"

const (
	customerBody = `{"DisplayName":"Ann Lee (#1042)","Title":"Dr","GivenName":"Ann","MiddleName":"B","FamilyName":"Lee","Suffix":"Jr","CompanyName":"Lee Ltd",
		"PrintOnCheckName":"A. Lee","PrimaryEmailAddr":{"Address":"ann@example.com"},"PrimaryPhone":{"FreeFormNumber":"+1 555 0100"},"AlternatePhone":{"FreeFormNumber":"1"},
		"Mobile":{"FreeFormNumber":"2"},"Fax":{"FreeFormNumber":"3"},"WebAddr":{"URI":"https://lee.example"},"Notes":"A note.","Taxable":true,
		"PaymentMethodRef":{"value":"1"},"SalesTermRef":{"value":"$term"},"ResaleNum":"R-1","AcctNum":"A-1","BusinessNumber":"B-1","PrimaryTaxIdentifier":"P-1",
		"SecondaryTaxIdentifier":"S-1","PreferredDeliveryMethod":"Email",$addresses}`
	addressBodies = `"BillAddr":{"Line1":"1 Main St","Line2":"Floor 2","City":"Austin","CountrySubDivisionCode":"TX","PostalCode":"78701","Country":"USA"},
		"ShipAddr":{"Line1":"2 Side St","Line2":"b","Line3":"c","Line4":"d","Line5":"e","City":"Austin","PostalCode":"78702","Country":"USA"}`
	itemBody = `{"Name":"Shirt","Type":"Inventory","Sku":"SH-1","Description":"A shirt.","UnitPrice":19.995,"IncomeAccountRef":{"value":"1"},"ExpenseAccountRef":{"value":"7"},
		"AssetAccountRef":{"value":"8"},"TrackQtyOnHand":true,"QtyOnHand":10,"InvStartDate":"2026-01-01","ReorderPoint":3,"PurchaseDesc":"A shirt, bought.","PurchaseCost":7.5,
		"ClassRef":{"value":"$class"}}`
	lineBodies = `{"Description":"Shirt / M","Amount":40.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"$item"},"Qty":2,"UnitPrice":20.000,
		"TaxCodeRef":{"value":"$tax"},"ServiceDate":"2026-11-19","ClassRef":{"value":"$class"}}},
		{"Description":"With love.","DetailType":"DescriptionOnly","DescriptionLineDetail":{"ServiceDate":"2026-11-19"}},
		{"Amount":5.5,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"$item"},"TaxCodeRef":{"value":"$tax"}}},
		{"Amount":5.00,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":false,"DiscountAccountRef":{"value":"6"}}}`
	formBody = `"TxnDate":"2026-11-20","CustomerRef":{"value":"$customer"},"GlobalTaxCalculation":"TaxExcluded","ApplyTaxAfterDiscount":true,"PrintStatus":"NotSet",
		"ClassRef":{"value":"$class"},"DepartmentRef":{"value":"$place"},"PrivateNote":"shop order 10423","CustomerMemo":{"value":"Thanks!"},
		"BillEmail":{"Address":"ann@example.com"},"CustomField":[{"DefinitionId":"1","Name":"Crew","Type":"StringType","StringValue":"102"}],$addresses,"Line":[$lines]`
)

// trips makes an entity of each kind that others refer to, and what is to be changed in it.
func (r rooms) trips(add func(entity, body string) string) []trip {
	form := func(entity, rest string) string { return add(entity, r.fill("{"+r.fill(formBody)+rest+"}")) }
	invoice := form("Invoice", `,"DocNumber":"I-1","DueDate":"2026-12-20","SalesTermRef":{"value":"$term"},"ShipDate":"2026-11-21","TrackingNum":"T1",
		"ShipMethodRef":{"value":"Post"},"EmailStatus":"NeedToSend","AllowOnlineACHPayment":true,"AllowOnlineCreditCardPayment":false,"BillEmailCc":{"Address":"c@example.com"}`)
	payment := add("Payment", r.fill(`{"TxnDate":"2026-11-21","CustomerRef":{"value":"$customer"},"TotalAmt":12.5,"PaymentRefNum":"10423-1","PaymentMethodRef":{"value":"2"},
		"DepositToAccountRef":{"value":"4"},"PrivateNote":"paid","Line":[{"Amount":10,"LinkedTxn":[{"TxnId":"`+invoice+`","TxnType":"Invoice"}]}]}`))
	other := add("Payment", r.fill(`{"TxnDate":"2026-11-21","CustomerRef":{"value":"$customer"},"TotalAmt":3,"PaymentRefNum":"10423-2","PaymentMethodRef":{"value":"2"},
		"DepositToAccountRef":{"value":"4"},"Line":[{"Amount":2,"LinkedTxn":[{"TxnId":"`+invoice+`","TxnType":"Invoice"}]}]}`))
	account := add("Account", `{"Name":"Stripe","AccountType":"Bank","AccountSubType":"Checking","Description":"Clearing","AcctNum":"1010"}`)
	sub := add("Account", `{"Name":"EUR","AccountType":"Bank","AccountSubType":"Checking","SubAccount":true,"ParentRef":{"value":"`+account+`"}}`)
	receipt := form("SalesReceipt", `,"DocNumber":"S-1","PaymentRefNum":"10423","PaymentMethodRef":{"value":"2"},"DepositToAccountRef":{"value":"4"},"EmailStatus":"NotSet"`)
	refund := form("RefundReceipt", `,"DocNumber":"R-1","PaymentRefNum":"10423-r","PaymentMethodRef":{"value":"2"},"DepositToAccountRef":{"value":"5"}`)
	memo := form("CreditMemo", `,"DocNumber":"C-1","SalesTermRef":{"value":"$term"},"EmailStatus":"NotSet"`)
	entry := add("JournalEntry", r.fill(`{"DocNumber":"J-1","TxnDate":"2026-11-20","PrivateNote":"fee","Adjustment":false,"Line":[
		{"Description":"fee","Amount":2.5,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"12"},"ClassRef":{"value":"$class"},
		"DepartmentRef":{"value":"$place"}}},
		{"Amount":2.50,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"11"},"Entity":{"Type":"Customer",
		"EntityRef":{"value":"$customer"}}}}]}`))
	deposit := add("Deposit", r.fill(`{"TxnDate":"2026-11-22","DepositToAccountRef":{"value":"5"},"PrivateNote":"payout","CashBack":{"Amount":1,"AccountRef":{"value":"5"},"Memo":"till"},
		"Line":[{"Amount":12.5,"LinkedTxn":[{"TxnId":"`+payment+`","TxnType":"Payment","TxnLineId":"0"}]},
		{"Amount":20,"Description":"tips","DetailType":"DepositLineDetail","DepositLineDetail":{"AccountRef":{"value":"2"},"ClassRef":{"value":"$class"},"CheckNum":"7"}}]}`))
	note := add("Attachable", `{"Note":"A note.","AttachableRef":[{"IncludeOnSend":false,"EntityRef":{"type":"Invoice","value":"`+invoice+`"}}]}`)
	return []trip{
		tripOf(
			"Customer", r.customer, func(c *quickbooks.Customer) string { c.Notes += " More."; return "Notes" }, "Balance", "BalanceWithJobs",
		),
		tripOf("Item", r.item, func(i *quickbooks.Item) string { i.Description += " Blue."; return "Description" }),
		tripOf("Account", sub, func(a *quickbooks.Account) string { a.Description += "more"; return "Description" }),
		tripOf("PaymentMethod", "1", func(p *quickbooks.PaymentMethod) string { p.Name += "!"; return "Name" }),
		tripOf("Term", r.term, func(n *quickbooks.Term) string { *n.DueDays = n.DueDays.Add(*n.DiscountDays); return "DueDays" }),
		tripOf("Class", r.child, func(c *quickbooks.Class) string { c.Name += "!"; return "Name" }, "FullyQualifiedName"),
		tripOf("Department", r.cellar, func(d *quickbooks.Department) string { d.Name += "!"; return "Name" }, "FullyQualifiedName"),
		tripOf("Invoice", invoice, func(i *quickbooks.Invoice) string { i.TrackingNum += "0"; return "TrackingNum" }),
		tripOf("Payment", other, func(p *quickbooks.Payment) string { p.PaymentRefNum += "b"; return "PaymentRefNum" }),
		tripOf("SalesReceipt", receipt, func(s *quickbooks.SalesReceipt) string { s.PrivateNote += "!"; return "PrivateNote" }),
		tripOf("RefundReceipt", refund, func(s *quickbooks.RefundReceipt) string { s.PrivateNote += "!"; return "PrivateNote" }),
		tripOf("CreditMemo", memo, func(m *quickbooks.CreditMemo) string { m.CustomerMemo.Value += "!"; return "CustomerMemo" }),
		tripOf("JournalEntry", entry, func(j *quickbooks.JournalEntry) string { j.PrivateNote += "!"; return "PrivateNote" }),
		tripOf("Deposit", deposit, func(d *quickbooks.Deposit) string { d.Line[1].Description += "!"; return "Line" }),
		noteTrip(note),
	}
}
