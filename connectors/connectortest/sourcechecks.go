package connectortest

import (
	"slices"
	"time"
)

// checkComplete: a pass over a system at rest hands out every record, and the
// next full one the same states under the same versions.
func checkComplete[T any](k *sourceKit[T]) {
	p := k.walk(k.Source, "", nil)
	k.paged(p)
	k.missing(p, k.Want, "a pass over a system at rest")
	for _, record := range p.records {
		if slices.Contains(k.Want, record.ID) && record.Err != nil {
			k.Errorf("record %s cannot be read: %v", record.ID, record.Err)
		}
	}
	versions := make(map[string]string)
	for _, record := range p.records {
		versions[record.ID] = record.Version
	}
	for _, record := range k.walk(k.Source, "", nil).records {
		if was, ok := versions[record.ID]; ok && was != record.Version {
			k.Errorf("record %s did not change, and its version did: from %q to %q", record.ID, was, record.Version)
		}
	}
}

// checkShortPages: how many records a page has says nothing about what follows.
func checkShortPages[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Shorten": k.Shorten != nil})
	k.Shorten()
	k.missing(k.walk(k.Source, "", nil), k.Want, "a pass in which pages come short")
}

// checkTies: what the list is ordered by must tell any two records apart.
func checkTies[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"InsertTies": k.InsertTies != nil})
	ties := k.InsertTies(len(k.Want))
	k.missing(k.walk(k.Source, "", nil), ties, "records of the same moment")
}

// checkDeletes: what is deleted while a pass goes on takes no other record with
// it.
func checkDeletes[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Delete": k.Delete != nil})
	rest := slices.Clone(k.Want)
	remove := func(id string) {
		k.Delete(id)
		rest = slices.DeleteFunc(rest, func(other string) bool { return other == id })
	}
	p := k.walk(k.Source, "", func(so pass[T]) {
		read, unread := k.parted(so, rest)
		if len(read) > 0 {
			remove(read[0])
		}
		if len(unread) > 0 && so.pages == 1 {
			remove(unread[len(unread)/2])
		}
	})
	k.paged(p)
	k.missing(p, rest, "a pass during which other records were deleted")
}

// parted splits ids into those handed out so far and the others.
func (k *sourceKit[T]) parted(so pass[T], ids []string) (read, unread []string) {
	for _, id := range ids {
		if so.seen(id) {
			read = append(read, id)
		} else {
			unread = append(unread, id)
		}
	}
	return read, unread
}

// checkChanges: what is changed or added while a pass goes on is handed out, by
// this pass after the change or by the next one.
func checkChanges[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Insert": k.Insert != nil, "Edit": k.Edit != nil, "Advance": k.Advance != nil})
	changed := make(map[string]int) // how many records had been handed out when it was changed
	first := k.walk(k.Source, "", func(so pass[T]) {
		k.Advance(time.Hour)
		changed[k.Insert()] = len(so.records)
		if _, unread := k.parted(so, k.Want); len(unread) > 0 && so.pages == 1 {
			id := unread[len(unread)/2]
			k.Edit(id)
			changed[id] = len(so.records)
		}
	})
	k.paged(first)
	k.Advance(time.Hour)
	second := k.walk(k.Source, first.next, nil)
	all := pass[T]{records: slices.Concat(first.records, second.records)}
	k.missing(all, k.Want, "two passes, of which the first saw changes")
	for id, since := range changed {
		later := pass[T]{records: all.records[since:]}
		k.missing(later, []string{id}, "a record that changed while the pass before was reading")
	}
}

// checkEdits: an increment hands out what was edited, however old it is.
func checkEdits[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Edit": k.Edit != nil, "Advance": k.Advance != nil})
	next := k.walk(k.Source, "", nil).next
	k.Advance(time.Hour)
	edited := []string{k.Want[0], k.Want[len(k.Want)/2], k.Want[len(k.Want)-1]}
	for _, id := range edited {
		k.Edit(id)
	}
	k.Advance(time.Hour)
	k.missing(k.walk(k.Source, next, nil), edited, "records edited after the pass before")
}

// checkSameSecond: nothing falls between two passes, not even what was stamped
// with the very second in which the first one began.
func checkSameSecond[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Insert": k.Insert != nil, "Advance": k.Advance != nil})
	first := k.walk(k.Source, "", nil)
	id := k.Insert()
	k.Advance(time.Hour)
	second := k.walk(k.Source, first.next, nil)
	k.missing(second, []string{id}, "a record added in the second of the pass before")
}

// checkOdd: a value that the source does not know is no reason to drop a record.
func checkOdd[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Odd": len(k.Odd) > 0})
	k.missing(k.walk(k.Source, "", nil), k.Odd, "records with values that the source may not know")
}

// checkHidden: what is no part of the stream is not handed out as if it were.
func checkHidden[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Hidden": len(k.Hidden) > 0})
	p := k.walk(k.Source, "", nil)
	for _, id := range k.Hidden {
		if p.seen(id) {
			k.Errorf("record %s is a draft or lies in the trash, and was handed out", id)
		}
	}
}

// checkSpoilt: a record that does not decode travels with Err and its neighbours
// go on.
func checkSpoilt[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Spoil": k.Spoil != nil})
	spoilt := k.Want[len(k.Want)/2]
	k.Spoil(spoilt)
	if k.Advance != nil {
		k.Advance(time.Hour) // to spoil a record may be an edit of it
	}
	p := k.walk(k.Source, "", nil)
	k.missing(p, k.Want, "a pass with a record that does not decode")
	for _, record := range p.records {
		if (record.Err != nil) != (record.ID == spoilt) && slices.Contains(k.Want, record.ID) {
			k.Errorf("record %s was spoilt: %t; its error: %v", record.ID, record.ID == spoilt, record.Err)
		}
	}
}

// checkVersions: a later state has a greater version, also when the hour on the
// wall comes twice.
func checkVersions[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"EditAt": k.EditAt != nil, "FallBack": !k.FallBack.IsZero()})
	id := k.Want[len(k.Want)/2]
	var last string
	for _, after := range []time.Duration{-90 * time.Minute, -30 * time.Minute, 30 * time.Minute, 90 * time.Minute} {
		k.EditAt(id, k.FallBack.Add(after))
		p := k.walk(k.Source, "", nil)
		i := slices.IndexFunc(p.records, func(r recordOf[T]) bool { return r.ID == id })
		if i < 0 {
			k.Fatalf("record %s was not handed out", id)
		}
		switch version := p.records[i].Version; {
		case version == "":
			k.Skip("the source knows no versions")
		case version <= last:
			k.Errorf("edited at %s, record %s has version %q, which is not above %q, that of the state before",
				k.FallBack.Add(after).UTC().Format(time.RFC3339), id, version, last)
		default:
			last = version
		}
	}
}
