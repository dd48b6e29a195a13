package qbotest

import "strings"

// schemas are the entities the fake knows.
func schemas() map[string]*schema {
	all := append(transactions(), lists()...)
	all = append(all,
		&schema{name: "Attachable", writable: true, notes: true, also: attachableComplaint, fields: attachableFields(), complete: completeAttachable},
		&schema{name: "TaxService", writable: true, fixed: true, fields: taxServiceFields(), perform: addTaxCode},
		&schema{name: "ExchangeRate", writable: true, fields: exchangeFields(), perform: writeRate},
		&schema{name: "CompanyInfo", fields: companyFields()},
		&schema{name: "Preferences", fields: preferenceFields()},
	)
	out := map[string]*schema{}
	for _, s := range all {
		out[strings.ToLower(s.name)] = s
	}
	return out
}

func transactions() []*schema {
	form := []string{"Line", "CustomerRef"}
	return []*schema{
		{name: "SalesReceipt", txn: true, voids: true, writable: true, required: form[:1], also: receiptComplaint, fields: receiptFields(), complete: completeReceipt},
		{name: "Invoice", txn: true, voids: true, writable: true, required: form, also: formComplaint, fields: invoiceFields(), complete: completeInvoice},
		{name: "CreditMemo", txn: true, formVoids: true, writable: true, required: form, also: formComplaint, fields: creditFields(), complete: completeCredit},
		{
			name: "RefundReceipt", txn: true, formVoids: true, writable: true, required: []string{"Line", "DepositToAccountRef"}, also: refundComplaint,
			fields: refundFields(), complete: completeRefund,
		},
		{name: "Payment", txn: true, voids: true, writable: true, links: true, required: []string{"CustomerRef"}, also: paymentComplaint, fields: paymentFields(), complete: completePayment},
		{name: "JournalEntry", txn: true, writable: true, required: []string{"Line"}, also: journalComplaint, fields: journalFields(), complete: completeJournal},
		{
			name: "Deposit", txn: true, writable: true, links: true, required: []string{"Line", "DepositToAccountRef"}, also: depositComplaint,
			fields: depositFields(), complete: completeDeposit,
		},
	}
}

func lists() []*schema {
	name := []string{"Name"}
	return []*schema{
		{name: "Customer", plural: "Names", list: true, writable: true, fields: customerFields(), complete: completeName},
		{name: "Vendor", plural: "Names", list: true, fields: customerFields(), complete: completeName},
		{name: "Employee", plural: "Names", list: true, fields: customerFields(), complete: completeName},
		{name: "Item", plural: "Items", list: true, writable: true, required: []string{"Name", "Type"}, fields: itemFields(), complete: completeItem},
		{name: "Account", plural: "Accounts", list: true, writable: true, required: name, fields: accountFields(), complete: completeAccount},
		{name: "PaymentMethod", plural: "PaymentMethods", list: true, writable: true, required: name, fields: methodFields(), complete: completeMethod},
		{name: "Term", plural: "Terms", list: true, writable: true, required: name, also: termComplaint, fields: termFields(), complete: completeTerm},
		{name: "Class", plural: "Klasses", list: true, writable: true, required: name, fields: treeFields("Class"), complete: completeTree},
		{name: "Department", plural: "Departments", list: true, writable: true, required: name, fields: treeFields("Department"), complete: completeTree},
		{name: "TaxAgency", plural: "TaxAgencies", writable: true, fixed: true, required: []string{"DisplayName"}, fields: agencyFields(), complete: completeAgency},
		{name: "TaxRate", plural: "TaxRates", list: true, fields: rateFields(), complete: completeNamed},
		{name: "TaxCode", plural: "TaxCodes", list: true, fields: codeFields(), complete: completeNamed},
	}
}
