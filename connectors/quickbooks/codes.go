package quickbooks

import (
	"strconv"
	"strings"

	"github.com/woosync/woosync"
)

// codeRule says what a code means: from Intuit's list of error codes and from what clients have met. The zero rule is for a
// code that is not known.
func codeRule(failure *Error) rule {
	if r := connectionRule(failure); r.category != "" {
		return r
	}
	if r := conflictRule(failure); r.category != "" {
		return r
	}
	return dataRule(failure)
}

func refused(category woosync.Category, remedy string) rule {
	return rule{definite: woosync.Rejected, category: category, remedy: remedy}
}

func fatal(category woosync.Category, remedy string) rule {
	return rule{definite: woosync.Fatal, category: category, remedy: remedy}
}

// connectionRule is for what concerns every request alike.
func connectionRule(failure *Error) rule {
	switch failure.Code {
	case "3200", "100", "110":
		return fatal(woosync.CategoryAuth, remedyReconnect)
	case "3202":
		return fatal(woosync.CategoryAuth, "Check the token source: it handed out an empty token.")
	case "3100":
		return fatal(woosync.CategoryAuth, "Check that BaseURL, the app's keys and the realm belong together (development keys reach only "+
			"sandbox companies); else connect QuickBooks again.")
	case "120":
		if strings.Contains(failure.Detail, "statusCode: 500") {
			return rule{category: woosync.CategoryServer}
		}
		return fatal(woosync.CategoryAuth, "The user who connected QuickBooks lost access to the company; let an administrator connect it.")
	case "140", "150":
		return fatal(woosync.CategoryServer, "The company is locked or under maintenance; try again in some minutes.")
	case "6190":
		return fatal(woosync.CategoryAuth, "The company's QuickBooks subscription has ended or is suspended; renew it, then run again.")
	case "10200":
		return fatal(woosync.CategoryMapping, "The company was reset; its documents are gone, so start with an empty ledger.")
	case "130", "1000", "1010", "1020", "10000":
		return rule{definite: woosync.NotSent, category: woosync.CategoryServer, again: true}
	case "600":
		return rule{category: woosync.CategoryConflict, remedy: "QuickBooks has seen this request before and does not say what became of it; it is looked up."}
	case "5020":
		return refused(woosync.CategoryAuth, "The user who connected QuickBooks may not do this; let an administrator connect it.")
	case "5030":
		return refused(woosync.CategoryMapping, "The company's QuickBooks plan lacks this feature; choose settings without it.")
	case "500", "1040", "2000", "2010", "2600", "4000", "4001", "4002", "5000", "10100":
		return refused(woosync.CategoryMapping, "QuickBooks does not understand the request; please report it with its tid.")
	}
	return rule{}
}

// conflictRule is for what something else in the books stands in the way of.
func conflictRule(failure *Error) rule {
	switch failure.Code {
	case "610":
		// The same text speaks of something it refers to; the targets tell the two apart.
		return refused(woosync.CategoryGone, "It was deleted or made inactive in QuickBooks.")
	case "5010":
		return refused(woosync.CategoryConflict, "Somebody is changing the document in QuickBooks at the same time; it is tried again later.")
	case "6140":
		return refused(woosync.CategoryConflict, "Another document has this number; change its number in QuickBooks or choose another prefix.")
	case "6240":
		return refused(woosync.CategoryConflict, "Another customer, vendor, employee or item has this name; rename it in QuickBooks.")
	case "6200", "6210":
		return refused(woosync.CategoryConflict, "The books are closed for this date; reopen the period in QuickBooks or set a later start date.")
	case "6220", "6280":
		return refused(woosync.CategoryConflict, "It still has a balance or unbilled charges in QuickBooks; settle them there.")
	case "6450", "6480", "6540":
		return refused(woosync.CategoryConflict, "It is reconciled, matched or in a bank deposit; take it out there in QuickBooks first.")
	case "620", "630", "700", "800", "900":
		return refused(woosync.CategoryConflict, "Other records in QuickBooks are tied to it; look at it there.")
	}
	return rule{}
}

// dataRule is for what is wrong with the record or the settings it was mapped by.
func dataRule(failure *Error) rule {
	switch failure.Code {
	case "2500", "6250", "6310":
		return refused(woosync.CategoryMapping, "It refers to a customer, item, account or tax code that does not exist or is inactive; check the settings.")
	case "2020":
		return refused(woosync.CategoryMapping, "A required field is missing; check that the settings name all accounts.")
	case "3000", "6430", "6440", "6520", "6010":
		return refused(woosync.CategoryMapping, "An account or item has the wrong type for its use; check the accounts in the settings.")
	case "6100", "6160", "6170", "6230", "6470", "2280":
		return refused(woosync.CategoryMapping, "The tax codes do not fit the company's tax settings; check the tax settings on both sides.")
	case "6000":
		if transient(failure.Detail) {
			return rule{definite: woosync.NotSent, category: woosync.CategoryServer, again: true}
		}
		return refused(woosync.CategoryData, "A business rule of QuickBooks forbids it; the detail says which.")
	case "6070":
		return refused(woosync.CategoryData, "A line's amount is not its quantity times its price.")
	case "6080":
		return refused(woosync.CategoryData, "The record has no name at all; give it one in the shop.")
	case "6270":
		return refused(woosync.CategoryData, "The sale is dated before the item's stock began; choose an earlier start date for the item.")
	case "6530":
		return refused(woosync.CategoryData, "A text contains a card number; remove it in the shop.")
	case "6180":
		return refused(woosync.CategoryData, "It is nested too deep; QuickBooks allows five levels.")
	}
	if number, err := strconv.Atoi(failure.Code); err == nil && number >= 2030 && number <= 2300 {
		return refused(woosync.CategoryData, "Correct the field in the shop; QuickBooks does not accept what it holds.")
	}
	return rule{}
}
