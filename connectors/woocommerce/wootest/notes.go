package wootest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// orderNote is a note of an order.
type orderNote struct {
	id       int64
	author   string
	at       time.Time
	text     string
	customer bool
}

// readNotes reads the notes of a shop.
func (s *store) readNotes(notes map[int64][]json.RawMessage) error {
	for order, documents := range notes {
		for _, raw := range slices.Backward(documents) {
			var d struct {
				ID       int64  `json:"id"`
				Author   string `json:"author"`
				Created  string `json:"date_created_gmt"`
				Note     string `json:"note"`
				Customer bool   `json:"customer_note"`
			}
			if err := json.Unmarshal(raw, &d); err != nil {
				return fmt.Errorf("wootest: note of order %d: %w", order, err)
			}
			at, err := time.Parse(wallLayout, d.Created)
			if err != nil {
				return fmt.Errorf("wootest: note %d: %w", d.ID, err)
			}
			s.notes[order] = append(s.notes[order], &orderNote{d.ID, d.Author, at, d.Note, d.Customer})
			s.lastNote = max(s.lastNote, d.ID)
		}
	}
	return nil
}

// addNote adds a note that the shop wrote.
func (x *exchange) addNote(order int64, text string, customer bool) *orderNote {
	x.data.lastNote++
	n := &orderNote{id: x.data.lastNote, author: "WooCommerce", at: x.server.now(), text: text, customer: customer}
	x.data.notes[order] = append(x.data.notes[order], n)
	return n
}

// noteDocument is a note as the API gives it.
func (x *exchange) noteDocument(order int64, n *orderNote) []byte {
	s := x.data
	at := fmt.Sprintf("%s%s/wc/v3/orders/%d", first(s.home, x.server.home()), root, order)
	return object{
		{"id", number(n.id)},
		{"author", mustJSON(n.author)},
		{"date_created", mustJSON(n.at.In(s.zone).Format(wallLayout))},
		{"date_created_gmt", mustJSON(n.at.UTC().Format(wallLayout))},
		{"note", mustJSON(n.text)},
		{"customer_note", flag(n.customer)},
		{"_links", object{
			{"self", joinArray([][]byte{object{
				{"href", mustJSON(fmt.Sprintf("%s/notes/%d", at, n.id))}, {"targetHints", []byte(`{"allow":["GET","DELETE"]}`)},
			}.bytes()})},
			{"collection", linkTo(at + "/notes")},
			{"up", linkTo(at)},
		}.bytes()},
	}.bytes()
}

// noteList serves the notes of an order, the newest first, all at once.
func (x *exchange) noteList() ([]byte, *apiError) {
	if x.data.orders.byID[x.ids[0]] == nil {
		return nil, unknownOrder()
	}
	kind := x.query.text("type")
	if !slices.Contains([]string{"", "any", "customer", "internal"}, kind) {
		return nil, notPlayed("notes of the type " + kind)
	}
	var documents [][]byte
	for _, n := range slices.Backward(x.data.notes[x.ids[0]]) {
		if kind == "customer" && !n.customer || kind == "internal" && n.customer {
			continue
		}
		documents = append(documents, x.noteDocument(x.ids[0], n))
	}
	return joinArray(documents), nil
}

func unknownOrder() *apiError {
	return &apiError{status: http.StatusNotFound, code: "woocommerce_rest_order_invalid_id", message: "Invalid order ID."}
}

// oneNote reads or deletes a note.
func (x *exchange) oneNote() ([]byte, *apiError) {
	n, refusal := x.note()
	if refusal != nil {
		return nil, refusal
	}
	return x.noteDocument(x.ids[0], n), nil
}

func (x *exchange) note() (*orderNote, *apiError) {
	if x.data.orders.byID[x.ids[0]] == nil {
		return nil, unknownOrder()
	}
	at := slices.IndexFunc(x.data.notes[x.ids[0]], func(n *orderNote) bool { return n.id == x.ids[1] })
	if at < 0 {
		return nil, &apiError{status: http.StatusNotFound, code: "woocommerce_rest_invalid_id", message: "Invalid resource ID."}
	}
	return x.data.notes[x.ids[0]][at], nil
}

// writeNote adds or deletes a note. Neither moves the order's modification time.
func (x *exchange) writeNote() ([]byte, *apiError) {
	order := x.ids[0]
	if x.method == http.MethodDelete {
		n, refusal := x.note()
		switch {
		case refusal != nil:
			return nil, refusal
		case !x.sent.get("force").yes():
			return nil, &apiError{
				status: http.StatusNotImplemented, code: "woocommerce_rest_trash_not_supported", message: "Webhooks do not support trashing.",
			}
		}
		x.data.notes[order] = slices.DeleteFunc(x.data.notes[order], func(other *orderNote) bool { return other == n })
		return x.noteDocument(order, n), nil
	}
	if x.data.orders.byID[order] == nil {
		return nil, unknownOrder()
	}
	if x.sent.get("added_by_user").yes() {
		return nil, notPlayed("notes by a user")
	}
	n := x.addNote(order, x.sent.get("note").scalar(), x.sent.get("customer_note").yes())
	x.status = http.StatusCreated
	x.header.Set("Location", x.server.restURL(fmt.Sprintf("/wc/v3/orders/%d/notes/%d", order, n.id)))
	return x.noteDocument(order, n), nil
}

// noteRules are those of a new note, which were not recorded: known from the
// source.
func noteRules() []rule {
	flag := []byte("false")
	return []rule{
		{name: "note", types: []string{"string"}, required: true},
		{name: "customer_note", types: []string{"boolean"}, standard: flag},
		{name: "added_by_user", types: []string{"boolean"}, standard: flag},
	}
}
