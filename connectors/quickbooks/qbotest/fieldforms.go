package qbotest

// formFields are those that all sales forms have.
func formFields(more ...field) []field {
	return join(
		common(), yesno("ApplyTaxAfterDiscount", "FreeFormAddress"),
		filtered(words("DocNumber", 21), date("TxnDate"), refTo("CustomerRef", "Customer"), digits("Balance", 0), refTo("ProjectRef", "")),
		[]field{
			many("Line", lineFields()...), taxDetail(), enum("GlobalTaxCalculation", "TaxExcluded", "TaxInclusive", "NotApplicable"),
			words("PrivateNote", 4000), group("CustomerMemo", words("value", 1000)),
			email("BillEmail"), email("BillEmailCc"), email("BillEmailBcc"), address("BillAddr"), address("ShipAddr"), address("ShipFromAddr"),
			refTo("ClassRef", "Class"), refTo("DepartmentRef", "Department"), refTo("CurrencyRef", ""), digits("ExchangeRate", 0), customFields(),
			enum("PrintStatus", "NotSet", "NeedToPrint", "PrintComplete"), digits("HomeTotalAmt", 0), digits("HomeBalance", 0), words("TxnSource", 0),
			linkedTxn(), group("DeliveryInfo", words("DeliveryType", 0), words("DeliveryTime", 0)), refTo("RecurDataRef", ""), refTo("TaxExemptionRef", ""),
		},
		more,
	)
}

func linkedTxn() field {
	return many("LinkedTxn", words("TxnId", 0), words("TxnType", 0), words("TxnLineId", 0))
}

// shipping are the properties of forms that go with goods.
func shipping() []field {
	return []field{date("ShipDate"), words("TrackingNum", 31), group("ShipMethodRef", words("value", 30), words("name", 0))}
}

// payable are the properties of forms by which money moves at once.
func payable() []field {
	return []field{words("PaymentRefNum", 21), refTo("PaymentMethodRef", "PaymentMethod"), refTo("DepositToAccountRef", "Account")}
}

func emailStatus() field { return enum("EmailStatus", "NotSet", "NeedToSend", "EmailSent") }

func receiptFields() []field {
	return formFields(join(payable(), shipping(), []field{emailStatus(), digits("TotalAmt", 0).filtered()})...)
}

func refundFields() []field {
	return formFields(append(payable(), digits("TotalAmt", 0))...)
}

func creditFields() []field {
	return formFields(digits("TotalAmt", 0), digits("RemainingCredit", 0), emailStatus(), refTo("PaymentMethodRef", "PaymentMethod"),
		refTo("SalesTermRef", "Term"), group("InvoiceRef", words("value", 0), words("name", 0)))
}

func invoiceFields() []field {
	return formFields(join(shipping(), filtered(date("DueDate"), digits("TotalAmt", 0)), yesno("AllowOnlineACHPayment", "AllowOnlineCreditCardPayment",
		"AllowOnlinePayment", "AllowIPNPayment"), []field{
		emailStatus(), refTo("SalesTermRef", "Term"), refTo("DepositToAccountRef", "Account"), digits("Deposit", 2), words("InvoiceLink", 0),
	})...)
}

func paymentFields() []field {
	pair := group("value", words("Name", 0), words("Value", 0))
	extra := append([]field{words("name", 0), words("declaredType", 0), words("scope", 0), pair}, yesno("nil", "globalScope", "typeSubstituted")...)
	return join(
		common(), yesno("ProcessPayment"),
		filtered(date("TxnDate"), refTo("CustomerRef", "Customer"), words("PaymentRefNum", 21)),
		[]field{
			digits("TotalAmt", 2), digits("UnappliedAmt", 0), refTo("DepositToAccountRef", "Account"), refTo("ARAccountRef", "Account"), refTo("PaymentMethodRef", "PaymentMethod"),
			many("Line", digits("Amount", 2), linkedTxn(), group("LineEx", many("any", extra...))), words("PrivateNote", 4000),
			refTo("CurrencyRef", ""), digits("ExchangeRate", 0), refTo("ProjectRef", ""), words("TxnSource", 0), linkedTxn(),
		},
	)
}

func journalFields() []field {
	entity := group("Entity", enum("Type", "Customer", "Vendor", "Employee"), refTo("EntityRef", ""))
	return join(
		common(), yesno("Adjustment"), filtered(words("DocNumber", 21), date("TxnDate")),
		[]field{
			many("Line", words("Id", 0), digits("LineNum", 0), words("Description", 4000), digits("Amount", 2), enum("DetailType", "JournalEntryLineDetail", "DescriptionOnly"),
				refTo("ProjectRef", ""), group("DescriptionLineDetail", date("ServiceDate"), refTo("TaxCodeRef", "")),
				group("JournalEntryLineDetail", enum("PostingType", "Debit", "Credit"), refTo("AccountRef", "Account"), entity, refTo("ClassRef", "Class"),
					refTo("DepartmentRef", "Department"), refTo("TaxCodeRef", "TaxCode"), enum("TaxApplicableOn", "Sales", "Purchase"), digits("TaxAmount", 2),
					enum("BillableStatus", "Billable", "NotBillable", "HasBeenBilled"))),
			words("PrivateNote", 4000), refTo("CurrencyRef", ""), digits("ExchangeRate", 0), taxDetail(), digits("TotalAmt", 0), digits("HomeTotalAmt", 0), refTo("RecurDataRef", ""),
		},
	)
}

func depositFields() []field {
	return join(
		common(), filtered(date("TxnDate")),
		[]field{
			refTo("DepositToAccountRef", "Account"),
			many("Line", words("Id", 0), digits("LineNum", 0), words("Description", 4000), digits("Amount", 2), enum("DetailType", "DepositLineDetail"), linkedTxn(),
				refTo("ProjectRef", ""), group("DepositLineDetail", refTo("AccountRef", "Account"), refTo("Entity", ""), refTo("ClassRef", "Class"),
					refTo("PaymentMethodRef", "PaymentMethod"), words("CheckNum", 21))),
			group("CashBack", refTo("AccountRef", "Account"), digits("Amount", 2), words("Memo", 4000)), words("PrivateNote", 4000), refTo("DepartmentRef", "Department"),
			refTo("CurrencyRef", ""), digits("ExchangeRate", 0), digits("TotalAmt", 0), digits("HomeTotalAmt", 0), words("TxnSource", 0), refTo("RecurDataRef", ""),
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
