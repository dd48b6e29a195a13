package quickbooks_test

import (
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// A meaning is what is wanted of codes of the catalogue.
type meaning struct {
	codes    string // "120/outage": the code and its variant
	definite woosync.Definite
	category woosync.Category
	remedy   string // part of it
	sends    int    // requests that one call makes; 0: 1
	passes   bool
}

// meanings is Intuit's list of codes with what has to become of them, written down apart from the list that is tested.
func meanings() []meaning {
	const (
		auth, throttle, data, mapping = woosync.CategoryAuth, woosync.CategoryThrottle, woosync.CategoryData, woosync.CategoryMapping
		conflict, server, gone        = woosync.CategoryConflict, woosync.CategoryServer, woosync.CategoryGone
		fatal, refused, unsent        = woosync.Fatal, woosync.Rejected, woosync.NotSent
	)
	return []meaning{
		{"3200 100 110", fatal, auth, "consent anew", 3, false},
		{"3202", fatal, auth, "token source", 3, false},
		{"3100", fatal, auth, "BaseURL, the app's keys and the realm", 1, false},
		{"3100/outage 120/outage 10000/500", woosync.Unknown, server, "trouble of its own", 5, true},
		{"3001 3001/403", fatal, throttle, "monthly quota", 4, true},
		{"120", fatal, auth, "lost access", 1, false},
		{"130", unsent, server, "trouble of its own", 4, true},
		{"140", fatal, server, "locked", 1, true},
		{"150", fatal, server, "maintenance", 1, true},
		{"10000", woosync.Unknown, server, "trouble of its own", 4, true},
		{"10000/path", refused, mapping, "no such address", 1, false},
		{"10100", refused, mapping, "smaller pages", 1, false},
		{"10200", fatal, mapping, "empty ledger", 1, false},
		{"500", refused, mapping, "does not offer", 1, false},
		{"500/UTF-8", refused, mapping, "not UTF-8", 1, false},
		{"500/resource", unsent, server, "as happens in outages", 2, true},
		{"600", woosync.Unknown, conflict, "looked up", 1, false},
		{"610 610/deleted", refused, gone, "deleted or made inactive", 1, false},
		{"620", refused, conflict, "cannot be linked", 1, false},
		{"630", refused, conflict, "the same already", 1, false},
		{"700 900", refused, conflict, "part of", 1, false},
		{"800", refused, conflict, "depend on it", 1, false},
		{"1000 1010 1020", unsent, server, "does not say why", 2, true},
		{"1040", refused, mapping, "30 items", 1, false},
		{"1050 2000 2010 2130 2600 4000 4000/apostrophe 4001 4001/position 6020 6040 6050", refused, mapping, "report it", 1, false},
		{"2020 2020/item account", refused, mapping, "name all accounts", 1, false},
		{"2030 2080 2090 2150 2160 2180 2230 2240", refused, data, "Correct the field", 1, false},
		{"2040", refused, data, "characters", 1, false},
		{"2050", refused, data, "too long or too short", 1, false},
		{"2060 2070 2190", refused, data, "date", 1, false},
		{"2100 2110 2140", refused, data, "amount is not one", 1, false},
		{"2120 2170", refused, data, "choice", 1, false},
		{"2200", refused, data, "web address", 1, false},
		{"2210", refused, data, "e-mail address", 1, false},
		{"2220", refused, data, "currency", 1, false},
		{"2250", refused, data, "no lines", 1, false},
		{"2260 2270", refused, data, "missing in a line", 1, false},
		{"2280", refused, data, "tax amount", 1, false},
		{"2290", refused, data, "negative", 1, false},
		{"2300", refused, data, "Debits and credits", 1, false},
		{"2500 2500/account 2500/class", refused, mapping, "does not exist or is inactive", 1, false},
		{"2500/inactive", refused, mapping, "something inactive", 1, false},
		{"2500/category", refused, mapping, "category", 1, false},
		{"3000", refused, mapping, "custom field", 1, false},
		{"4002", refused, mapping, "ask for less", 1, false},
		{"5000", refused, mapping, "no longer supported", 1, false},
		{"5010", refused, conflict, "at the same time", 1, true},
		{"5020", refused, auth, "may not do this", 1, false},
		{"5030", refused, mapping, "plan lacks", 1, false},
		{"6000", refused, data, "detail says which", 1, false},
		{"6000/one name 6000/one product", unsent, server, "changing a list", 4, true},
		{"6000/no amount", refused, data, "no amount", 1, false},
		{"6000/currency", refused, mapping, "multicurrency", 1, false},
		{"6000/internal", unsent, server, "without a reason", 4, true},
		{"6000/tax engine", unsent, server, "compute the tax", 2, true},
		{"6000/later", unsent, server, "trouble of its own", 4, true},
		{"6010", refused, mapping, "needs a type", 1, false},
		{"6030 6041", refused, data, "file", 1, false},
		{"6060", refused, mapping, "opening balance", 1, false},
		{"6070", refused, data, "quantity times its price", 1, false},
		{"6080", refused, data, "no name at all", 1, false},
		{"6090", refused, data, "discount", 1, false},
		{"6100 6160 6230", refused, mapping, "tax code does not fit", 1, false},
		{"6110 6120", refused, conflict, "cannot be changed from outside", 1, false},
		{"6130", refused, conflict, "billed with another", 1, false},
		{"6140 6140/id", refused, conflict, "this number", 1, false},
		{"6150", refused, data, "part of something", 1, false},
		{"6170", refused, mapping, "tax details", 1, false},
		{"6180", refused, data, "five levels", 1, false},
		{"6190", fatal, auth, "subscription", 1, false},
		{"6200 6210", refused, conflict, "books are closed", 1, false},
		{"6220", refused, conflict, "balance", 1, false},
		{"6240 6240/null 6240/id 6240/dollars 6240/tax rate", refused, conflict, "ename", 1, false},
		{"6250", refused, mapping, "customer that does not exist", 1, false},
		{"6270", refused, data, "before the item's stock", 1, false},
		{"6280", refused, conflict, "unbilled", 1, false},
		{"6290 6300", refused, mapping, "employee or a vendor", 1, false},
		{"6310", refused, mapping, "needs a customer", 1, false},
		{"6320 6330", refused, data, "billable line", 1, false},
		{"6420", refused, data, "by e-mail", 1, false},
		{"6430", refused, mapping, "wrong type", 1, false},
		{"6440", refused, mapping, "neither product nor account", 1, false},
		{"6450", refused, conflict, "reconciled or settled", 1, false},
		{"6460", refused, data, "deposit and the payment", 1, false},
		{"6470", refused, mapping, "not allowed here", 1, false},
		{"6480", refused, conflict, "undo the match", 1, false},
		{"6520", refused, mapping, "tracked stock", 1, false},
		{"6530", refused, data, "card number", 1, false},
		{"6540", refused, conflict, "bank deposit", 1, false},
		{"77777", refused, data, "not in its list", 1, false},
	}
}

// refusals is the catalogue of the fake, and what no catalogue has.
func refusals() []qbotest.Refusal {
	return append(qbotest.Refusals(),
		qbotest.Refusal{Code: "500", Variant: "resource", Message: "Unsupported Operation", Detail: "Could not find resource for relative : /v3"},
		qbotest.Refusal{Code: "77777", Message: "A code of tomorrow"})
}

// wanted returns what is wanted of every refusal; a code that either list lacks fails the test.
func wanted(t *testing.T) map[qbotest.Refusal]meaning {
	t.Helper()
	byName := make(map[string]qbotest.Refusal)
	for _, r := range refusals() {
		name := r.Code
		if r.Variant != "" {
			name += "/" + r.Variant
		}
		byName[name] = r
	}
	all := make(map[qbotest.Refusal]meaning)
	for _, m := range meanings() {
		for names := m.codes; names != ""; {
			name := names
			for byName[name].Code == "" { // variants may hold blanks
				at := strings.LastIndex(name, " ")
				if at < 0 {
					t.Fatalf("%q is not in the catalogue of the fake", names)
				}
				name = name[:at]
			}
			all[byName[name]] = m
			delete(byName, name)
			names = strings.TrimPrefix(names[len(name):], " ")
		}
	}
	for name := range byName {
		t.Errorf("nothing is known of %s", name)
	}
	return all
}
