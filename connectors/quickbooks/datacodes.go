package quickbooks

import (
	"slices"

	"github.com/woosync/woosync"
)

// formatMeanings are for fields that hold what QuickBooks does not take.
func formatMeanings() []meaning {
	data := func(remedy string, codes ...int) []meaning {
		return on(refused(woosync.CategoryData, remedy), codes...)
	}
	return slices.Concat(
		on(refused(woosync.CategoryMapping, "A required field is missing; check that the settings name all accounts."), 2020),
		data("A text holds characters that QuickBooks does not take; remove them in the shop.", 2040),
		data("A text is too long or too short; correct it in the shop.", 2050),
		data("A date is not one; correct it in the shop.", 2060, 2070, 2190),
		data("An amount is not one; correct it in the shop.", 2100, 2110, 2140),
		data("A choice is not one of those that QuickBooks knows; correct the field in the shop or the settings.", 2120, 2170),
		data("The web address is malformed; correct it in the shop.", 2200),
		data("The e-mail address is malformed; correct it in the shop.", 2210),
		data("QuickBooks does not know the currency; correct it in the shop.", 2220),
		between(2030, 2249, refused(woosync.CategoryData, "Correct the field in the shop; QuickBooks does not accept what it holds.")),
		data("The document has no lines; give it at least one in the shop.", 2250),
		data("A line has a tax code and no tax amount; correct the tax in the shop.", 2280),
		data("A line's amount is negative where QuickBooks takes none; correct it in the shop.", 2290),
		data("Debits and credits differ; correct the amounts.", 2300),
		between(2250, 2300, refused(woosync.CategoryData, "Something is missing in a line; complete it.")),
	)
}

// businessMeanings are for business rules: 6000, whose detail says which, and those that have a code.
func businessMeanings() []meaning {
	data := func(remedy string, codes ...int) []meaning {
		return on(refused(woosync.CategoryData, remedy), codes...)
	}
	mapping := func(remedy string, codes ...int) []meaning {
		return on(refused(woosync.CategoryMapping, remedy), codes...)
	}
	again := func(text string, repeats int, remedy string) []meaning {
		return saying(6000, text, passesBy(woosync.NotSent, woosync.CategoryServer, repeats, remedy))
	}
	return slices.Concat(
		again("you can only add or edit one", repeats, "Somebody else is changing a list of the company at the same time; it is tried again."),
		again("error while calculating tax", 1, "QuickBooks could not compute the tax; if it lasts, check the tax settings and the address."),
		again("unexpected internal error", repeats, "QuickBooks failed without a reason; if it lasts, a field may be missing: report it with its tid."),
		again("please try again", repeats, remedyServer),
		saying(6000, "multi currency should be enabled", refused(woosync.CategoryMapping,
			"The company has one currency only: turn multicurrency on in QuickBooks, or send no currency.")),
		saying(6000, "set a transaction amount", refused(woosync.CategoryData, "The document has no amount; correct it in the shop.")),
		data("A business rule of QuickBooks forbids it; the detail says which.", 6000),
		mapping("An account needs a type; check the accounts in the settings.", 6010),
		mapping("An opening balance needs its date.", 6060),
		data("A line's amount is not its quantity times its price; correct the line.", 6070),
		data("The record has no name at all; give it one in the shop.", 6080),
		data("A discount has neither amount nor percentage; correct it in the shop.", 6090),
		data("It is a part of something and does not say of what; correct it.", 6150),
		data("It is nested too deep; QuickBooks allows five levels.", 6180),
		mapping("It refers to a customer that does not exist or is inactive; make it active in QuickBooks.", 6250),
		data("The sale is dated before the item's stock began; choose an earlier start date for the item.", 6270),
		mapping("It needs an employee or a vendor; check the settings.", 6290, 6300),
		mapping("It needs a customer; check the settings.", 6310),
		data("A billable line lacks its status or rate; correct the line.", 6320, 6330),
		data("It is to be sent by e-mail and has no address; give it one in the shop.", 6420),
		mapping("An account has the wrong type for its use; check the accounts in the settings.", 6430),
		mapping("A line has neither product nor account; check the items in the settings.", 6440),
		data("The deposit and the payment differ; correct the amounts.", 6460),
		mapping("An item with tracked stock needs a quantity; give it one, or do not track it.", 6520),
		data("A text contains a card number; remove it in the shop.", 6530),
		saying(2500, "category", mappingRule("An item is set up as a category in QuickBooks; make it a product or service.")),
		saying(2500, "inactive", mappingRule("It refers to something inactive in QuickBooks; make it active there.")),
		mapping("It refers to a customer, item, account or tax code that does not exist or is inactive; check the settings.", 2500),
	)
}

func mappingRule(remedy string) rule { return refused(woosync.CategoryMapping, remedy) }

func taxMeanings() []meaning {
	return slices.Concat(
		on(mappingRule("A line's tax code does not fit the company; check the tax codes in the settings."), 6100, 6160, 6230),
		on(mappingRule("The tax details do not fit the company's tax settings; check the tax settings on both sides."), 6170),
		on(mappingRule("A tax is not allowed here or has no rate; check the tax settings on both sides."), 6470),
	)
}

// conflictMeanings are for what something else in the books stands in the way of.
func conflictMeanings() []meaning {
	conflict := func(remedy string, codes ...int) []meaning {
		return on(refused(woosync.CategoryConflict, remedy), codes...)
	}
	stale := refused(woosync.CategoryConflict, "Somebody is changing the document in QuickBooks at the same time; it is tried again later.")
	stale.passes = true
	return slices.Concat(
		on(stale, 5010),
		conflict("It cannot be linked: the other document is paid, or of another customer; look at it in QuickBooks.", 620),
		conflict("QuickBooks has the same already; look for it there.", 630),
		conflict("What it is part of cannot be that; look at it in QuickBooks.", 700, 900),
		conflict("Other records in QuickBooks depend on it; remove those first.", 800),
		conflict("It is a payment by QuickBooks itself, which cannot be changed from outside; change it in QuickBooks.", 6110, 6120),
		conflict("The customer has invoices that are billed with another; change it in QuickBooks.", 6130),
		conflict("Another document has this number; change its number in QuickBooks or choose another prefix.", 6140),
		conflict("The books are closed for this date; reopen the period in QuickBooks or set a later start date.", 6200, 6210),
		conflict("It still has a balance in QuickBooks; settle it there.", 6220),
		conflict("Another customer, vendor, employee or item has this name; rename it in QuickBooks.", 6240),
		conflict("The customer has unbilled charges in QuickBooks; bill them there.", 6280),
		conflict("It is reconciled or settled; it can only be changed in QuickBooks.", 6450),
		conflict("It is matched with a bank transaction; undo the match in QuickBooks first.", 6480),
		conflict("It is in a bank deposit; take it out there in QuickBooks first.", 6540),
	)
}

// otherMeanings are for what is in no list: a refusal all the same, unless the status says success.
func otherMeanings() []meaning {
	return slices.Concat(
		under(404, 404, mappingRule("QuickBooks knows no such address: check BaseURL, else report it with its tid.")),
		under(400, 499, refused(woosync.CategoryData, remedyUnlisted)),
	)
}
