package woocommerce_test

import (
	"encoding/json"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce"
)

func BenchmarkOrderDecode(b *testing.B) {
	recorded := recordedOrders(b)[:100]
	size := 0
	for _, sent := range recorded {
		size += len(sent)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, sent := range recorded {
			var order woocommerce.Order
			if err := json.Unmarshal(sent, &order); err != nil {
				b.Fatal(err)
			}
		}
	}
}
