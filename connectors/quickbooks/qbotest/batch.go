package qbotest

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxBatchObjects = 1000
	maxBatchRequest = 36 // characters of the requestid
	maxBatchItem    = 10 // characters of a bId
)

// batchItem is one item of a batch, understood.
type batchItem struct {
	id     string // bId
	call   Call
	change change
	hash   [sha256.Size]byte
}

// readBatch understands a batch. One item that cannot be understood sinks them all.
func (s *Server) readBatch(r *request) ([]batchItem, *fault) {
	body, f := jsonBody(r)
	if f != nil {
		return nil, f
	}
	for _, m := range body.members {
		if m.name != "BatchItemRequest" || m.value.shape != list {
			return nil, badProperty(m.name)
		}
	}
	sent := body.list("BatchItemRequest")
	switch {
	case len(sent) == 0:
		return nil, missing("BatchItemRequest")
	case len(sent) > s.set.batchSize:
		return nil, tooManyItems(len(sent), s.set.batchSize)
	}
	var items []batchItem
	seen := map[string]bool{}
	for _, n := range sent {
		item, f := s.readItem(n)
		if f != nil {
			return nil, f
		}
		if seen[item.id] {
			return nil, badProperty("bId")
		}
		seen[item.id] = true
		items = append(items, item)
	}
	return items, nil
}

// readItem understands one item: a bId, and either a Query or one object with an operation.
func (s *Server) readItem(n *node) (batchItem, *fault) {
	var item batchItem
	if n.shape != object {
		return item, badProperty("BatchItemRequest")
	}
	for _, m := range n.members {
		sc := s.books.byPath(strings.ToLower(m.name))
		switch {
		case m.name == "bId" || m.name == "operation" || m.name == "optionsData" || m.name == "Query":
			if m.value.shape != text {
				return item, badProperty(m.name)
			}
		case sc == nil || sc.perform != nil || sc.name != m.name || m.value.shape != object || item.change.schema != nil:
			return item, badProperty(m.name)
		default:
			item.change = change{schema: sc, body: m.value, api: true}
		}
	}
	item.id = n.str("bId")
	switch length := utf8.RuneCountInString(item.id); {
	case length == 0:
		return item, missing("bId")
	case length > maxBatchItem:
		return item, badRequestID("bId", maxBatchItem)
	}
	item.hash = sha256.Sum256(n.print())
	return item, s.readOperation(n, &item)
}

// readOperation says what an item asks for.
func (s *Server) readOperation(n *node, item *batchItem) *fault {
	operation, options, sc := n.str("operation"), n.str("optionsData"), item.change.schema
	item.call = Call{Kind: Query, Body: []byte(n.str("Query"))}
	if n.has("Query") {
		if sc != nil || options != "" || operation != "" && operation != "query" {
			return badProperty("Query")
		}
		if q, f := parseQuery(n.str("Query"), s.set.dialect); f == nil {
			item.call.Entity = q.entity
		}
		return nil
	}
	if sc == nil {
		return missing("BatchItemRequest")
	}
	kinds := map[string]Kind{"create": Create, "update": Update, "delete": Delete, "update void": Void}
	item.change.duplicates = options == "allowduplicatedocnum"
	if item.change.duplicates {
		options = ""
	}
	kind, ok := kinds[strings.TrimSpace(operation+" "+options)]
	if !ok {
		return badProperty("operation")
	}
	item.change.kind = kind
	item.call = Call{Kind: kind, Entity: sc.name, ID: item.change.body.str("Id"), Body: item.change.body.print()}
	if kind == Create && item.call.ID != "" {
		return badProperty("Id")
	}
	return known(item.change.body, sc.fields, s.set.lenient)
}

func tooManyItems(n, most int) *fault {
	return &fault{
		code: "1040", message: msgBatchSize,
		detail: fmt.Sprintf("The number of batch items, %d, is more than the maximum of %d", n, most), element: "BatchItemRequest",
	}
}

func tooManyObjects() *fault {
	return &fault{code: "10100", message: "Result set too big", detail: "A batch returns no more than " + strconv.Itoa(maxBatchObjects) + " objects"}
}

func badRequestID(element string, most int) *fault {
	return &fault{code: "2130", message: "Invalid Request Id Format", detail: fmt.Sprintf("%s must not be longer than %d characters", element, most), element: element}
}
