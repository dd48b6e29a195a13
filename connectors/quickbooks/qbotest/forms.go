package qbotest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"
)

// BodyForm is the shape in which an error arrives.
type BodyForm int

// The shapes that have been seen.
const (
	// FormUsual is the one in which the code has been seen: throttling as XML, what stands before the API in lower case, the rest
	// as FormNormal.
	FormUsual BodyForm = iota
	FormNormal
	FormGateway // lower case, among many members that are null
	FormLower   // lower case alone, as business faults come at times
	FormXML     // whatever Accept says
	FormOK      // as FormNormal, with status 200
	FormQuery   // within QueryResponse, with status 200
)

// RefuseWith answers with an error of the catalogue, without executing the request. Where a code has several variants it is the
// usual one; see [Refusals] and [RefuseAs]. A code that is not in the catalogue gets no more text than that.
func RefuseWith(code string, form BodyForm) Effect {
	for _, r := range Refusals() {
		if r.Code == code {
			return RefuseAs(form, r)
		}
	}
	return RefuseAs(form, Refusal{Code: code, Message: "Error " + code})
}

// RefuseAs answers with errors, all in one body, without executing the request. The first one decides the status.
func RefuseAs(form BodyForm, first Refusal, more ...Refusal) Effect {
	all := []fault{first.fault()}
	for _, r := range more {
		all = append(all, r.fault())
	}
	return Effect{pre: func(now time.Time) *reply { return formed(form, now, all...) }}
}

// OneNameAtATime refuses a write to a list as if another one were under way. The refusal passes.
func OneNameAtATime() Effect {
	return RefuseAs(FormNormal, Refusal{Code: "6000", Message: msgBusiness, Detail: "Business Validation Error: " + oneNameAtATime})
}

// formed makes the body of an answer that holds faults.
func formed(form BodyForm, now time.Time, all ...fault) *reply {
	first := all[0]
	status := first.status
	if status == 0 {
		status = http.StatusBadRequest
	}
	if form == FormUsual {
		form = usualForm(first)
	}
	var a *reply
	switch form {
	case FormGateway, FormLower:
		a = lowerFaults(status, now, form == FormGateway, all)
	case FormXML:
		a = xmlFaults(status, now, all)
	case FormOK:
		a = jsonFaults(http.StatusOK, now, faultNode(all))
	case FormQuery:
		a = jsonFaults(http.StatusOK, now, obj().put("QueryResponse", faultNode(all)))
	case FormUsual, FormNormal:
		a = jsonFaults(status, now, faultNode(all))
	}
	a.refused = &first
	return a
}

func usualForm(f fault) BodyForm {
	switch {
	case f.code == "3001":
		return FormXML
	case f.kind == service || f.kind == authentication:
		return FormGateway
	}
	return FormNormal
}

// faultNode is the normal form.
func faultNode(all []fault) *node {
	errors := arr()
	for _, f := range all {
		e := obj().put("Message", str(f.message)).put("Detail", str(f.detail)).put("code", str(f.code))
		if f.kind != systemFault {
			e.put("element", str(f.element))
		}
		errors.items = append(errors.items, e)
	}
	return obj().put("Fault", obj().put("Error", errors).put("type", str(all[0].typeName())))
}

func jsonFaults(status int, now time.Time, n *node) *reply {
	return jsonReply(status, n.put("time", str(stamp(now, true))))
}

// lowerFault is a fault in lower case.
func lowerFault(full bool, all ...fault) *node {
	errors := arr()
	for _, f := range all {
		e := obj().put("message", str(f.message)).put("detail", str(f.detail)).put("code", str(f.code))
		if full {
			e.put("element", &node{})
		}
		errors.items = append(errors.items, e)
	}
	return obj().put("error", errors).put("type", str(all[0].typeName()))
}

// lowerFaults is the form of the gateway, or that form without what is null in it. Its time is a number.
func lowerFaults(status int, now time.Time, full bool, all []fault) *reply {
	n, null := obj(), &node{}
	put := func(name string) {
		if full {
			n.put(name, null)
		}
	}
	put("warnings")
	put("intuitObject")
	n.put("fault", lowerFault(full, all...))
	put("report")
	put("queryResponse")
	n.put("batchItemResponse", arr()).put("attachableResponse", arr())
	put("syncErrorResponse")
	put("requestId")
	n.put("time", &node{shape: number, chars: fmt.Sprint(now.UnixMilli())})
	put("status")
	n.put("cdcresponse", arr())
	return jsonReply(status, n)
}

func xmlFaults(status int, now time.Time, all []fault) *reply {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse time="%s" xmlns="http://schema.intuit.com/finance/v3">`, stamp(now, true))
	fmt.Fprintf(&b, `<Fault type="%s">`, escaped(all[0].typeName()))
	for _, f := range all {
		fmt.Fprintf(&b, `<Error code="%s"`, escaped(f.code))
		if f.element != "" {
			fmt.Fprintf(&b, ` element="%s"`, escaped(f.element))
		}
		fmt.Fprintf(&b, `><Message>%s</Message><Detail>%s</Detail></Error>`, escaped(f.message), escaped(f.detail))
	}
	b.WriteString(`</Fault></IntuitResponse>`)
	return &reply{status: status, kind: "application/xml", body: b.Bytes()}
}

func escaped(s string) string {
	var b bytes.Buffer
	if xml.EscapeText(&b, []byte(s)) != nil {
		return ""
	}
	return b.String()
}
