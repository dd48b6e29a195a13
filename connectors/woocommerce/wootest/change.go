package wootest

import (
	"encoding/json"
	"fmt"
	"time"
)

// write is the circumstances of a change to a record.
type write struct {
	kind    Kind
	now     time.Time // by the clock of the shop, for the history
	request int       // the last one begun before it
	at      time.Time // becomes the modification time, where the change moves it
	silent  bool      // it moves none, and raises no event
	quiet   bool      // it raises no event
}

// write is a change that happens now. The lock must be held.
func (s *Server) write(kind Kind) write {
	now := s.now()
	return write{kind: kind, now: now, request: len(s.calls), at: now}
}

// following is the same moment, for what a change of one record does to another.
func (w write) following() write {
	w.kind = Followed
	return w
}

// silently is a change that moves no modification time.
func (w write) silently() write {
	w.silent = true
	return w
}

// put stores a document under its ID, as it is: a new record, or a new version
// of one. This, patch and remove are the only ways in which a record changes:
// they write the history and let other records follow.
func (s *store) put(t *table, raw []byte, w write) (*record, error) {
	changed, err := newRecord(raw)
	if err != nil {
		return nil, err
	}
	old := t.byID[changed.id]
	t.put(changed)
	if t.resource.posts() {
		s.highest = max(s.highest, changed.id)
	}
	h := t.history(changed.id)
	h.Version++
	h.Gone, h.Trash = false, changed.status == "trash"
	was := ""
	if old != nil {
		was = old.status
	}
	s.announce(t.resource, w, changed.id, was, changed.status)
	t.note(changed.id, Event{
		Kind: w.kind, At: w.now, Request: w.request,
		Silent: old != nil && (w.silent || changed.modified.Equal(old.modified) && !changed.modified.Equal(w.at)),
	})
	return changed, s.follow(t, old, changed, w)
}

// patch merges a patch into a record and moves its modification time to w.at,
// unless the patch sets date_modified_gmt itself. A customer to whom nothing
// changes keeps the old time, and its version.
func (s *store) patch(t *table, id int64, patch json.RawMessage, w write) (*record, error) {
	old := t.byID[id]
	if old == nil {
		return nil, fmt.Errorf("wootest: there is no record %s", t.what(id))
	}
	raw, err := merge(old.raw, patch)
	if err != nil {
		return nil, fmt.Errorf("wootest: patch of %s: %w", t.what(id), err)
	}
	if t.resource == Customers && w.kind == Edited && string(raw) == string(old.raw) {
		return old, nil
	}
	if t.resource.dated() {
		if raw, err = merge(old.raw, s.modified(w.at)); err == nil {
			raw, err = merge(raw, patch)
		}
		if err != nil {
			return nil, err
		}
	}
	return s.replace(t, id, raw, w)
}

// replace stores a new version of a record as it is, under the same ID.
func (s *store) replace(t *table, id int64, raw []byte, w write) (*record, error) {
	changed, err := newRecord(raw)
	if err != nil {
		return nil, fmt.Errorf("wootest: change of %s: %w", t.what(id), err)
	}
	if changed.id != id {
		return nil, fmt.Errorf("wootest: the patch changes the ID of %s to %d", t.what(id), changed.id)
	}
	return s.put(t, raw, w)
}

// remove deletes a record for good.
func (s *store) remove(t *table, id int64, w write) error {
	old := t.byID[id]
	if old == nil {
		return fmt.Errorf("wootest: there is no record %s", t.what(id))
	}
	t.remove(id)
	t.history(id).Gone = true
	s.announce(t.resource, w, id, old.status, "")
	t.note(id, Event{Kind: w.kind, At: w.now, Request: w.request, Silent: true})
	return s.follow(t, old, nil, w)
}

// trash moves a record to the trash, as DELETE without force does.
func (s *store) trash(t *table, id int64, w write) (*record, error) {
	old := t.byID[id]
	if old == nil {
		return nil, fmt.Errorf("wootest: there is no record %s", t.what(id))
	}
	if !t.resource.trashable() {
		return nil, fmt.Errorf("wootest: %s cannot be trashed, only deleted", t.resource)
	}
	if old.status == "trash" {
		return nil, fmt.Errorf("wootest: %s lies in the trash already", t.what(id))
	}
	patch, err := s.trashed(t, old, w)
	if err != nil {
		return nil, err
	}
	return s.patch(t, id, patch, w)
}

// trashed is what the trash changes in a document: beside the status, it notes
// where the record came from and frees its slug.
func (s *store) trashed(t *table, old *record, w write) (json.RawMessage, error) {
	document, err := parseObject(old.raw)
	if err != nil {
		return nil, err
	}
	patch := object{{"status", mustJSON("trash")}}
	status := old.status
	if t.resource == Orders {
		status = "wc-" + status
	}
	notes := [][]byte{
		s.meta("_wp_trash_meta_status", mustJSON(status)),
		s.meta("_wp_trash_meta_time", mustJSON(fmt.Sprint(w.now.Unix()))),
	}
	meta := parseArray(document.get("meta_data"))
	switch {
	case document.get("meta_data") == nil:
	case t.resource == Orders:
		patch = append(patch, member{"meta_data", joinArray(append(notes, meta...))})
	default:
		if old.slug != "" {
			notes = append(notes, s.meta("_wp_desired_post_slug", mustJSON(old.slug)))
		}
		patch = append(patch, member{"meta_data", joinArray(append(meta, notes...))})
	}
	if document.get("slug") != nil && t.resource == Products {
		patch = append(patch, member{"slug", mustJSON(old.slug + "__trashed")})
		if address := document.get("permalink"); address != nil {
			patch = append(patch, member{"permalink", mustJSON(fmt.Sprintf("%s/?post_type=product&p=%d", homeOf(unquote(address)), old.id))})
		}
	}
	return patch.bytes(), nil
}

// meta is a new entry of a record's meta_data.
func (s *store) meta(key string, value []byte) []byte {
	s.metas++
	return object{{"id", mustJSON(firstMeta + s.metas)}, {"key", mustJSON(key)}, {"value", value}}.bytes()
}

// firstMeta is above the IDs of metadata in any document.
const firstMeta int64 = 10_000_000

// modified is the patch that sets the modification time in both forms.
func (s *store) modified(t time.Time) json.RawMessage {
	return json.RawMessage(`{"date_modified":"` + t.In(s.zone).Format(wallLayout) +
		`","date_modified_gmt":"` + t.UTC().Format(wallLayout) + `"}`)
}
