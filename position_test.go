package woosync_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// tape is a source that remembers which cursors were read and fails at one.
type tape struct {
	*shop
	read []woosync.Cursor
	bad  woosync.Cursor
}

var errTorn = errors.New("the tape is torn")

func (s *tape) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[order], error) {
	s.read = append(s.read, at)
	if at == s.bad && s.bad != "" {
		return woosync.Page[order]{}, errTorn
	}
	return s.shop.ReadPage(ctx, at)
}

// rewind runs a job on the tape and returns the cursors it read.
func rewind(t *testing.T, w *world, source *tape, store *memory.Store, job woosync.Job) ([]woosync.Cursor, error) {
	t.Helper()
	source.read = nil
	flow := w.flow()
	flow.Source = source
	job.Streams = []woosync.Stream{flow}
	cfg := config(store)
	cfg.OpenPages = 1
	_, err := w.run(t, cfg, job)
	return source.read, err
}

func TestWhereReadingBegins(t *testing.T) {
	t.Parallel()
	w, store := newWorld(2, sales(6)...), memory.New()
	source := &tape{shop: w.shop, bad: "all:4/v006"}
	step := func(name string, job woosync.Job, wantErr error, want ...woosync.Cursor) {
		t.Helper()
		got, err := rewind(t, w, source, store, job)
		if !errors.Is(err, wantErr) {
			t.Fatalf("%s: error %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	step("the first run is full", woosync.Job{}, errTorn, "", "all:2/v006", "all:4/v006")
	step("the next continues", woosync.Job{}, errTorn, "all:4/v006")
	step("so does a full one", woosync.Job{Full: true}, errTorn, "all:4/v006")
	step("Restart begins the pass again", woosync.Job{Restart: true}, errTorn, "", "all:2/v006", "all:4/v006")
	source.bad = ""
	step("to its end, and once more to see that it is calm", woosync.Job{}, nil, "all:4/v006", "above:v006")
	step("then an increment", woosync.Job{}, nil, "above:v006")
	source.bad = "above:v006"
	step("that breaks off", woosync.Job{}, errTorn, "above:v006")
	step("a full run drops it", woosync.Job{Full: true}, nil, "", "all:2/v006", "all:4/v006")
	source.bad = ""
	step("and reading goes on from there", woosync.Job{}, nil, "above:v006")
	w.check(t)
}

func TestRepeatsAreDroppedAndCounted(t *testing.T) {
	t.Parallel()
	w, store := newWorld(4), memory.New()
	// Every page begins with the last record of the one before.
	var records []woosync.Record[order]
	for i := 1; i <= 13; i++ {
		record := sale(i, fmt.Sprintf("v%02d", i), order{Text: fmt.Sprintf("order %02d", i)})
		records = append(records, record)
		if i%3 == 0 {
			records = append(records, record)
		}
	}
	w.shop.records = records
	report, err := w.run(t, config(store), woosync.Job{})
	if err != nil {
		t.Fatal(err)
	}
	stream := report.Streams[0]
	if stream.Counts.Created != 13 || stream.Counts.Repeats != 4 || w.orders.written() != 13 {
		t.Errorf("counts %+v, %d writes", stream.Counts, w.orders.written())
	}
	if got := stream.Certificates[0]; got.Seen != 13 || got.Settled != 13 {
		t.Errorf("certificate %+v", got)
	}
}

func TestCertificateTellsALostRecord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		total, left int
		complete    bool
		late        int
	}{
		"all there":         {total: 5, complete: true},
		"one left":          {total: 6, left: 1, complete: true},
		"one came late":     {total: 4, complete: true, late: 1},
		"one is missing":    {total: 6},
		"counted after all": {total: 0, complete: true, late: 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, store := newWorld(10), memory.New()
			flow := w.flow()
			flow.Source = lying{sales(5), c.total, c.left}
			report, err := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}})
			if err != nil {
				t.Fatal(err)
			}
			got := report.Streams[0].Certificates[0]
			if got.Complete != c.complete || got.Late != c.late || got.Seen != 5 {
				t.Errorf("certificate %+v", got)
			}
		})
	}
}

// lying is a source whose figures need not agree with its records.
type lying struct {
	records     []woosync.Record[order]
	total, left int
}

func (s lying) ReadPage(context.Context, woosync.Cursor) (woosync.Page[order], error) {
	return woosync.Page[order]{Records: s.records, Total: s.total, Left: s.left}, nil
}
