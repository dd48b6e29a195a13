package wootest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// TestOldDocuments compares the documents of both releases path by path. What
// differs must be what differed between two real shops with the same data.
func TestOldDocuments(t *testing.T) {
	t.Parallel()
	alone(t)
	var bodies map[string]struct {
		Differences map[string]json.RawMessage
	}
	must(t, json.Unmarshal(experiments[map[string]json.RawMessage](t, "exp_wc_9_9_5")["body differences by id, 9.9.5 vs 10.9.2"], &bodies))
	now := wootest.New(wootest.WithExample())
	old := wootest.New(wootest.WithExample(), wootest.WithVersion(wootest.V9))
	for _, route := range []string{"/orders", "/refunds", "/customers"} {
		found := make(differences)
		for page := 1; page < 14; page++ {
			params := []string{"orderby", "id", "order", "asc", "per_page", "100", "page", fmt.Sprint(page)}
			found.compare(t, route, decoded(t, ask(t, old, route, params...).body), decoded(t, ask(t, now, route, params...).body))
		}
		measured := slices.Sorted(maps.Keys(bodies[route].Differences))
		for _, path := range slices.Sorted(maps.Keys(found)) {
			// Of refunds 50 were compared, of which one had such a tax; the example has more.
			asOrders := strings.Replace(path, "/refunds.", "/orders.", 1)
			if !slices.Contains(measured, path) && bodies["/orders"].Differences[asOrders] == nil {
				t.Errorf("%s differs %d times, in real shops it does not", path, found[path])
			}
		}
		for _, path := range measured {
			if found[path] == 0 {
				t.Errorf("%s does not differ, in real shops it does", path)
			}
		}
	}
}

// differences counts by path what differs.
type differences map[string]int

func (d differences) compare(t *testing.T, path string, old, now any) {
	t.Helper()
	switch now := now.(type) {
	case map[string]any:
		old, _ := old.(map[string]any)
		for name := range now {
			if _, has := old[name]; !has {
				d[path+"."+name+" (only 10.9.2)"]++
				continue
			}
			d.compare(t, path+"."+name, old[name], now[name])
		}
		if len(old) > len(now) {
			d[path+" (more)"]++
		}
	case []any:
		old, _ := old.([]any)
		if len(old) != len(now) {
			d[path+" (length)"]++
			return
		}
		below := path
		if strings.Count(path, ".") > 0 {
			below += "[]"
		}
		for i := range now {
			d.compare(t, below, old[i], now[i])
		}
	default:
		if fmt.Sprint(old) != fmt.Sprint(now) {
			d[path+" (value)"]++
			d.sameRounded(t, path, fmt.Sprint(old), fmt.Sprint(now))
		}
	}
}

// sameRounded says that a number is the other one before it was rounded, and
// written without zeros at its end.
func (differences) sameRounded(t *testing.T, path, old, now string) {
	t.Helper()
	fine, ok := new(big.Rat).SetString(old)
	rough, alsoOK := new(big.Rat).SetString(now)
	if !ok || !alsoOK {
		t.Errorf("%s: %q and %q", path, old, now)
		return
	}
	off := new(big.Rat).Sub(fine, rough)
	if off.Abs(off).Cmp(big.NewRat(5, 1000)) > 0 || strings.Contains(old, ".") && strings.HasSuffix(old, "0") {
		t.Errorf("%s: %q and %q", path, old, now)
	}
}

// TestOldMoney: from orders that were recorded with six decimals 9.9.5 rounds
// all but the taxes of lines, whatever decimals are asked for.
func TestOldMoney(t *testing.T) {
	t.Parallel()
	const order = `{"id":1,"status":"completed","total":"3.502700","line_items":[{"id":2,"total":"2.943700","global_unique_id":"",` +
		`"taxes":[{"id":1,"total":"0.559303","subtotal":"0.559300"}]}],"refunds":[{"id":3,"total":"-1.000000","total_tax":"-0.100000"}]}`
	for dp, want := range map[string]string{
		"2": `{"id":1,"status":"completed","total":"3.50","line_items":[{"id":2,"total":"2.94","taxes":[{"id":1,"total":"0.559303","subtotal":"0.5593"}]}],"refunds":[{"id":3,"total":"-1.00"}]}`,
		"6": `{"id":1,"status":"completed","total":"3.502700","line_items":[{"id":2,"total":"2.943700","taxes":[{"id":1,"total":"0.559303","subtotal":"0.5593"}]}],"refunds":[{"id":3,"total":"-1.000000"}]}`,
	} {
		server := wootest.New(wootest.WithShop(wootest.Shop{Orders: []json.RawMessage{[]byte(order)}}), wootest.WithVersion(wootest.V9))
		if got := string(ask(t, server, "/orders/1", "dp", dp).body); got != want {
			t.Errorf("dp=%s: %s\nwant: %s", dp, got, want)
		}
	}
}

// TestModes: what all shops that were measured have in common, and the little
// that tells them apart.
func TestModes(t *testing.T) {
	t.Parallel()
	beyond := map[string]string{"10.9.2": "0 0", "10.9.2 without HPOS": "400 4", "9.9.5": "0 0"}
	for mode, options := range modes() {
		server := wootest.New(append(options, wootest.WithOrders(400))...)
		got := ask(t, server, "/orders", "page", "9", "per_page", "100").header
		if text := got.Get("X-WP-Total") + " " + got.Get("X-WP-TotalPages"); text != beyond[mode] {
			t.Errorf("%s: beyond the end %s, want %s", mode, text, beyond[mode])
		}
		var report struct {
			Environment struct {
				Version string
			}
			Settings struct {
				HPOS      bool   `json:"HPOS_enabled"`
				Datastore string `json:"order_datastore"`
			}
		}
		must(t, json.Unmarshal(ask(t, server, "/system_status").body, &report))
		if !strings.HasPrefix(mode, report.Environment.Version) || report.Settings.HPOS == strings.HasSuffix(mode, "HPOS") ||
			report.Settings.HPOS != strings.HasSuffix(report.Settings.Datastore, "OrdersTableDataStore") {
			t.Errorf("%s: %+v", mode, report)
		}
		title := ask(t, server, "/orders", "orderby", "title").status
		if want := map[bool]int{true: http.StatusOK, false: http.StatusNotImplemented}[report.Settings.HPOS]; title != want {
			t.Errorf("%s: orderby=title is %d, want %d", mode, title, want)
		}
	}
}

// modes are the shops that were measured.
func modes() map[string][]wootest.Option {
	return map[string][]wootest.Option{
		"10.9.2":              nil,
		"10.9.2 without HPOS": {wootest.WithHPOS(false)},
		"9.9.5":               {wootest.WithVersion(wootest.V9)},
	}
}
