package quickbooks

import "sync"

// maxNames bounds a nameMemory.
const maxNames = 10_000

// A holder is who has a name. Only the fields that are known are set.
type holder struct {
	id, token string
	text      string // what it says where the mark stands, without the mark
	mark      mark
}

// nameMemory remembers who has which name, so that a record goes straight to a name that is free, and that nobody else takes
// what a record was given. What it remembers may have changed since; that costs at most a request or a plainer name. The zero
// value is empty. It is safe for concurrent use.
type nameMemory struct {
	mu         sync.Mutex
	names, old map[string]holder // of the older half only what is asked for again is kept
}

func (m *nameMemory) get(name string) (holder, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.look(sameName(name))
}

// look returns who has a name. The lock is held.
func (m *nameMemory) look(name string) (holder, bool) {
	if found, ok := m.names[name]; ok {
		return found, true
	}
	found, ok := m.old[name]
	if ok {
		m.keep(name, found)
	}
	return found, ok
}

func (m *nameMemory) put(name string, h holder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(sameName(name), h)
}

// keep stores who has a name. The lock is held.
func (m *nameMemory) keep(name string, h holder) {
	if len(m.names) >= maxNames/2 {
		m.old, m.names = m.names, nil
	}
	if m.names == nil {
		m.names = make(map[string]holder)
	}
	m.names[name] = h
}

// holding returns what is known of an entry that has one of some names.
func (m *nameMemory) holding(id string, names []string) (holder, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		if found, ok := m.look(sameName(name)); ok && found.id == id {
			return found, true
		}
	}
	return holder{}, false
}

// forgetNamesakes forgets those who have the names and are nobody's document of ours.
func (m *nameMemory) forgetNamesakes(names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		if found, ok := m.look(sameName(name)); ok && found.mark.record == "" {
			delete(m.names, sameName(name))
			delete(m.old, sameName(name))
		}
	}
}
