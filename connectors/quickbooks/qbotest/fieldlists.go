package qbotest

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
			words("Description", 4000), words("PurchaseDesc", 1000), price("UnitPrice"), price("PurchaseCost"), digits("QtyOnHand", 0),
			digits("ReorderPoint", 0), date("InvStartDate"), refTo("IncomeAccountRef", "Account"), refTo("ExpenseAccountRef", "Account"),
			refTo("AssetAccountRef", "Account"), refTo("SalesTaxCodeRef", "TaxCode"), refTo("PurchaseTaxCodeRef", "TaxCode"),
			refTo("ClassRef", "Class"), refTo("PrefVendorRef", "Vendor"), refTo("TaxClassificationRef", ""), words("ItemCategoryType", 0),
			words("Source", 0), digits("Level", 0), words("UQCId", 0), words("UQCDisplayText", 0),
		},
	)
}

// price is what an item costs.
func price(name string) field {
	f := digits(name, 7)
	f.max = 99_999_999_999
	return f
}

// named are the properties of a list entity that has a name of no more than some characters.
func named(most int, more ...field) []field {
	return join(common(), filtered(label("Name", most), field{name: "Active", kind: boolField}), more)
}

func accountFields() []field {
	return named(100, join(
		filtered(enum("AccountType", accountTypes()...), words("AccountSubType", 0), enum("Classification", "Asset", "Equity", "Expense", "Liability", "Revenue"),
			words("FullyQualifiedName", 0), label("AcctNum", 20), field{name: "SubAccount", kind: boolField}, digits("CurrentBalance", 0)),
		[]field{digits("CurrentBalanceWithSubAccounts", 0), words("Description", 100), refTo("ParentRef", "Account"), refTo("CurrencyRef", ""), refTo("TaxCodeRef", "TaxCode")},
	)...)
}

func methodFields() []field { return named(31, enum("Type", "CREDIT_CARD", "NON_CREDIT_CARD")) }

func termFields() []field {
	days := digits("DueDays", 0)
	days.loose = true
	return named(31, enum("Type", "STANDARD", "DATE_DRIVEN"), days, digits("DiscountDays", 0), digits("DiscountPercent", 0),
		digits("DayOfMonthDue", 0), digits("DueNextMonthDays", 0), digits("DiscountDayOfMonth", 0))
}

// treeFields are those of a list whose entries stand below each other.
func treeFields(name string) []field {
	return named(100, words("FullyQualifiedName", 0).filtered(), field{name: "Sub" + name, kind: boolField}, refTo("ParentRef", name))
}

func agencyFields() []field {
	return join(common(), filtered(label("DisplayName", 100)), yesno("TaxTrackedOnSales", "TaxTrackedOnPurchases"), []field{
		words("TaxRegistrationNumber", 100), date("LastFileDate"), words("TaxAgencyConfig", 0),
	})
}

func rateFields() []field {
	return named(100, digits("RateValue", 0), refTo("AgencyRef", "TaxAgency"), refTo("TaxReturnLineRef", ""), words("Description", 0), words("SpecialTaxType", 0),
		words("DisplayType", 0), words("OriginalTaxRate", 0), many("EffectiveTaxRate", digits("RateValue", 0), words("EffectiveDate", 0), words("EndDate", 0)))
}

func codeFields() []field {
	rates := many("TaxRateDetail", refTo("TaxRateRef", "TaxRate"), words("TaxTypeApplicable", 0), digits("TaxOrder", 0))
	return named(100, join(yesno("Taxable", "TaxGroup", "Hidden"), []field{
		words("Description", 0), words("TaxCodeConfigType", 0), group("SalesTaxRateList", rates), group("PurchaseTaxRateList", rates),
	})...)
}

func companyFields() []field {
	return join(common(), []field{
		words("CompanyName", 0), words("LegalName", 0), words("Country", 0), address("CompanyAddr"), address("LegalAddr"), address("CustomerCommunicationAddr"),
		many("NameValue", words("Name", 0), words("Value", 0)), words("FiscalYearStartMonth", 0), words("SupportedLanguages", 0), date("CompanyStartDate"),
		phone("PrimaryPhone"), group("WebAddr", field{name: "URI", kind: urlField, max: 1000}), email("Email"), words("EmployerId", 0),
	})
}

func preferenceFields() []field {
	return join(common(), []field{
		group("SalesFormsPrefs"), group("TaxPrefs"), group("CurrencyPrefs"), group("AccountingInfoPrefs"), group("ProductAndServicesPrefs"), group("EmailMessagesPrefs"),
		group("ReportPrefs"), group("VendorAndPurchasesPrefs"), group("TimeTrackingPrefs"), group("OtherPrefs"),
	})
}

func attachableFields() []field {
	send := field{name: "IncludeOnSend", kind: boolField, loose: true}
	return join(common(), []field{
		words("Note", 2000), words("Category", 0), words("Tag", 2000), words("PlaceName", 2000), words("Lat", 0), words("Long", 0),
		many("AttachableRef", group("EntityRef", words("type", 0), words("value", 0), words("name", 0)), send, words("LineInfo", 0), field{name: "NoRefOnly", kind: boolField}),
		words("FileName", 1000), words("ContentType", 100), digits("Size", 0), words("FileAccessUri", 0), words("TempDownloadUri", 0), words("ThumbnailFileAccessUri", 0),
	})
}

func taxServiceFields() []field {
	value := digits("RateValue", 0)
	value.loose = true
	return []field{words("TaxCode", 100), words("TaxCodeId", 0), many("TaxRateDetails", words("TaxRateName", 100), words("TaxRateId", 0), value, words("TaxAgencyId", 0),
		enum("TaxApplicableOn", "Sales", "Purchase"))}
}

func exchangeFields() []field {
	return join(common(), filtered(words("SourceCurrencyCode", 3), date("AsOfDate")), []field{words("TargetCurrencyCode", 3), digits("Rate", 0)})
}
