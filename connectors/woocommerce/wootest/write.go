package wootest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// writer is how records of one kind are written.
type writer struct {
	table *table
	list  string // route of the list, whose rules apply
	noun  string // in refusals

	create func(*exchange, value) (*record, *apiError)
	update func(*exchange, *record, value) (*record, *apiError) // nil where nothing can be changed
	remove func(*exchange, *record, bool) *apiError             // nil for the usual way

	invalid  string // code for an unknown ID
	words    string // its message
	updating *apiError
	noTrash  *apiError // refusal of a DELETE without force; nil where there is a trash
	forceful bool      // DELETE needs no force and has no trash
	location string    // of the list in Location, with the shop's slips
	hidden   bool      // an unknown ID is found out before the rights: no Allow
}

// writes says whether a method changes something.
func writes(method string) bool {
	return slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, method)
}

// writeRoutes are those of batches and of notes.
func writeRoutes() []route {
	rts := []route{
		{"/orders/<id>/notes", listing, false, (*exchange).noteList},
		{"/orders/<id>/notes/<id>", "GET, DELETE", false, (*exchange).oneNote},
	}
	for _, list := range []string{"/orders", "/products", "/products/<id>/variations", "/customers", "/coupons", "/taxes"} {
		rts = append(rts, route{list + batchSuffix, batching, false, (*exchange).write})
	}
	return rts
}

// takesWrites says whether the fake plays the writes of a route.
func (rt *route) takesWrites() bool {
	return slices.ContainsFunc(slices.Concat(writeRoutes(), webhookRoutes(), routes()), func(other route) bool { return other.name == rt.name })
}

// batchSuffix ends the routes that take many writes at once.
const batchSuffix = "/batch"

// readSent reads and judges what a write is sent, before the rights are looked
// at. What stands in a batch is not judged, as in the shop.
func (x *exchange) readSent() *apiError {
	sent, refusal := x.readBody()
	if refusal != nil {
		return refusal
	}
	switch {
	case strings.HasSuffix(x.route.name, batchSuffix):
	case x.method == http.MethodDelete:
		sent, refusal = judge([]rule{{name: "force", types: []string{"boolean"}, standard: []byte("false")}}, sent)
	case x.route.name == "/orders/<id>/notes":
		sent, refusal = judge(noteRules(), sent)
	default:
		sent, refusal = judge(x.data.writeRules(x.route.name), sent)
	}
	x.sent = sent
	return refusal
}

// write serves a request that changes something.
func (x *exchange) write() ([]byte, *apiError) {
	if strings.HasPrefix(x.route.name, "/orders/<id>/notes") {
		return x.writeNote()
	}
	if strings.HasPrefix(x.route.name, "/webhooks") {
		return x.writeWebhook()
	}
	list := strings.TrimSuffix(x.route.name, batchSuffix)
	single := false
	w := x.writer(list)
	if w == nil {
		list, single = strings.CutSuffix(list, "/<id>")
		w = x.writer(list)
	}
	switch {
	case w == nil:
		return nil, notPlayed("writes to " + x.route.name)
	case strings.HasSuffix(x.route.name, batchSuffix):
		return x.batch(w)
	case !single:
		return x.createOne(w)
	}
	id := x.ids[len(x.ids)-1]
	if x.method == http.MethodDelete {
		return x.deleteOne(w, id, x.sent.get("force").yes())
	}
	return x.updateOne(w, id, x.sent)
}

// writer is how the records of a list are written, nil where none is.
func (x *exchange) writer(list string) *writer {
	for _, w := range []*writer{
		x.orderWriter(), x.refundWriter(), x.productWriter(), x.variationWriter(),
		x.customerWriter(), x.couponWriter(), x.taxWriter(),
	} {
		if w.list == list {
			return w
		}
	}
	return nil
}

func (x *exchange) createOne(w *writer) ([]byte, *apiError) {
	r, refusal := w.create(x, x.sent)
	if refusal != nil {
		return nil, refusal
	}
	x.status = http.StatusCreated
	x.header.Set("Location", x.server.restURL(fmt.Sprintf("/wc/v3%s/%d", w.location, r.id)))
	return x.written(w.table, r)
}

func (x *exchange) updateOne(w *writer, id int64, sent value) ([]byte, *apiError) {
	r := x.below(w, id)
	if r == nil {
		return nil, w.unknown(true)
	}
	r, refusal := w.update(x, r, sent)
	if refusal != nil {
		return nil, refusal
	}
	return x.written(w.table, r)
}

// deleteOne answers with the record as it was before.
func (x *exchange) deleteOne(w *writer, id int64, force bool) ([]byte, *apiError) {
	r := x.below(w, id)
	switch {
	case r == nil:
		return nil, w.unknown(false)
	case w.noTrash != nil && !force:
		return nil, w.noTrash
	case !force && !w.forceful && r.status == "trash":
		return nil, &apiError{
			status: http.StatusGone, code: "woocommerce_rest_already_trashed",
			message: "The " + w.noun + " has already been deleted.",
		}
	}
	before, refusal := x.written(w.table, r)
	if refusal != nil {
		return nil, refusal
	}
	if w.remove != nil {
		if refusal := w.remove(x, r, force); refusal != nil {
			return nil, refusal
		}
		return before, nil
	}
	if force || w.forceful {
		return before, failed(x.data.remove(w.table, r.id, x.server.write(Deleted)))
	}
	_, err := x.data.trash(w.table, r.id, x.server.write(Trashed))
	return before, failed(err)
}

// below finds a record that belongs to what the path names.
func (x *exchange) below(w *writer, id int64) *record {
	r := w.table.byID[id]
	if r != nil && strings.Contains(w.list, "<id>") && r.parent != x.ids[0] {
		return nil
	}
	return r
}

// unknown is the refusal of an ID that there is not. A change of one is answered
// with 400 where the shop looks for it last.
func (w *writer) unknown(change bool) *apiError {
	if change && w.updating != nil {
		return w.updating
	}
	return &apiError{status: http.StatusNotFound, code: w.invalid, message: w.words, noAllow: w.hidden}
}

// failed is the refusal of a change that broke, which is a mistake of the fake.
func failed(err error) *apiError {
	if err == nil {
		return nil
	}
	return &apiError{status: http.StatusInternalServerError, code: "wootest_failed", message: err.Error()}
}

// written is a record as the answer to a write has it, which is the form for
// editing.
func (x *exchange) written(t *table, r *record) ([]byte, *apiError) {
	raw, refusal := x.render(t, r)
	if refusal != nil {
		return nil, refusal
	}
	switch t {
	case x.data.products:
		return x.data.editedProduct(raw), nil
	case x.data.variations:
		return x.data.editedVariation(raw), nil
	}
	return raw, nil
}

// badRequest is a refusal with status 400.
func badRequest(code, message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: code, message: message}
}
