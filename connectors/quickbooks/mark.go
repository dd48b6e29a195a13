package quickbooks

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"github.com/woosync/woosync"
)

const (
	privateNoteMax  = 4000
	notesMax        = 2000
	purchaseDescMax = 1000
	markHash        = 8 // hex digits of the content's hash in a mark
)

// A mark is the last line of a note by which a target knows its own documents: which record it is of, and of what content.
//
//	woosync <Change.Mark()> <first 8 hex digits of Change.Hash>
type mark struct{ record, hash string }

// markOf returns the mark that a change's document gets.
func markOf[U any](change woosync.Change[U]) mark {
	return mark{record: change.Mark(), hash: shortened(change.Hash)}
}

// shortened returns the part of a content hash that stands in a mark. What is not hex is hashed first.
func shortened(hash string) string {
	low := strings.ToLower(hash)
	if _, err := hex.DecodeString(low[:len(low)/2*2]); err != nil || len(low) < markHash {
		sum := sha256.Sum256([]byte(hash))
		low = hex.EncodeToString(sum[:])
	}
	return low[:markHash]
}

func (m mark) line() string { return "woosync " + m.record + " " + m.hash }

// note returns a text with the mark as its last line. If both do not fit, the text ends in "…"; the mark never does.
func (m mark) note(human string, limit int) string {
	human = strings.TrimRight(strings.ToValidUTF8(human, "\uFFFD"), " \t\r\n")
	line := m.line()
	if human == "" {
		return line
	}
	room := limit - len(line) - 1
	if runes := []rune(human); len(runes) > room {
		human = strings.TrimRight(string(runes[:room-1]), " \t\r\n") + "…"
	}
	return human + "\n" + line
}

// markIn returns the last mark in a note, which is ours: people may have written below it, and buyers may have written
// something like it above. It is the zero mark if there is none.
func markIn(note string) mark {
	_, m := splitMark(note)
	return m
}

// splitMark returns what a note says beside its last mark, and that mark.
func splitMark(note string) (string, mark) {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(note), "\n")
	shape := regexp.MustCompile(`^\s*woosync ([A-Za-z0-9]{1,36}) ([0-9a-f]{8})\s*$`)
	for i, line := range slices.Backward(lines) {
		if found := shape.FindStringSubmatch(line); found != nil {
			return strings.Join(slices.Delete(lines, i, i+1), "\n"), mark{record: found[1], hash: found[2]}
		}
	}
	return note, mark{}
}
