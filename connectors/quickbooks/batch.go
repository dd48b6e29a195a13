package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// maxBatch is how many items a batch may have. Intuit recommends no more than 10 writes: thirty slow ones may meet the time at which
// QuickBooks cuts a request.
const maxBatch = 30

// A BatchItem is one operation of a batch. Make it with [BatchCreate], [BatchUpdate], [BatchReplace], [BatchDelete], [BatchVoid] or
// [BatchQuery].
type BatchItem struct {
	name      string // for errors: "create salesreceipt"
	entity    string
	operation string
	options   string
	body      json.RawMessage // of a write
	query     string          // of a query
	err       error           // it is not sent
}

// BatchCreate makes an entity, as [Create] does.
func BatchCreate[T Creatable](entity T) BatchItem {
	body, err := prepared("create", entity, true, func() ([]byte, error) { return json.Marshal(entity) })
	return writeItem[T]("create", "", body, err)
}

// BatchUpdate changes what was changed in an entity since it was read, as [Update] does. If that is nothing, it is an error.
func BatchUpdate[T Updatable](entity T) BatchItem {
	part, body, err := partOf(entity)
	if err == nil && body == nil {
		err = rejected(woosync.CategoryData, "", "update %s: nothing was changed", spaced(entity.entity()))
	}
	if err == nil {
		body, err = prepared("update", part, false, func() ([]byte, error) { return body, nil })
	}
	return writeItem[T]("update", "", body, err)
}

// BatchReplace writes an entity as a whole, as [Replace] does.
func BatchReplace[T Replaceable](entity T) BatchItem {
	err := readFirst(entity)
	var body []byte
	if err == nil {
		body, err = prepared("update", entity, true, func() ([]byte, error) { return wholeOf(entity) })
	}
	return writeItem[T]("update", "", body, err)
}

// BatchDelete deletes an entity for good. One that is deleted already is a *woosync.Fault of CategoryGone.
func BatchDelete[T Deletable](entity T) BatchItem {
	body, err := ending{verb: "delete"}.body(entity.core(), entity.entity())
	return writeItem[T]("delete", "", body, err)
}

// BatchVoid sets all amounts of a transaction to 0, as [Void] does.
func BatchVoid[T Voidable](entity T) BatchItem {
	body, err := ending{verb: "void", sparse: true}.body(entity.core(), entity.entity())
	return writeItem[T]("update", "void", body, err)
}

// BatchQuery asks for one page of a selection, of Selection.Page entities or Selection.Limit if that is less. All answers of a batch
// together hold 1000 entities at most.
func BatchQuery[T Entity](s Selection) BatchItem {
	item := BatchItem{name: "query " + strings.ToLower(entityName[T]()), entity: entityName[T](), operation: "query"}
	p, err := s.plan("*", item.entity)
	switch {
	case err != nil:
		item.err = rejected(woosync.CategoryMapping, "", "%w", err)
	case len(p.statements) != 1:
		item.err = rejected(woosync.CategoryMapping, "", "%s: want one statement, a list of values makes it %d", item.name, len(p.statements))
	default:
		rows := p.page
		if p.limit > 0 {
			rows = min(rows, p.limit)
		}
		item.query = fmt.Sprintf("%s startposition %d maxresults %d", p.statements[0], p.start, rows)
	}
	return item
}

func writeItem[T writable](operation, options string, body []byte, err error) BatchItem {
	var none T
	verb := operation
	if options == "void" {
		verb = options
	}
	return BatchItem{
		name: verb + " " + strings.ToLower(none.entity()), entity: none.entity(),
		operation: operation, options: options, body: body, err: err,
	}
}

// A BatchResult is what became of one item.
type BatchResult struct {
	// Err is a *woosync.Fault, with an [*Error] inside if QuickBooks refused the item; nil: it was carried out. An item that the answer
	// leaves out has an unknown outcome.
	Err error

	name     string
	response *rest.Response
}

// failure is Err, and for a result that no batch has returned the error that says so.
func (r BatchResult) failure() error {
	if r.Err == nil && r.response == nil {
		return itemError("result of a batch", nil)
	}
	return r.Err
}

// BatchEntity returns what QuickBooks made of an item that was written.
func BatchEntity[T writable](r BatchResult) (T, error) {
	if err := r.failure(); err != nil {
		var none T
		return none, err
	}
	return writtenIn[T](r.response, r.name)
}

// BatchRows returns what a query of a batch found.
func BatchRows[T Entity](r BatchResult) ([]T, error) {
	if err := r.failure(); err != nil {
		return nil, err
	}
	f, err := foundIn(r.response, r.name, entityName[T](), false)
	if err != nil {
		return nil, err
	}
	var all []T
	for _, row := range f.rows {
		entity, err := decoded[T](row)
		if err != nil {
			return nil, err
		}
		all = append(all, entity)
	}
	return all, nil
}

// Batch sends up to 30 items in one request and returns one result for each, in their order. Items stand alone: one that is refused
// does not stop the others, none sees what another does, and nobody says in what order they are carried out.
//
// The key, 1 to 36 characters of [A-Za-z0-9-], stands for this very batch; batches of queries need none. Whether QuickBooks takes it
// for the batch or, with its place in the batch, for each item, is documented both ways. So it must not be used for a batch of other
// items or in another order, and no item of it is known to be safe to be sent again, in whatever batch or alone, before it was looked
// for ([Config].SettleTime). A batch of writes without an answer is not sent again.
//
// An error, a *woosync.Fault, concerns the batch as a whole: then there are no results. If it is Rejected or NotSent, no item was
// carried out. QuickBooks refuses a whole batch for one item that it cannot read. Intuit meters batches, also those of writes.
func (c *Client) Batch(ctx context.Context, key string, items []BatchItem) ([]BatchResult, error) {
	if len(items) == 0 || len(items) > maxBatch {
		return nil, rejected(woosync.CategoryMapping, "", "batch: %d items, want 1 to %d", len(items), maxBatch)
	}
	results := make([]BatchResult, len(items))
	var sent []int
	reads := 0
	for i, item := range items {
		results[i] = BatchResult{Err: item.err, name: item.name}
		switch {
		case item.err != nil:
			continue
		case item.query != "":
			reads++
		case item.body == nil:
			return nil, rejected(woosync.CategoryMapping, "", "batch: item %d is empty", i)
		}
		sent = append(sent, i)
	}
	if len(sent) == 0 {
		return results, nil
	}
	if reads < len(sent) || key != "" {
		if err := checkKey(key); err != nil {
			return nil, err
		}
	}
	if reads == len(sent) {
		key = ""
	}
	if slices.ContainsFunc(sent, func(i int) bool { return items[i].query == "" && oneAtATime(items[i].entity) }) {
		release, err := c.turn(ctx)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	answers, err := c.sendBatch(ctx, key, items, sent, reads)
	if err != nil {
		return nil, err
	}
	for _, i := range sent {
		results[i].response, results[i].Err = answers[i], itemError(items[i].name, answers[i])
	}
	return results, nil
}

// A wireItem is an item as it goes out. Its ID is its place, so a batch that is sent again is the very same.
type wireItem struct {
	ID        string `json:"bId"`
	Operation string `json:"operation,omitempty"`
	Options   string `json:"optionsData,omitempty"`
	Query     string `json:"Query,omitempty"`
}

func (i BatchItem) wire(place int) (json.RawMessage, error) {
	item := wireItem{ID: strconv.Itoa(place + 1), Operation: i.operation, Options: i.options, Query: i.query}
	if i.query != "" {
		item.Operation = ""
		return json.Marshal(item)
	}
	head, err := json.Marshal(item)
	if err != nil {
		return nil, err
	}
	members := membersOf(head)
	members[i.entity] = i.body
	return json.Marshal(members)
}

// sendBatch sends those of the items that sent lists and returns what was answered to each by its place; nil: nothing was.
func (c *Client) sendBatch(ctx context.Context, key string, items []BatchItem, sent []int, reads int) (map[int]*rest.Response, error) {
	var body struct{ BatchItemRequest []json.RawMessage }
	for _, i := range sent {
		item, err := items[i].wire(i)
		if err != nil {
			return nil, rejected(woosync.CategoryData, "", "%s: %w", items[i].name, err)
		}
		body.BatchItemRequest = append(body.BatchItemRequest, item)
	}
	sending, err := json.Marshal(body)
	if err != nil {
		return nil, rejected(woosync.CategoryData, "", "batch: %w", err)
	}
	a := ask{name: "batch", path: "/batch", body: sending, requestID: key, items: len(sent), reads: reads}
	response, err := c.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	var envelope struct{ BatchItemResponse []json.RawMessage }
	if err := rest.DecodeJSON(response.Body, &envelope); err != nil {
		return nil, unreadable(response, a.name, err)
	}
	answers := make(map[int]*rest.Response, len(sent))
	for _, raw := range envelope.BatchItemResponse {
		var head struct {
			ID text `json:"bId"`
		}
		place, err := -1, json.Unmarshal(raw, &head)
		if err == nil {
			place, err = strconv.Atoi(string(head.ID))
		}
		if err != nil || answers[place-1] != nil {
			continue // of no item, or a second answer to one: the first stands
		}
		answers[place-1] = itemResponse(response, raw)
	}
	return answers, nil
}

// itemResponse makes the answer to an item one to a request of its own. What is no refusal of a check says nothing definite.
func itemResponse(of *rest.Response, raw json.RawMessage) *rest.Response {
	single := *of
	single.Body = raw
	if failure, found := decodeFailure(raw); found {
		single.Status = 400
		if strings.EqualFold(failure.Type, "SystemFault") || strings.EqualFold(failure.Type, "SERVICE") {
			single.Status = 500
		}
	}
	return &single
}

var errNoItem = errors.New("the answer to the batch leaves this item out")

// itemError says what an answer to an item complains of.
func itemError(name string, answer *rest.Response) error {
	if answer == nil {
		return &woosync.Fault{Category: woosync.CategoryServer, Err: fmt.Errorf("quickbooks: %s: %w", name, errNoItem)}
	}
	if failure := failureOf(name, answer); failure != nil {
		return faultOf(failure, answer.Uncertain)
	}
	return nil
}
