package quickbooks

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// maxEvents is how many changes of one delivery are told one by one.
const maxEvents = maxRemembered

// A Hint says that something in a company has changed. It is no record, and may be old, late or repeated, so read the record
// again by its ID, or make a pass. What the delivery does not tell, or not in a form that is known, is empty.
type Hint struct {
	RealmID string // the company
	Entity  string // "Customer", "SalesReceipt"
	// ID is that of the entity, as sources know it. "": the delivery does not tell, and a pass finds what changed.
	ID string
	// Operation is "created", "updated", "deleted", "merged", "voided" or "emailed", whichever form the delivery has.
	Operation string
	// DeletedID is what was merged into ID and is no more, where a delivery of the older form tells.
	DeletedID string
	Time      time.Time
	EventID   string // "" in the older form
}

// readHints reads a delivery, an array of CloudEvents or the older form. One that cannot be read is a hint that tells nothing, and
// so are all changes together that are too many.
func readHints(body []byte) []Hint {
	body = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\uFEFF")))
	var hints []Hint
	if bytes.HasPrefix(body, []byte("[")) {
		hints = readEvents(body)
	} else {
		hints = readNotifications(body)
	}
	if len(hints) == 0 {
		return []Hint{{}}
	}
	return hints
}

// readEvents reads an array of CloudEvents.
func readEvents(body []byte) (hints []Hint) {
	var events []json.RawMessage
	if json.Unmarshal(body, &events) != nil {
		return nil
	}
	for i, raw := range events {
		if i == maxEvents {
			return append(hints, Hint{})
		}
		var event struct {
			ID      text `json:"id"`
			Type    text `json:"type"` // "qbo.account.created.v1"
			Time    text `json:"time"`
			Entity  text `json:"intuitentityid"`
			Account text `json:"intuitaccountid"`
		}
		var h Hint
		if json.Unmarshal(raw, &event) == nil {
			h = hintOf(event.Account, event.Entity, event.Time)
			if kind := strings.Split(string(event.Type), "."); len(kind) >= 3 && kind[0] == "qbo" {
				h.Entity, h.Operation = entityNamed(kind[1]), hookOperation(kind[2])
			}
			if id := string(event.ID); len(id) <= maxMessage {
				h.EventID = id
			}
		}
		hints = append(hints, h)
	}
	return hints
}

// readNotifications reads the older form.
func readNotifications(body []byte) (hints []Hint) {
	var envelope struct {
		EventNotifications []struct {
			RealmID         text `json:"realmId"`
			DataChangeEvent struct {
				Entities []struct {
					Name        text `json:"name"`
					ID          text `json:"id"`
					Operation   text `json:"operation"`
					Deleted     text `json:"deletedId"`
					LastUpdated text `json:"lastUpdated"`
				} `json:"entities"`
			} `json:"dataChangeEvent"`
		} `json:"eventNotifications"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return nil
	}
	for _, company := range envelope.EventNotifications {
		if len(company.DataChangeEvent.Entities) == 0 {
			hints = append(hints, hintOf(company.RealmID, "", ""))
		}
		for _, e := range company.DataChangeEvent.Entities {
			h := hintOf(company.RealmID, e.ID, e.LastUpdated)
			h.Entity, h.Operation, h.DeletedID = entityNamed(string(e.Name)), hookOperation(string(e.Operation)), hookID(e.Deleted)
			hints = append(hints, h)
		}
		if len(hints) > maxEvents {
			return append(hints[:maxEvents], Hint{})
		}
	}
	return hints
}

// hintOf takes over what has a known form.
func hintOf(realm, id, at text) Hint {
	h := Hint{ID: hookID(id)}
	if isRealm(string(realm)) {
		h.RealmID = string(realm)
	}
	h.Time, _ = parseTime(string(at)) // the zero time, if it is none
	return h
}

// hookID returns an ID if it is one.
func hookID(id text) string {
	if !isID(string(id)) || len(id) > 40 {
		return ""
	}
	return string(id)
}

// entityNamed returns the name of an entity as the API writes it; the newer form has it in lower case.
func entityNamed(name string) string {
	for _, known := range []string{
		"Account", "Bill", "BillPayment", "Budget", "Class", "CreditMemo", "Currency", "Customer", "Department", "Deposit", "Employee",
		"Estimate", "Invoice", "Item", "JournalCode", "JournalEntry", "Payment", "PaymentMethod", "Preferences", "Purchase",
		"PurchaseOrder", "RefundReceipt", "SalesReceipt", "TaxAgency", "Term", "TimeActivity", "Transfer", "Vendor", "VendorCredit",
	} {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	if !isWord(name) {
		return ""
	}
	return name
}

// hookOperation returns what was done in the words of the newer form.
func hookOperation(done string) string {
	switch low := strings.ToLower(done); low {
	case "create", "update", "delete", "merge":
		return low + "d"
	case "void":
		return "voided"
	default:
		if !isWord(low) {
			return ""
		}
		return low
	}
}

// isWord reports whether a text is a short one of letters and digits.
func isWord(name string) bool {
	return len(name) <= 40 && isProperty(name) && !strings.Contains(name, ".")
}
