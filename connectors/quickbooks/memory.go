package quickbooks

import "sync"

// maxNames bounds a nameMemory.
const maxNames = 10_000

// A holder is who has a name. Only the fields that are known are set.
type holder struct {
	id, token string
	mark      mark
}

// nameMemory remembers who has which name, so that a record goes straight to a name that is free. What it remembers may have
// changed since; that costs at most a request or a plainer name. The zero value is empty. It is safe for concurrent use.
type nameMemory struct {
	mu    sync.Mutex
	names map[string]holder
}

func (m *nameMemory) get(name string) (holder, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, ok := m.names[sameName(name)]
	return found, ok
}

func (m *nameMemory) put(name string, h holder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.names == nil {
		m.names = make(map[string]holder)
	}
	if len(m.names) >= maxNames {
		clear(m.names)
	}
	m.names[sameName(name)] = h
}

// forgetNamesakes forgets those who have the names and are nobody's document of ours.
func (m *nameMemory) forgetNamesakes(names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		if m.names[sameName(name)].mark.record == "" {
			delete(m.names, sameName(name))
		}
	}
}
