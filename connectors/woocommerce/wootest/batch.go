package wootest

import (
	"fmt"
	"net/http"
)

// mostInBatch is how many writes a batch may hold.
const mostInBatch = 100

// batch does many writes at once: first what is to be created, then changed,
// then deleted, which it is for good. Each has its own answer or error, and none
// is measured by the schema.
func (x *exchange) batch(w *writer) ([]byte, *apiError) {
	total := 0
	for _, part := range []string{"create", "update", "delete"} {
		wanted := x.sent.get(part)
		if !wanted.isArray() && wanted.kind != nullValue {
			return nil, notPlayed("a batch of something else than lists")
		}
		total += len(wanted.list)
	}
	if total > mostInBatch {
		return nil, &apiError{
			status: http.StatusRequestEntityTooLarge, code: "woocommerce_rest_request_entity_too_large",
			message: fmt.Sprintf("Unable to accept more than %d items for this request.", mostInBatch),
		}
	}
	var answers object
	for _, part := range []string{"create", "update", "delete"} {
		items := x.sent.get(part).list
		if len(items) == 0 {
			continue
		}
		documents := make([][]byte, 0, len(items))
		for _, item := range items {
			document, refusal := x.batchItem(w, part, item)
			if refusal != nil {
				return nil, refusal
			}
			documents = append(documents, document)
		}
		answers = append(answers, member{part, joinArray(documents)})
	}
	return answers.bytes(), nil
}

// batchItem does one write of a batch. What the fake does not play, it refuses
// as a whole.
func (x *exchange) batchItem(w *writer, part string, item value) ([]byte, *apiError) {
	var document []byte
	var refusal *apiError
	id := []byte("0")
	switch {
	case part == "delete":
		if item.isArray() || item.whole() <= 0 {
			return nil, notPlayed("a batch that deletes what is no ID")
		}
		id = mustJSON(item.whole())
		document, refusal = x.deleteOne(w, item.whole(), true)
	case item.kind != mapValue && len(item.list) > 0 || !item.isArray():
		return nil, notPlayed("a batch with something else than objects")
	case part == "create":
		document, refusal = x.batchCreate(w, item)
	case w.update == nil:
		return nil, notPlayed("a batch that changes " + w.noun)
	default:
		id = item.get("id").json()
		document, refusal = x.updateOne(w, item.get("id").whole(), item)
	}
	switch {
	case refusal == nil:
		return document, nil
	case refusal.code == notPlayedCode || refusal.status == http.StatusInternalServerError && !refusal.bare:
		return nil, refusal
	}
	return object{{"id", id}, {"error", refusal.body()}}.bytes(), nil
}

// batchCreate gives the item the defaults that a request of its own would have.
func (x *exchange) batchCreate(w *writer, item value) ([]byte, *apiError) {
	full := value{kind: mapValue, names: append([]string(nil), item.names...), list: append([]value(nil), item.list...)}
	for _, r := range x.data.writeRules(w.list) {
		if standard, err := readValue(r.standard); err == nil && !full.mentions(r.name) {
			full.put(r.name, standard)
		}
	}
	r, refusal := w.create(x, full)
	if refusal != nil {
		return nil, refusal
	}
	return x.written(w.table, r)
}
