package qbotest

import (
	"fmt"
	"strconv"
	"strings"
)

// byUser executes a change that does not come through the API: a new object, or one that exists if id is given.
func (s *Server) byUser(entity, id, body string) (string, error) {
	n, err := parse([]byte(body))
	if err != nil || n.shape != object {
		return "", fmt.Errorf("qbotest: %s is not a JSON object", body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runLate()
	sc := s.books.byPath(strings.ToLower(entity))
	if sc == nil {
		return "", fmt.Errorf("qbotest: there is no entity %s", entity)
	}
	kind := Create
	if id != "" {
		kind = Update
		n.put("Id", str(id)).put("sparse", flag(true))
	}
	return s.userWrites(sc, kind, n)
}

// userRemoves voids or deletes.
func (s *Server) userRemoves(entity, id string, kind Kind) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runLate()
	sc := s.books.byPath(strings.ToLower(entity))
	if sc == nil {
		return fmt.Errorf("qbotest: there is no entity %s", entity)
	}
	_, err := s.userWrites(sc, kind, obj().put("Id", str(id)).put("sparse", flag(true)))
	return err
}

// userWrites executes a change with the SyncToken of the moment.
func (s *Server) userWrites(sc *schema, kind Kind, body *node) (string, error) {
	if kind != Create {
		e, f := s.books.find(sc, body.str("Id"))
		if f != nil {
			return "", f
		}
		body.put("SyncToken", str(e.token()))
	}
	out, f := s.books.write(change{schema: sc, kind: kind, body: body}, s.now())
	if f != nil {
		return "", f
	}
	return out.str(sc.name, "Id"), nil
}

func (s *Server) reshuffle(entity, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runLate()
	sc := s.books.byPath(strings.ToLower(entity))
	e := s.books.lookup(entity, id)
	if sc == nil || e == nil {
		return fmt.Errorf("qbotest: there is no %s %s", entity, id)
	}
	doc := e.node()
	customer := doc
	if doc.has("CustomerRef") {
		customer = s.books.get("Customer", doc.str("CustomerRef", "value"))
	}
	for _, field := range []string{"BillAddr", "ShipAddr"} {
		if doc.has(field) {
			doc.put(field, reflow(doc.get(field), customer.str("DisplayName"), customer.str("CompanyName")))
		}
	}
	s.books.replace(sc, e, doc, s.now())
	return nil
}

// reflow moves the parts of an address into its lines: below the names, as free text. One that consists of lines stays as it is.
func reflow(a *node, names ...string) *node {
	place := strings.TrimSpace(a.str("PostalCode") + " " + a.str("City"))
	tail := strings.Join(strings.Fields(strings.Join([]string{place, a.str("CountrySubDivisionCode"), a.str("Country")}, " ")), " ")
	if tail == "" {
		return a
	}
	var rest []string
	for _, part := range []string{"Line1", "Line2", "Line3", "Line4", "Line5"} {
		if a.str(part) != "" {
			rest = append(rest, a.str(part))
		}
	}
	out, n := obj(), 0
	if a.has("Id") {
		out.put("Id", a.get("Id"))
	}
	for _, line := range append(names, strings.Join(rest, ", "), tail) {
		if line != "" {
			n++
			out.put("Line"+strconv.Itoa(n), str(line))
		}
	}
	return out
}
