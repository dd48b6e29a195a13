package qbotest

import "encoding/json"

// Counts says how many requests of each kind arrived. Requests that were refused are counted too, but for Core and CorePlus.
type Counts struct {
	Total                             int
	Create, Update, Void, Delete      int
	Read, Query, Batch, Capture       int
	Token, Revoke, Authorize          int
	Unknown                           int
	Throttled, Unauthorized, Replayed int // among the above
	Faulty                            int // requests, and items of batches, that met a fault of Inject
	Core                              int // successful writes: free
	CorePlus                          int // successful reads, queries and batches: metered
}

// Requests returns the counts so far.
func (s *Server) Requests() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// Documents returns all objects of an entity in the order of their creation, inactive and voided ones included and whether or
// not queries show them yet; deleted ones are gone.
func (s *Server) Documents(entity string) []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runLate()
	return s.books.documents(entity)
}

// ForgetRequestIDs makes the fake forget every requestid.
func (s *Server) ForgetRequestIDs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.replays)
}

// Add puts an object into the books as if a user had typed it in, and returns its Id. It is checked like a request, but costs none.
// Entities that the API cannot write can be added too: Vendor, Employee, TaxRate, TaxCode.
func (s *Server) Add(entity, body string) (string, error) {
	return s.byUser(entity, "", body)
}

// Edit changes properties of an object as if another user had done so: sparse, and with the SyncToken of the moment.
func (s *Server) Edit(entity, id, body string) error {
	_, err := s.byUser(entity, id, body)
	return err
}

// Touch has another user save an object without a change: its SyncToken grows.
func (s *Server) Touch(entity, id string) error { return s.Edit(entity, id, "{}") }

// Remove deletes an object as another user. Lists do not know deletion: see [Server.Edit] with Active false.
func (s *Server) Remove(entity, id string) error { return s.userRemoves(entity, id, Delete) }

// Void voids a transaction as another user.
func (s *Server) Void(entity, id string) error { return s.userRemoves(entity, id, Void) }

// ReshuffleAddress does to an object's addresses what the user interface does: name and company come to stand in the first
// line and everything else as free text below; city, postal code and country are gone. The SyncToken grows.
func (s *Server) ReshuffleAddress(entity, id string) error { return s.reshuffle(entity, id) }
