package wootest

import (
	"encoding/json"
	"slices"
	"strconv"
)

// setMeta applies the meta_data that was sent to a record.
func (s *store) setMeta(o object, sent value) (object, *apiError) {
	if !sent.has("meta_data") {
		return o, nil
	}
	meta, refusal := s.changeMeta(o.get("meta_data"), sent.get("meta_data"))
	if refusal != nil {
		return nil, refusal
	}
	return o.set("meta_data", meta), nil
}

// stamp sets when a new record was created, and changed.
func (s *store) stamp(o object, w write) object {
	local, utc := mustJSON(w.at.In(s.zone).Format(wallLayout)), mustJSON(w.at.UTC().Format(wallLayout))
	return o.set("date_created", local).set("date_created_gmt", utc).set("date_modified", local).set("date_modified_gmt", utc)
}

// changeMeta applies what a client sends as meta_data: an entry with an ID
// changes that one, others change the first of their key, and null removes.
func (s *store) changeMeta(old []byte, sent value) ([]byte, *apiError) {
	entries := parseArray(old)
	if !sent.isArray() {
		return joinArray(entries), nil
	}
	for _, wanted := range sent.list {
		key := wanted.get("key").scalar()
		if key == "" {
			return nil, notPlayed("meta_data without a key")
		}
		at := metaAt(entries, wanted)
		if at >= 0 && !wanted.has("id") { // others of the key make room
			entries = append(entries[:at+1:at+1], slices.DeleteFunc(slices.Clone(entries[at+1:]), func(raw []byte) bool {
				return metaAt([][]byte{raw}, wanted) == 0
			})...)
		}
		switch {
		case at < 0 && !wanted.has("value"):
		case at < 0:
			entries = append(entries, s.meta(key, metaValue(wanted.get("value"))))
		case !wanted.has("value"):
			entries = slices.Delete(entries, at, at+1)
		default:
			entry, err := parseObject(entries[at])
			if err != nil {
				return nil, failed(err)
			}
			entries[at] = entry.set("key", mustJSON(key)).set("value", metaValue(wanted.get("value"))).bytes()
		}
	}
	return joinArray(entries), nil
}

// metaAt is the position of the entry that is meant, or -1.
func metaAt(entries [][]byte, wanted value) int {
	return slices.IndexFunc(entries, func(raw []byte) bool {
		var entry struct {
			ID  int64  `json:"id"`
			Key string `json:"key"`
		}
		if err := json.Unmarshal(raw, &entry); err != nil {
			return false
		}
		if wanted.has("id") {
			return entry.ID == wanted.get("id").whole()
		}
		return entry.Key == wanted.get("key").scalar()
	})
}

// metaValue is a value as the database gives it back: scalars are texts, lists
// and maps stay, and an empty map is a list.
func metaValue(v value) []byte {
	if v.isArray() {
		return v.json()
	}
	return mustJSON(v.scalar())
}

// itemMeta is an entry of the metadata of a line.
func (s *store) itemMeta(key, text, displayKey, display string) []byte {
	entry, err := parseObject(s.meta(key, mustJSON(text)))
	if err != nil {
		return nil
	}
	return append(entry, member{"display_key", mustJSON(displayKey)}, member{"display_value", mustJSON(display)}).bytes()
}

func number(n int64) []byte { return []byte(strconv.FormatInt(n, 10)) }

// unquote reads a JSON text; "" for anything else.
func unquote(raw []byte) string {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return ""
	}
	return text
}

// whole reads a JSON number; 0 for anything else.
func whole(raw []byte) int64 {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
