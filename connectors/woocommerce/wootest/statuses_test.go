package wootest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// measuredStatuses is a shop with as many orders of each status as the shops
// that were measured had.
func measuredStatuses(t *testing.T) wootest.Shop {
	t.Helper()
	filters := experiments[map[string]json.RawMessage](t, "exp_filters")
	var listed struct {
		Statuses map[string]int
	}
	must(t, json.Unmarshal(filters["default list"], &listed))
	for _, hidden := range []string{"trash", "checkout-draft"} {
		var count int
		must(t, json.Unmarshal(filters["status="+hidden], &count))
		listed.Statuses[hidden] = count
	}
	var shop wootest.Shop
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for status, count := range listed.Statuses {
		for range count {
			id := len(shop.Orders) + 1
			order := string(datedAt(t, int64(id), at.Add(time.Duration(id)*time.Second)))
			shop.Orders = append(shop.Orders, json.RawMessage(strings.Replace(order, `"publish"`, strconv.Quote(status), 1)))
		}
	}
	return shop
}

// TestStatusesAsMeasured lists by status in shops of every mode, and gets the
// totals of the real ones.
func TestStatusesAsMeasured(t *testing.T) {
	t.Parallel()
	type wanted map[string]string // by query: total, or "400"
	want := map[string]wanted{"10.9.2": {}, "10.9.2 without HPOS": {}, "9.9.5": {}}
	for name, raw := range experiments[map[string]json.RawMessage](t, "exp_filters") {
		status, found := strings.CutPrefix(name, "status=")
		if name == "default list" || found {
			want["10.9.2"][status] = totalOf(t, raw)
		}
	}
	delete(want["10.9.2"], "default list")
	want["10.9.2"][""] = totalOf(t, experiments[map[string]json.RawMessage](t, "exp_filters")["default list"])
	if len(want["10.9.2"]) != 11 {
		t.Errorf("%d lists of 10.9.2: %v", len(want["10.9.2"]), want["10.9.2"])
	}
	posts := experiments[map[string]json.RawMessage](t, "exp_hpos_off")
	for name, status := range map[string]string{
		"default": "", "status trash": "trash", "status any": "any", "checkout-draft": "checkout-draft", "auto-draft": "auto-draft", "any,trash": "any,trash",
	} {
		var both struct{ CPT []any }
		must(t, json.Unmarshal(posts[name], &both))
		want["10.9.2 without HPOS"][status] = fmt.Sprint(both.CPT[1])
	}
	old := experiments[map[string]json.RawMessage](t, "exp_wc_9_9_5")
	for name, status := range map[string]string{
		"default": "", "status trash": "trash", "checkout-draft": "checkout-draft", "status csv": "completed,processing",
	} {
		var list struct{ Total string }
		must(t, json.Unmarshal(old[name], &list))
		want["9.9.5"][status] = list.Total
	}
	shop := measuredStatuses(t)
	for mode, options := range modes() {
		server := wootest.New(append(options, wootest.WithShop(shop))...)
		for status, total := range want[mode] {
			got := ask(t, server, "/orders", "status", status, "per_page", "1")
			if status == "" {
				got = ask(t, server, "/orders", "per_page", "1")
			}
			text := got.header.Get("X-WP-Total")
			if got.status != http.StatusOK {
				text = strconv.Itoa(got.status)
			}
			if text != total {
				t.Errorf("%s: status=%s: %s, real shop: %s", mode, status, text, total)
			}
		}
	}
}

// totalOf reads a number, the n of an object, or the status an array begins
// with.
func totalOf(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var list struct{ N int }
	var refusal []any
	switch raw[0] {
	case '{':
		must(t, json.Unmarshal(raw, &list))
		return strconv.Itoa(list.N)
	case '[':
		must(t, json.Unmarshal(raw, &refusal))
		return fmt.Sprint(refusal[0])
	}
	return string(raw)
}
