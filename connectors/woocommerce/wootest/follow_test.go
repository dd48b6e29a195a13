package wootest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// silent says whether the newest change of a record moved no modification time.
func silent(t *testing.T, server *wootest.Server, r wootest.Resource, id int64) bool {
	t.Helper()
	events := server.History(r, id).Events
	if len(events) == 0 {
		t.Fatalf("nothing happened to %s %d", r, id)
	}
	newest := events[len(events)-1]
	return newest.Kind == wootest.Followed && newest.Silent
}

func TestOrdersForgetADeletedProduct(t *testing.T) {
	t.Parallel()
	server := shopOfEverything(t)
	id, product := firstBought(t, server)
	before := readDocument[withLines](t, server, wootest.Orders, id)
	must(t, server.Delete(wootest.Products, product))
	after := readDocument[withLines](t, server, wootest.Orders, id)
	for i, was := range before.Lines {
		is := after.Lines[i]
		if was.Product != product {
			if is.Product != was.Product {
				t.Errorf("line %d is of another product and changed: %+v", i, is)
			}
			continue
		}
		if is.Product != 0 || is.Variation != 0 || is.SKU != nil || string(is.Image.ID) != "0" || is.Name != was.Name || is.Total != was.Total {
			t.Errorf("line %d was %+v, is %+v", i, was, is)
		}
	}
	if !silent(t, server, wootest.Orders, id) {
		t.Errorf("the order was seen to change: %+v", server.History(wootest.Orders, id))
	}
}

func TestVariationsGoWithTheirProduct(t *testing.T) {
	t.Parallel()
	server := shopOfEverything(t)
	type child struct {
		Parent int64 `json:"parent_id"`
		Status string
	}
	parent := readDocument[child](t, server, wootest.Variations, server.IDs(wootest.Variations)[0]).Parent
	children := slices.DeleteFunc(server.IDs(wootest.Variations), func(id int64) bool {
		return readDocument[child](t, server, wootest.Variations, id).Parent != parent
	})
	statuses := func() (all []string) {
		for _, id := range children {
			all = append(all, readDocument[child](t, server, wootest.Variations, id).Status)
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	before := statuses()
	must(t, server.Trash(wootest.Products, parent))
	if got := statuses(); !slices.Equal(got, []string{"trash"}) {
		t.Errorf("in the trash: %v", got)
	}
	must(t, server.Edit(wootest.Products, parent, `{"status":"publish"}`))
	if got := statuses(); !slices.Equal(got, before) {
		t.Errorf("out of the trash: %v, want %v", got, before)
	}
	lost := children[0]
	must(t, server.Delete(wootest.Variations, lost))
	kept := readDocument[struct{ Variations []int64 }](t, server, wootest.Products, parent).Variations
	if slices.Contains(kept, lost) || len(kept) != len(children)-1 {
		t.Errorf("the product has %v of %v", kept, children)
	}
	added, err := server.Insert(wootest.Variations, fmt.Sprintf(`{"parent_id":%d}`, parent))
	must(t, err)
	if kept := readDocument[struct{ Variations []int64 }](t, server, wootest.Products, parent).Variations; !slices.Contains(kept, added) {
		t.Errorf("the product has %v, not %d", kept, added)
	}
	must(t, server.Delete(wootest.Products, parent))
	for _, id := range append(children, added) {
		if server.Document(wootest.Variations, id) != nil || !server.History(wootest.Variations, id).Gone {
			t.Errorf("variation %d is there without its product", id)
		}
	}
}

func TestOrdersKeepStepWithTheirRefunds(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	order, err := server.Insert(wootest.Orders, `{"status":"completed","total":"30.00"}`)
	must(t, err)
	refund := func(amount string) int64 {
		id, err := server.Insert(wootest.Refunds, fmt.Sprintf(`{"parent_id":%d,"amount":%q,"reason":"Kulanz"}`, order, amount))
		must(t, err)
		return id
	}
	look := func() (string, []int64) {
		o := readDocument[withLines](t, server, wootest.Orders, order)
		var ids []int64
		for _, r := range o.Refunds {
			ids = append(ids, r.ID)
		}
		return o.Status, ids
	}
	first := refund("10.00")
	if status, ids := look(); status != "completed" || !slices.Equal(ids, []int64{first}) {
		t.Errorf("after a part: %s %v", status, ids)
	}
	second := refund("20.00")
	if status, ids := look(); status != "refunded" || !slices.Equal(ids, []int64{second, first}) {
		t.Errorf("after all of it: %s %v, want the newest first", status, ids)
	}
	must(t, server.Edit(wootest.Refunds, second, `{"amount":"19.00"}`))
	if o := readDocument[withLines](t, server, wootest.Orders, order); o.Refunds[0].Total != "-19.00" {
		t.Errorf("after an edit of the refund: %+v", o.Refunds)
	}
	must(t, server.Delete(wootest.Refunds, first))
	if status, ids := look(); status != "refunded" || !slices.Equal(ids, []int64{second}) || !silent(t, server, wootest.Orders, order) {
		t.Errorf("after one was deleted: %s %v", status, ids)
	}
	must(t, server.Delete(wootest.Orders, order))
	if server.Document(wootest.Refunds, second) != nil || !server.History(wootest.Refunds, second).Gone {
		t.Error("the refund is there without its order")
	}
	if _, err := server.Insert(wootest.Refunds, fmt.Sprintf(`{"parent_id":%d}`, order)); err == nil {
		t.Error("an order that is gone can be refunded")
	}
}

func TestOrdersForgetADeletedCustomer(t *testing.T) {
	t.Parallel()
	for _, hpos := range []bool{true, false} {
		server := wootest.New(wootest.WithOrders(60), wootest.WithHPOS(hpos))
		customer, _ := boughtBy(t, server)
		var orders []int64
		for _, id := range server.IDs(wootest.Orders) {
			if readDocument[withLines](t, server, wootest.Orders, id).Customer == customer {
				orders = append(orders, id)
			}
		}
		server.Advance(time.Hour)
		must(t, server.Delete(wootest.Customers, customer))
		for _, id := range orders {
			if got := readDocument[withLines](t, server, wootest.Orders, id).Customer; got != 0 {
				t.Errorf("order %d is still of customer %d", id, got)
			}
			if moved := modifiedOf(t, server, wootest.Orders, id) == server.Now().Format(wall); moved != hpos {
				t.Errorf("HPOS %v: the modification time of order %d moved: %v", hpos, id, moved)
			}
		}
		if len(orders) == 0 {
			t.Error("no order")
		}
	}
}

// A bulk edit puts one second on all of its records, and is found by the second
// before.
func TestEditAll(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(400), wootest.WithProducts(12))
	server.Advance(time.Hour)
	ids := server.IDs(wootest.Orders)[20:348]
	must(t, server.EditAll(wootest.Orders, ids, `{"customer_note":"bulk"}`))
	cut := server.Now().Add(-time.Second).Format(wall) + "Z"
	if got := ask(t, server, "/orders", "modified_after", cut, "per_page", "1").total(t); got != len(ids) {
		t.Errorf("%d orders were modified within the second, want %d", got, len(ids))
	}
	if err := server.EditAll(wootest.Orders, []int64{ids[0], 1 << 40}, `{}`); err == nil {
		t.Error("an order that there is none of can be edited")
	}
}

// A late commit lies in the past, with what it does to others.
func TestInsertAtOfOtherResources(t *testing.T) {
	t.Parallel()
	server := shopOfEverything(t)
	past := server.Now().Add(-7 * time.Hour)
	for _, r := range []wootest.Resource{wootest.Products, wootest.Variations, wootest.Coupons} {
		id, err := server.InsertAt(r, past, "")
		must(t, err)
		if got := modifiedOf(t, server, r, id); got != past.Format(wall) {
			t.Errorf("%s %d is modified %s, want %s", r, id, got, past.Format(wall))
		}
	}
	order := server.IDs(wootest.Orders)[3]
	_, err := server.InsertAt(wootest.Refunds, past, fmt.Sprintf(`{"parent_id":%d}`, order))
	must(t, err)
	if got := modifiedOf(t, server, wootest.Orders, order); got != past.Format(wall) {
		t.Errorf("the refunded order is modified %s, want %s", got, past.Format(wall))
	}
	if _, err := server.InsertAt(wootest.Customers, past, fmt.Sprintf(`{"id":%d}`, server.IDs(wootest.Customers)[0])); err == nil {
		t.Error("an ID that is there can be inserted")
	}
}
