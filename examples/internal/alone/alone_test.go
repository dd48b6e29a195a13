package alone_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/woosync/woosync/examples/internal/alone"
)

func TestLock(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "sync.db")
	unlock, err := alone.Lock(database)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Lock(database); err == nil || !strings.Contains(err.Error(), database) {
		t.Errorf("a second lock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := alone.Lock(database)
	if err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
	if _, err := alone.Lock(filepath.Join(t.TempDir(), "no", "folder.db")); err == nil {
		t.Error("a lock in a folder that does not exist")
	}
}
