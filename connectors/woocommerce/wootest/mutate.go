package wootest

import (
	"encoding/json"
	"fmt"
	"time"
)

// EditOrder changes an order as someone in the shop would: patch is a JSON
// object whose objects are merged into those of the order and whose other
// values replace them. The modification time becomes the shop's now, unless the
// patch itself sets date_modified_gmt.
func (s *Server) EditOrder(id int64, patch string) error {
	return s.change(id, Edited, s.nowLocked, patch)
}

// TouchAt sets the modification time of an order and nothing else. A time in
// the past plays an order whose change was committed late.
func (s *Server) TouchAt(id int64, t time.Time) error {
	return s.change(id, Touched, func() time.Time { return t }, "{}")
}

// TrashOrder moves an order to the trash: no list but status=trash has it, its
// modification time becomes the shop's now, and it can still be read by ID.
func (s *Server) TrashOrder(id int64) error {
	return s.change(id, Trashed, s.nowLocked, `{"status":"trash"}`)
}

// DeleteOrder deletes an order for good. It leaves no trace but a gap.
func (s *Server) DeleteOrder(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if !s.data.orders.remove(id) {
		return fmt.Errorf("wootest: there is no order %d", id)
	}
	s.data.histories[id].Gone = true
	s.data.note(id, OrderEvent{Kind: Deleted, At: s.now(), Request: len(s.calls)})
	return nil
}

// InsertOrder puts a new order into the shop, created and modified now, under
// an ID above all others, and returns the ID. It is generated as those of
// [WithOrders] and then changed by patch as in [Server.EditOrder]; pass "" to
// leave it as it is.
func (s *Server) InsertOrder(patch string) (int64, error) {
	return s.insert(s.nowLocked, patch)
}

// InsertLate puts a new order into the shop whose creation and modification
// lie in the past, as that of a slow transaction. Its ID is above all others.
func (s *Server) InsertLate(t time.Time, patch string) (int64, error) {
	return s.insert(func() time.Time { return t }, patch)
}

// PoisonOrder lets every answer that would contain the order be a 500, as a
// plug-in that fails on it does; false heals it. Other orders on the page are
// out of reach then, too.
func (s *Server) PoisonOrder(id int64, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data != nil {
		s.data.poisoned[id] = on
	}
}

// nowLocked is the clock for what runs with the lock held.
func (s *Server) nowLocked() time.Time { return s.now() }

func (s *Server) change(id int64, kind Kind, at func() time.Time, patch string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	old := s.data.orders.byID[id]
	if old == nil {
		return fmt.Errorf("wootest: there is no order %d", id)
	}
	raw, err := merge(old.raw, s.data.modified(at()))
	if err != nil {
		return err
	}
	if raw, err = merge(raw, json.RawMessage(patch)); err != nil {
		return fmt.Errorf("wootest: patch of order %d: %w", id, err)
	}
	changed, err := newRecord(raw)
	if err != nil {
		return err
	}
	if changed.id != id {
		return fmt.Errorf("wootest: the patch changes the ID of order %d to %d", id, changed.id)
	}
	s.data.announce("order", kind, id, old.status, changed.status)
	s.data.orders.put(changed)
	h := s.data.histories[id]
	h.Version++
	h.Trash = changed.status == "trash"
	s.data.note(id, OrderEvent{Kind: kind, At: s.now(), Request: len(s.calls)})
	return nil
}

func (s *Server) insert(at func() time.Time, patch string) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	id := s.data.highest + 1
	raw := s.data.maker.order(id, at())
	if patch != "" {
		var err error
		if raw, err = merge(raw, json.RawMessage(patch)); err != nil {
			return 0, fmt.Errorf("wootest: patch of the new order: %w", err)
		}
	}
	added, err := newRecord(raw)
	if err != nil {
		return 0, err
	}
	s.data.addOrder(added)
	s.data.announce("order", Inserted, added.id, "", added.status)
	s.data.note(added.id, OrderEvent{Kind: Inserted, At: s.now(), Request: len(s.calls)})
	return added.id, nil
}
