package woocommerce

import (
	"context"
	"fmt"
	"iter"
	"strings"
)

// A Named reads records that are known by a name. What is said of [Endpoint]
// holds for it too.
type Named[T any] struct{ endpoint Endpoint[T] }

// Get reads the record of a name, all of it or some fields. Names have letters,
// digits, "-" and "_".
func (n Named[T]) Get(ctx context.Context, name string, fields ...string) (T, error) {
	if name == "" || strings.Contains(name, "/") {
		var none T
		return none, misuse("read "+n.endpoint.one, fmt.Errorf("%q is no name", name))
	}
	return n.endpoint.get(ctx, name, fields)
}

// List reads all records at once.
func (n Named[T]) List(ctx context.Context, q Query) (List[T], error) { return n.endpoint.List(ctx, q) }

// All reads all records, like [Endpoint.All].
func (n Named[T]) All(ctx context.Context, q Query) iter.Seq2[T, error] {
	return n.endpoint.All(ctx, q)
}
