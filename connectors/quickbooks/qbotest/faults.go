package qbotest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// fault is one error as the API reports it.
type fault struct {
	code, message, detail, element string
	status                         int    // 400 if 0
	kind                           string // the fault's type, ValidationFault if empty
}

func (f *fault) typeName() string { return firstOf(f.kind, "ValidationFault") }

func (f *fault) Error() string { return f.code + " " + f.message + ": " + f.detail }

const (
	msgProperty  = "Request has invalid or unsupported property"
	msgRequired  = "Required param missing, need to supply the required value for the API"
	msgRef       = "Invalid Reference Id"
	msgBusiness  = "A business validation error has occurred while processing your request"
	msgQuery     = "Invalid query"
	msgThrottle  = "The request limit was reached.  Try again later"
	msgBatchSize = "Batch size exceeds allowed limit"
	msgUTF8      = "com.sun.org.apache.xerces.internal.impl.io.MalformedByteSequenceException: Invalid byte 1 of 1-byte UTF-8 sequence"
	inactiveFmt  = "Something you're trying to use has been made inactive. Check the fields with accounts, %s, items, vendors or employees."
)

func badProperty(name string) *fault {
	return &fault{code: "2010", message: msgProperty, detail: "Property Name:" + name + " specified is unsupported or invalid", element: name}
}

func missing(name string) *fault {
	return &fault{code: "2020", message: msgRequired, detail: "Required parameter " + name + " is missing in the request", element: name}
}

func badFormat(code, message, element, value string) *fault {
	return &fault{code: code, message: message, detail: message + " : Supplied value:" + value, element: element}
}

func noReference(kind, id string) *fault {
	return &fault{code: "2500", message: msgRef, detail: fmt.Sprintf("Invalid Reference Id : %s element id %s not found", kind, id), element: "Reference Id"}
}

func inactiveReference() *fault {
	return &fault{code: "2500", message: msgRef, detail: "Invalid Reference Id : " + fmt.Sprintf(inactiveFmt, "customers")}
}

func duplicateName(detail string) *fault {
	return &fault{code: "6240", message: "Duplicate Name Exists Error", detail: "The name supplied already exists. : " + detail}
}

func conflicting(detail, element string) *fault {
	return &fault{code: "2600", message: "Invalid Request Conflict Element in Request", detail: detail, element: element}
}

func badCharacters(element string) *fault {
	return &fault{
		code: "2040", message: "Invalid String. The string value of element contains invalid characters", element: element,
		detail: "Element contains invalid characters",
	}
}

func business(detail string) *fault {
	return &fault{code: "6000", message: msgBusiness, detail: "Business Validation Error: " + detail}
}

func notFound() *fault {
	return &fault{code: "610", message: "Object Not Found", detail: "Object Not Found : " + fmt.Sprintf(inactiveFmt, "invoices")}
}

func deletedBefore() *fault {
	return &fault{code: "610", message: "Object Not Found", detail: "Object Not Found : Another user has deleted this transaction."}
}

func stale() *fault {
	return &fault{
		code: "5010", message: "Stale Object Error",
		detail: "Stale Object Error : You and root were working on this at the same time. root finished before you did, so your work was not saved.",
	}
}

func unsupported(operation string) *fault {
	return &fault{code: "500", message: "Unsupported Operation", detail: "Operation " + operation + " is not supported."}
}

func closedPeriod() *fault {
	return &fault{
		code: "6210", message: "Account Period Closed, Cannot Update Through Services API",
		detail: "The account period has closed and the account books cannot be updated through the QBO Services API. Please use the QBO website to make these changes.",
	}
}

func lockedCompany() *fault {
	return &fault{
		code: "6190", message: "Invalid Company Status",
		detail: "Subscription period has ended or cancelled or there was a billing problem : You can't add data to QuickBooks Online Plus because your trial or subscription period ended, you cancelled your subscription, or there was a billing problem.",
	}
}

// reply is an answer before it is written.
type reply struct {
	status    int
	kind      string // content type
	body      []byte
	refused   *fault        // what the body says, if it is a fault
	drop      bool          // close the connection instead
	after     time.Duration // Retry-After
	replay    bool
	partial   bool // not all of it was done
	throttled bool

	location string // of a redirection
}

func jsonReply(status int, n *node) *reply {
	return &reply{status: status, kind: "application/json;charset=UTF-8", body: n.print()}
}

// gatewayReply is what stands before the API says when it fails.
func gatewayReply(status int, now time.Time) *reply {
	if status == http.StatusBadGateway || status == http.StatusGatewayTimeout {
		return &reply{status: status, kind: "text/html"}
	}
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	return formed(FormGateway, now, fault{code: "3100", message: fmt.Sprintf("message=%s; errorCode=003100; statusCode=%d", name, status), kind: service, status: status})
}

const htmlBody = `<html>
<head><title>503 Service Temporarily Unavailable</title></head>
<body bgcolor="white"><center><h1>503 Service Temporarily Unavailable</h1></center><hr><center>load balancer</center></body>
</html>
`

func throttled(form ThrottleForm, after time.Duration, now time.Time) *reply {
	f := fault{code: "3001", message: "message=ThrottleExceeded; errorCode=003001; statusCode=429", detail: msgThrottle, kind: service, status: http.StatusTooManyRequests}
	body := FormXML
	switch form {
	case ThrottleJSON:
		body = FormNormal
	case Throttle403:
		f.status, f.message = http.StatusForbidden, strings.Replace(f.message, "429", "403", 1)
	case ThrottleXML:
	}
	a := formed(body, now, f)
	a.after, a.throttled = after, true
	return a
}

// pacific is the zone of the Pacific coast at a time. In summer, from the second Sunday of March to the first of November, it is an hour
// ahead; no database of zones is asked, which may not be there.
func pacific(t time.Time) *time.Location {
	turn := func(month time.Month, sunday, hour int) time.Time {
		first := time.Date(t.UTC().Year(), month, 1, hour, 0, 0, 0, time.UTC)
		return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(sunday-1))
	}
	if !t.Before(turn(time.March, 2, 10)) && t.Before(turn(time.November, 1, 9)) {
		return time.FixedZone("PDT", -7*60*60)
	}
	return time.FixedZone("PST", -8*60*60)
}

// stamp prints a time as the real server does: with the offset of the Pacific coast.
func stamp(t time.Time, millis bool) string {
	t = t.In(pacific(t))
	if millis {
		return t.Format("2006-01-02T15:04:05.000-07:00")
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}
