package quickbooks

import (
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
)

// A meaning is one row of the list of what answers of QuickBooks mean. It is for answers with a status, code and text that fit
// it; what is zero fits any.
type meaning struct {
	status [2]int // of HTTP, from and to
	code   [2]int // of the fault, from and to
	text   string // part of the fault's message or detail, in lower case
	rule
}

func (m meaning) fits(status, code int, text string) bool {
	within := func(n int, bounds [2]int) bool { return bounds == [2]int{} || n >= bounds[0] && n <= bounds[1] }
	return within(status, m.status) && within(code, m.code) && strings.Contains(text, m.text)
}

// codeRule says what one complaint of an answer means: the first row that fits. The zero rule is for one that no row fits.
func codeRule(status int, c Complaint) rule {
	code, err := strconv.Atoi(c.Code)
	if err != nil {
		code = -1
	}
	text := strings.ToLower(c.Message + " " + c.Detail)
	for _, m := range meanings() {
		if m.fits(status, code, text) {
			return m.rule
		}
	}
	return rule{}
}

// meanings is the list, from Intuit's list of error codes and from what clients have met: rows for a status first, since what a
// code means in an answer with status 500 is never definite, and rows for a text before those for its code.
func meanings() []meaning {
	return slices.Concat(
		statusMeanings(), accessMeanings(), operationMeanings(), requestMeanings(), formatMeanings(),
		businessMeanings(), taxMeanings(), conflictMeanings(), otherMeanings(),
	)
}

// on makes rows of one rule for several codes.
func on(r rule, codes ...int) (rows []meaning) {
	for _, code := range codes {
		rows = append(rows, meaning{code: [2]int{code, code}, rule: r})
	}
	return rows
}

// saying makes a row for a code whose text tells it from others.
func saying(code int, text string, r rule) []meaning {
	return []meaning{{code: [2]int{code, code}, text: text, rule: r}}
}

// between makes a row for a range of codes.
func between(from, to int, r rule) []meaning {
	return []meaning{{code: [2]int{from, to}, rule: r}}
}

// under makes a row for a range of statuses, whatever the code.
func under(from, to int, r rule) []meaning {
	return []meaning{{status: [2]int{from, to}, rule: r}}
}

// refused is for what this record cannot get past.
func refused(category woosync.Category, remedy string) rule {
	return rule{definite: woosync.Rejected, category: category, remedy: remedy}
}

// fatal is for what no record can get past.
func fatal(category woosync.Category, remedy string) rule {
	return rule{definite: woosync.Fatal, category: category, remedy: remedy}
}

// passesBy is for what may succeed without anybody's doing; it is repeated at once so many times.
func passesBy(definite woosync.Definite, category woosync.Category, repeats int, remedy string) rule {
	return rule{definite: definite, category: category, remedy: remedy, repeats: repeats, passes: true}
}

const (
	remedyReconnect = "Connect QuickBooks again: somebody of the company has to consent anew."
	remedyQuota     = "See the usage of the app in Intuit's developer portal: if its monthly quota of reads is used up, raise its plan or " +
		"wait for the next month; a later run goes on by itself."
	remedyThrottle = "Wait; if QuickBooks goes on refusing for minutes, the app's monthly quota of reads is probably used up."
	remedyServer   = "Nothing: QuickBooks has trouble of its own, and it is tried again; if it lasts, see Intuit's status page."
	remedyReport   = "QuickBooks does not understand the request; please report it with its tid."
	remedyUnlisted = "QuickBooks refuses it for a reason that is not in its list; its message says which."
)

func statusMeanings() []meaning {
	empty := meaning{status: [2]int{401, 401}, code: [2]int{3202, 3202}, rule: fatal(woosync.CategoryAuth, remedyEmptyToken)}
	throttle := passesBy(woosync.NotSent, woosync.CategoryThrottle, 0, remedyThrottle)
	server := passesBy(woosync.Unknown, woosync.CategoryServer, 0, remedyServer)
	return slices.Concat(
		[]meaning{empty},
		under(401, 401, fatal(woosync.CategoryAuth, remedyReconnect)),
		under(408, 408, server),
		under(429, 429, throttle),
		under(500, 599, server),
		on(throttle, 3001),
	)
}

const remedyEmptyToken = "Check the token source: it handed out an empty token."

// accessMeanings are for what concerns every request alike.
func accessMeanings() []meaning {
	return slices.Concat(
		on(fatal(woosync.CategoryAuth, remedyReconnect), 3200, 100, 110),
		on(fatal(woosync.CategoryAuth, remedyEmptyToken), 3202),
		on(fatal(woosync.CategoryAuth, "Check that BaseURL, the app's keys and the realm belong together (development keys reach only "+
			"sandbox companies); else connect QuickBooks again."), 3100),
		saying(120, "statuscode: 500", passesBy(woosync.Unknown, woosync.CategoryServer, repeats, remedyServer)),
		on(fatal(woosync.CategoryAuth, "The user who connected QuickBooks lost access to the company; let an administrator connect it."), 120),
		on(passesBy(woosync.NotSent, woosync.CategoryServer, repeats, remedyServer), 130),
		on(passesBy(woosync.Fatal, woosync.CategoryServer, 0, "The company is locked at QuickBooks; try again in some minutes."), 140),
		on(passesBy(woosync.Fatal, woosync.CategoryServer, 0, "The company is under maintenance at QuickBooks; try again in some minutes."), 150),
		on(refused(woosync.CategoryAuth, "The user who connected QuickBooks may not do this; let an administrator connect it."), 5020),
		on(fatal(woosync.CategoryAuth, "The company's QuickBooks subscription has ended or is suspended; renew it, then run again."), 6190),
		on(fatal(woosync.CategoryMapping, "The company was reset; its documents are gone, so start with an empty ledger."), 10200),
	)
}

// operationMeanings are for what became of an operation.
func operationMeanings() []meaning {
	lost := "QuickBooks does not find the address, as happens in outages; if it stays, check BaseURL, else report it with its tid."
	return slices.Concat(
		saying(500, "could not find resource", passesBy(woosync.NotSent, woosync.CategoryServer, 1, lost)),
		saying(500, "utf-8", refused(woosync.CategoryMapping, "The request was not UTF-8; please report it with its tid.")),
		on(refused(woosync.CategoryMapping, "QuickBooks does not offer this operation; please report it with its tid."), 500),
		on(rule{category: woosync.CategoryConflict, remedy: "QuickBooks has seen this request before and does not say what became of it; it is looked up."}, 600),
		// The same text speaks of something it refers to; the targets tell the two apart.
		on(refused(woosync.CategoryGone, "It was deleted or made inactive in QuickBooks; it is made anew, or make it active there."), 610),
		between(1000, 1020, passesBy(woosync.NotSent, woosync.CategoryServer, 1, "QuickBooks could not do it and does not say why; if it lasts, report it with its tid.")),
		saying(10000, "could not find resource", refused(woosync.CategoryMapping, "QuickBooks knows no such address: check BaseURL, else report it with its tid.")),
		on(passesBy(woosync.Unknown, woosync.CategoryServer, repeats, remedyServer), 10000),
	)
}

// requestMeanings are for requests that should not have been made as they were.
func requestMeanings() []meaning {
	return slices.Concat(
		on(refused(woosync.CategoryMapping, remedyReport), 1050, 2000, 2010, 2130, 2600, 4000, 4001, 6020, 6040, 6050),
		on(refused(woosync.CategoryMapping, "The batch is too large; QuickBooks takes 30 items."), 1040),
		on(refused(woosync.CategoryMapping, "A custom field does not exist in the company; check the custom fields in the settings."), 3000),
		on(refused(woosync.CategoryMapping, "QuickBooks could not process the query; ask for less at once, else report it with its tid."), 4002),
		on(refused(woosync.CategoryMapping, "A field is no longer supported by QuickBooks; please report it with its tid."), 5000),
		on(refused(woosync.CategoryMapping, "The company's QuickBooks plan lacks this feature; choose settings without it."), 5030),
		on(refused(woosync.CategoryMapping, "The result is too large; ask for smaller pages."), 10100),
		on(refused(woosync.CategoryData, "The file is too large or damaged; attach a smaller one."), 6030, 6041),
	)
}
