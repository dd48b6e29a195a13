package quickbooks

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/woosync/woosync"
)

// Creatable is what can be made through the API. Tax codes and rates are made by [Client.CreateTaxCode].
type Creatable interface {
	Customer | Item | SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | JournalEntry | Deposit | Account | TaxAgency |
		PaymentMethod | Term | Class | Department | Attachable
	Entity
	writable
	checkable
}

// Updatable is what can be changed in part.
type Updatable interface {
	Customer | Item | SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | JournalEntry | Deposit | Account |
		PaymentMethod | Term | Class | Department | CompanyInfo | Preferences
	writable
	checkable
}

// Replaceable is what can be written anew as a whole.
type Replaceable interface {
	Customer | Item | SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | JournalEntry | Deposit | Account |
		PaymentMethod | Term | Class | Department | CompanyInfo | Preferences | Attachable
	writable
	checkable
}

// Deletable is what can be deleted, for good.
type Deletable interface {
	SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | JournalEntry | Deposit | Attachable
	writable
}

// Voidable is what can be voided: it stays in the books, with amounts of 0.
type Voidable interface {
	SalesReceipt | Invoice | Payment
	writable
}

// Listed is what cannot be deleted, only made inactive.
type Listed interface {
	Customer | Item | Account | PaymentMethod | Term | Class | Department
	writable
}

// Create makes an entity and returns it as QuickBooks made it.
//
// The key, 1 to 36 characters of [A-Za-z0-9-], stands for this one creation: called again with the same key and entity after an unknown
// outcome, Create returns what the first call made. Use another key for anything else, ever, in this company.
//
// What QuickBooks would certainly refuse is not sent: one error lists all of it. Errors are *woosync.Fault.
func Create[T Creatable](ctx context.Context, c *Client, key string, entity T) (T, error) {
	return submit(ctx, c, "create", key, entity, true, func() ([]byte, error) { return json.Marshal(entity) })
}

// Update changes what was changed in an entity since it was read, and leaves alone what others changed meanwhile in other fields. Of an
// entity made by hand, with ID and SyncToken, it sets all that is set. Lists, such as Line, are replaced as a whole. What is cleared
// cannot be sent this way; use [Replace]. If nothing was changed, nothing is sent.
//
// If the entity has changed since it was read, the fault has CategoryConflict (5010): read it again. The key is as for [Create].
func Update[T Updatable](ctx context.Context, c *Client, key string, entity T) (T, error) {
	part, body, err := partOf(entity)
	if err != nil || body == nil {
		return entity, err
	}
	return submit(ctx, c, "update", key, part, false, func() ([]byte, error) { return body, nil })
}

// partOf returns what of an entity was changed, and the body of its sparse update; nil if nothing was.
func partOf[T writable](entity T) (part T, body []byte, err error) {
	if err := readFirst(entity); err != nil {
		return part, nil, err
	}
	changed, err := changes(entity)
	if err != nil || changed == nil {
		return part, nil, err
	}
	if body, err = json.Marshal(changed); err != nil {
		return part, nil, err
	}
	// Checked is what is sent: a line that QuickBooks would not take again does not stand in the way of a change of the note.
	return part, body, json.Unmarshal(body, &part)
}

// Replace writes an entity as a whole: fields that are not set are cleared, so read it before. It keeps what has no field in this
// package. Otherwise it is like [Update].
func Replace[T Replaceable](ctx context.Context, c *Client, key string, entity T) (T, error) {
	if err := readFirst(entity); err != nil {
		return entity, err
	}
	return submit(ctx, c, "update", key, entity, true, func() ([]byte, error) { return wholeOf(entity) })
}

// wholeOf returns the body of a full update.
func wholeOf[T writable](entity T) ([]byte, error) {
	members, err := bodyOf(entity)
	if err != nil {
		return nil, err
	}
	delete(members, "sparse")
	return json.Marshal(members)
}

// Delete deletes an entity for good. One that is deleted already is no error. It needs ID and SyncToken; an Attachable has to be as it
// was read. The key is as for [Create].
func Delete[T Deletable](ctx context.Context, c *Client, key string, entity T) error {
	if err := checkKey(key); err != nil {
		return err
	}
	_, err := finish[T](ctx, c, ending{verb: "delete", query: operation("delete")}, key, entity.core())
	if isGone(err) {
		return nil
	}
	return err
}

// Void sets all amounts of a transaction to 0 and writes "Voided" into its note. It needs ID and SyncToken. The key is as for [Create]:
// QuickBooks answers a key that it knows with what it answered then, and does nothing. An answer that does not show what was asked for is
// an error here, and in [Delete] and [Deactivate], of unknown outcome.
func Void[T Voidable](ctx context.Context, c *Client, key string, entity T) (T, error) {
	if err := checkKey(key); err != nil {
		return entity, err
	}
	return finish[T](ctx, c, endOf[T](), key, entity.core())
}

// Deactivate makes an entry of a list inactive: queries leave it out, and nothing can refer to it. It needs ID and SyncToken. Setting
// Active to true and [Update] take it back. The key is as for [Create].
func Deactivate[T Listed](ctx context.Context, c *Client, key string, entity T) (T, error) {
	if err := checkKey(key); err != nil {
		return entity, err
	}
	h := entity.core()
	active := false
	return finish[T](ctx, c, ending{verb: "deactivate", sparse: true, active: &active}, key, core{id: h.id, token: h.token})
}

// submit checks an entity and sends a body for it.
func submit[T interface {
	writable
	checkable
}](ctx context.Context, c *Client, verb, key string, entity T, whole bool, body func() ([]byte, error)) (T, error) {
	if err := checkKey(key); err != nil {
		var none T
		return none, err
	}
	text, err := prepared(verb, entity, whole, body)
	if err != nil {
		var none T
		return none, err
	}
	return post[T](ctx, c, verb, key, nil, text)
}

// prepared returns the body of a write, once nothing is found that QuickBooks would certainly refuse.
func prepared[T interface {
	writable
	checkable
}](verb string, entity T, whole bool, body func() ([]byte, error)) ([]byte, error) {
	var k checker
	entity.check(&k, whole)
	if h := entity.core(); verb == "create" && h.id != "" {
		k.add("Id: what is made has none yet")
	} else if verb == "update" && entity.entity() != "ExchangeRate" {
		k.missing("Id", h.id)
		k.missing("SyncToken", h.token)
	}
	if err := k.fault(spaced(entity.entity())); err != nil {
		return nil, err
	}
	text, err := body()
	if err != nil {
		return nil, rejected(woosync.CategoryData, "", "%s: %w", spaced(entity.entity()), err)
	}
	return text, nil
}

// readFirst refuses preferences made by hand, whose every field would turn something off.
func readFirst[T writable](entity T) error {
	if entity.entity() == "Preferences" && entity.core().raw == nil {
		return rejected(woosync.CategoryData, "", "preferences have to be read before they are changed")
	}
	return nil
}

// bodyOf returns the members of an entity's JSON.
func bodyOf[T writable](entity T) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(entity)
	if err != nil {
		return nil, err
	}
	return membersOf(text), nil
}

// changes returns the members of a sparse update; nil if nothing was changed.
func changes[T writable](entity T) (map[string]json.RawMessage, error) {
	now, err := bodyOf(entity)
	if err != nil {
		return nil, err
	}
	h := entity.core()
	if h.raw != nil {
		var then T
		if err := json.Unmarshal(h.raw, &then); err != nil {
			return nil, err
		}
		before, err := bodyOf(then)
		if err != nil {
			return nil, err
		}
		var cleared []string
		for name, value := range before {
			switch current, ok := now[name]; {
			case !ok:
				cleared = append(cleared, name)
			case string(current) == string(value):
				delete(now, name)
			}
		}
		if cleared = slices.DeleteFunc(cleared, serverOwned); len(cleared) > 0 {
			slices.Sort(cleared)
			return nil, rejected(woosync.CategoryMapping, "Replace clears fields.", "an update cannot clear %s", strings.Join(cleared, ", "))
		}
	}
	delete(now, "sparse")
	delete(now, "Id")
	delete(now, "SyncToken")
	if len(now) == 0 {
		return nil, nil
	}
	identity, err := json.Marshal(struct {
		ID        string `json:"Id"`
		SyncToken string
		Sparse    bool `json:"sparse"`
	}{h.id, h.token, true})
	maps.Copy(now, membersOf(identity))
	return now, err
}

// serverOwned reports whether it makes no difference what a request says of a property.
func serverOwned(name string) bool {
	return slices.Contains([]string{"MetaData", "domain", "sparse", "status"}, name)
}
