package wootest

import (
	"encoding/json"
	"fmt"
	"time"
)

// Edit changes a record as someone in the shop would: patch is a JSON object
// whose objects are merged into those of the record and whose other values
// replace them. The modification time becomes the shop's now, unless the patch
// itself sets date_modified_gmt, and even when nothing changes; only a customer
// is then left as it was. Saving a variation moves its product, too. Setting
// another status takes a record out of the trash. Refunds and tax rates have no
// modification time: an edit of one is a change that nobody can see coming.
func (s *Server) Edit(r Resource, id int64, patch string) error {
	return s.EditAll(r, []int64{id}, patch)
}

// EditAll edits many records within one second, as a bulk edit does: they share
// their modification time. It stops at the first that cannot be edited.
func (s *Server) EditAll(r Resource, ids []int64, patch string) error {
	return s.change(r, func(t *table) error {
		w := s.write(Edited)
		for _, id := range ids {
			if _, err := s.data.patch(t, id, json.RawMessage(patch), w); err != nil {
				return err
			}
		}
		return nil
	})
}

// Touch sets the modification time of a record and nothing else. A time in the
// past plays a record whose change was committed late. Refunds and tax rates
// have none and are refused.
func (s *Server) Touch(r Resource, id int64, at time.Time) error {
	return s.change(r, func(t *table) error {
		if !r.dated() {
			return fmt.Errorf("wootest: %s have no modification time", r)
		}
		w := s.write(Touched)
		w.at = at
		_, err := s.data.patch(t, id, json.RawMessage("{}"), w)
		return err
	})
}

// Trash moves a record to the trash: lists have it only with status=trash, its
// modification time becomes the shop's now, and it can still be read by ID. The
// variations of a product go with it. Refunds, customers and tax rates have no
// trash and are refused.
func (s *Server) Trash(r Resource, id int64) error {
	return s.change(r, func(t *table) error {
		_, err := s.data.trash(t, id, s.write(Trashed))
		return err
	})
}

// Delete deletes a record for good. It leaves no trace but a gap, and what it
// does to others: the refunds of an order and the variations of a product go
// with it; orders lose a customer, which moves their modification time, and
// their lines a product, which does not; an order loses a refund, which does
// not either.
func (s *Server) Delete(r Resource, id int64) error {
	return s.change(r, func(t *table) error { return s.data.remove(t, id, s.write(Deleted)) })
}

// Insert puts a new record into the shop, created and modified now, under an ID
// above all others, and returns the ID. It is generated and then changed by
// patch as in [Server.Edit]; pass "" to leave it as it is. A refund belongs to
// the order that parent_id names, which becomes part of it and moves; by default
// that is the newest with something left to refund, and a variation belongs to
// the newest product that has any.
func (s *Server) Insert(r Resource, patch string) (int64, error) {
	return s.insert(r, s.now, patch)
}

// InsertAt puts a new record into the shop whose creation and modification lie
// at another time, such as in the past for that of a slow transaction. Its ID is
// above all others, unless the patch names one that was never used.
func (s *Server) InsertAt(r Resource, at time.Time, patch string) (int64, error) {
	return s.insert(r, func() time.Time { return at }, patch)
}

// Poison lets every answer that would contain the record be a 500, as a plug-in
// that fails on it does; false heals it. Other records on the page are out of
// reach then, too.
func (s *Server) Poison(r Resource, id int64, on bool) {
	s.mark(r, func(t *table) { t.poisoned[id] = on })
}

// Hide lets lists leave the record out after they have counted and cut their
// pages, as plug-ins do that filter what a user may see: it is in X-WP-Total and
// takes its place, but the page comes short. It can still be read by ID. False
// shows it again.
func (s *Server) Hide(r Resource, id int64, on bool) {
	s.mark(r, func(t *table) { t.hidden[id] = on })
}

// IDs returns the IDs of a resource that are in the shop, the trash included,
// in ascending order.
func (s *Server) IDs(r Resource) []int64 {
	var ids []int64
	s.mark(r, func(t *table) {
		for _, record := range t.rows {
			ids = append(ids, record.id)
		}
	})
	return ids
}

// Document returns a record as it stands in the shop, without the effects of a
// request's parameters; nil when there is none of that ID.
func (s *Server) Document(r Resource, id int64) json.RawMessage {
	var document json.RawMessage
	s.mark(r, func(t *table) {
		if record := t.byID[id]; record != nil {
			raw := record.raw
			if r == Orders || r == Refunds {
				raw = s.data.shown(record, storeDecimals)
			}
			document = append(document, s.rehome(raw)...)
		}
	})
	return document
}

// change does something to a table with the lock held.
func (s *Server) change(r Resource, do func(*table) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	t, err := s.data.table(r)
	if err != nil {
		return err
	}
	return do(t)
}

// mark does something to a table that cannot fail, and nothing when there is no
// such table.
func (s *Server) mark(r Resource, do func(*table)) {
	_ = s.change(r, func(t *table) error { // a shop that failed says so in Err
		do(t)
		return nil
	})
}

func (s *Server) insert(r Resource, at func() time.Time, patch string) (id int64, err error) {
	if patch == "" {
		patch = "{}"
	}
	err = s.change(r, func(t *table) error {
		w := s.write(Inserted)
		w.at = at()
		s.data.learnLines()
		raw, err := s.data.maker.fresh(s.data, t, w.at, json.RawMessage(patch))
		if err != nil {
			return err
		}
		if raw, err = merge(raw, json.RawMessage(patch)); err != nil {
			return fmt.Errorf("wootest: patch of the new record of %s: %w", r, err)
		}
		added, err := newRecord(raw)
		if err != nil {
			return err
		}
		if t.histories[added.id] != nil {
			return fmt.Errorf("wootest: %s is or was there already", t.what(added.id))
		}
		id = added.id
		_, err = s.data.put(t, raw, w)
		return err
	})
	return id, err
}
