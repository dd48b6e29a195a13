package quickbooks

import (
	"errors"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	// Of what else an answer complains of, so much is kept, and so much shown in the text of the error.
	keptComplaints  = 20
	shownComplaints = 2
)

// ErrReconnect says that the connection to the company is gone and that somebody has to consent anew: the refresh token was
// refused, is missing, or what it yields is refused.
var ErrReconnect = errors.New("quickbooks: the connection was revoked or has expired")

// ErrQuota says that QuickBooks went on throttling after several pauses of a minute, with no success in between: then it is
// probably not the pace but the app's monthly quota of metered reads that is used up (the answer to both is the same). The fault
// around it is Fatal, so a stream stops where it is, and the next run goes on from there.
var ErrQuota = errors.New("quickbooks: still throttled after several pauses; the monthly quota is probably used up")

// Error is an answer of QuickBooks that says no, in any of the forms it has for that. It is inside the *woosync.Fault that
// calls return; find it with errors.As. Its texts come from the server, shortened and with control characters replaced.
type Error struct {
	Operation string      // "create salesreceipt"
	Status    int         // of HTTP; may be 200
	Code      string      // "6240", without leading zeros; "": the answer has none
	Message   string      // what the code stands for
	Detail    string      // the cause, where QuickBooks tells
	Element   string      // the field it is about; often ""
	Others    []Complaint // what the answer complains of beside that, at most 20
	Type      string      // "ValidationFault", "SystemFault", …
	TID       string      // what Intuit's support asks for
}

// A Complaint is one error of an answer that has several.
type Complaint struct{ Code, Message, Detail, Element string }

// Category says whose fault it is, [Error.Remedy] in one sentence what a person can do about it, and [Error.Transient] whether a
// later attempt may succeed without anybody's doing anything. They follow from status, code and detail by a list that has every code that
// Intuit documents; of several complaints the gravest counts. The *woosync.Fault around the error says the same, and more
// cautiously if an earlier attempt of the call is in doubt.
func (e *Error) Category() woosync.Category { return ruleOf(e).category }

// Remedy is one sentence for a person, never empty; see [Error.Category].
func (e *Error) Remedy() string { return ruleOf(e).remedy }

// Transient says whether it may pass by itself; see [Error.Category].
func (e *Error) Transient() bool { return ruleOf(e).passes }

// Error says what was asked, what was answered and where to look.
func (e *Error) Error() string {
	if e == nil {
		return "quickbooks: no error"
	}
	var b strings.Builder
	b.WriteString("quickbooks: " + e.Operation + ": " + strconv.Itoa(e.Status))
	if e.Code != "" {
		b.WriteString(" code " + e.Code)
	}
	for _, text := range []string{e.Message, e.Detail} {
		if text != "" {
			b.WriteString(": " + text)
		}
	}
	if e.Element != "" {
		b.WriteString(" (field " + e.Element + ")")
	}
	for i, other := range e.Others {
		if i == shownComplaints {
			b.WriteString(" | …")
			break
		}
		b.WriteString(" | " + strings.TrimSpace(other.Code+" "+other.Message) + ": " + other.Detail)
		if other.Element != "" {
			b.WriteString(" (field " + other.Element + ")")
		}
	}
	if e.TID != "" {
		b.WriteString(" [tid " + e.TID + "]")
	}
	return b.String()
}

// Is reports whether target is ErrReconnect and this an answer that only a new consent helps against.
func (e *Error) Is(target error) bool {
	return e != nil && target == ErrReconnect && (e.Status == 401 && e.Code != "3202" || e.Code == "100" || e.Code == "110" || e.Status == 403 && e.Code == "3100")
}

// codeOf returns the code of the answer inside an error; "" if there is none.
func codeOf(err error) string {
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure.Code
	}
	return ""
}

// failureOf returns what an answer complains of; nil if it is a success.
func failureOf(operation string, r *rest.Response) *Error {
	success := r.Status >= 200 && r.Status < 300
	if success && !strings.Contains(string(r.Body), `ault"`) && !strings.HasPrefix(strings.TrimSpace(string(r.Body)), "<") {
		return nil
	}
	failure, found := decodeFailure([]byte(r.Redact(string(r.Body))))
	if success && !found {
		return nil
	}
	failure.Operation, failure.Status, failure.TID = operation, r.Status, tid(r)
	if failure.Status == 401 || failure.Code == "3200" {
		failure.Detail, failure.Others = "", nil // they quote the token
	}
	return &failure
}

// tid returns the ID under which Intuit knows the request.
func tid(r *rest.Response) string {
	for name, values := range r.Header {
		if name = strings.ReplaceAll(strings.ToLower(name), "-", "_"); name == "intuit_tid" && len(values) > 0 {
			return clip(r.Redact(values[0]), 80)
		}
	}
	return ""
}
