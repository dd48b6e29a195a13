package benchmarks_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/alitto/pond/v2"
	concpool "github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"

	"github.com/woosync/woosync"
)

func upTo(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// BenchmarkProcess hands out items whose work is nothing, so that what is left is
// the handing out. One operation is one item.
func BenchmarkProcess(b *testing.B) {
	for _, limit := range []int{5, 10, 50} {
		b.Run(fmt.Sprintf("limit=%d/woosync.Process", limit), func(b *testing.B) {
			b.ReportAllocs()
			if err := woosync.Process(b.Context(), limit, upTo(b.N), func(context.Context, int) error { return nil }); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(fmt.Sprintf("limit=%d/errgroup.SetLimit", limit), func(b *testing.B) {
			b.ReportAllocs()
			var group errgroup.Group
			group.SetLimit(limit)
			for range b.N {
				group.Go(func() error { return nil })
			}
			if err := group.Wait(); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(fmt.Sprintf("limit=%d/conc", limit), func(b *testing.B) {
			b.ReportAllocs()
			p := concpool.New().WithMaxGoroutines(limit).WithErrors()
			for range b.N {
				p.Go(func() error { return nil })
			}
			if err := p.Wait(); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(fmt.Sprintf("limit=%d/pond", limit), func(b *testing.B) {
			b.ReportAllocs()
			p := pond.NewPool(limit, pond.WithQueueSize(limit))
			for range b.N {
				p.Submit(func() {})
			}
			p.StopAndWait()
		})
	}
}

// BenchmarkPaginator walks records without doing anything to them. One operation
// is one record.
func BenchmarkPaginator(b *testing.B) {
	b.Run("Paginator.Records", func(b *testing.B) {
		b.ReportAllocs()
		for _, err := range (woosync.Paginator[int]{Source: numbers{n: b.N}}).Records(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Paginator.Records, read ahead", func(b *testing.B) {
		b.ReportAllocs()
		for _, err := range (woosync.Paginator[int]{Source: numbers{n: b.N}, Prefetch: 1}).Records(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("a loop by hand", func(b *testing.B) {
		b.ReportAllocs()
		source, at := numbers{n: b.N}, woosync.Cursor("")
		for seen := 0; ; {
			page, err := source.ReadPage(b.Context(), at)
			if err != nil {
				b.Fatal(err)
			}
			seen += len(page.Records)
			if !page.More {
				return
			}
			at = page.Next
		}
	})
}
