package wootest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// derivedRoutes serve what follows from the shop's records and settings.
func derivedRoutes() []route {
	return []route{
		{"/variations", reading, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.variations) }},
		{"/reports/orders/totals", reading, false, (*exchange).orderTotals},
		{"/reports/products/totals", reading, false, (*exchange).productTotals},
		{"/data/currencies/current", reading, false, (*exchange).currency},
		{"/settings/general", reading, false, (*exchange).settings},
		{"/settings/general/<word>", "GET, POST, PUT, PATCH", false, (*exchange).setting},
		{"/settings/tax/<word>", "GET, POST, PUT, PATCH", false, (*exchange).fixedSingle},
		{"/system_status", reading, false, (*exchange).systemStatus},
	}
}

// orderTotals counts the orders of each status, drafts of checkouts, too.
func (x *exchange) orderTotals() ([]byte, *apiError) {
	counts := make(map[string]int)
	for _, r := range x.data.orders.rows {
		counts[r.status]++
	}
	return withTotals(x.data.fixed["/orders/statuses"], counts), nil
}

// productTotals counts the published products of each type.
func (x *exchange) productTotals() ([]byte, *apiError) {
	counts := make(map[string]int)
	for _, r := range x.data.products.rows {
		if r.status == "publish" {
			counts[r.kind]++
		}
	}
	var types [][]byte
	for _, t := range [][2]string{
		{"external", "External/Affiliate product"},
		{"grouped", "Grouped product"},
		{"simple", "Simple product"},
		{"variable", "Variable product"},
	} {
		types = append(types, object{{"slug", mustJSON(t[0])}, {"name", mustJSON(t[1])}}.bytes())
	}
	return withTotals(types, counts), nil
}

// withTotals adds to documents how many there are of their slug.
func withTotals(documents [][]byte, counts map[string]int) []byte {
	counted := make([][]byte, 0, len(documents))
	for _, document := range documents {
		var d struct {
			Slug string `json:"slug"`
			Name string `json:"name"`
		}
		if err := json.Unmarshal(document, &d); err != nil {
			continue // it was read before
		}
		counted = append(counted, object{
			{"slug", mustJSON(d.Slug)}, {"name", mustJSON(d.Name)}, {"total", mustJSON(counts[d.Slug])},
		}.bytes())
	}
	return joinArray(counted)
}

// currency is the one the shop is set to, of which the example knows the name.
func (x *exchange) currency() ([]byte, *apiError) {
	documents, refusal := x.fixedHere()
	if refusal != nil || len(documents) == 0 {
		return nil, refusal
	}
	var d struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(documents[0], &d); err != nil || d.Code != x.data.setting("woocommerce_currency") {
		return nil, notPlayed("the name of " + x.data.setting("woocommerce_currency"))
	}
	return documents[0], nil
}

// setting is a value of the group "general".
func (s *store) setting(id string) string {
	for _, raw := range s.settings {
		var d struct {
			ID    string          `json:"id"`
			Value json.RawMessage `json:"value"`
		}
		var text string
		if json.Unmarshal(raw, &d) == nil && d.ID == id && json.Unmarshal(d.Value, &text) == nil {
			return text
		}
	}
	return ""
}

// setting serves one setting of the group "general".
func (x *exchange) setting() ([]byte, *apiError) {
	at := slices.IndexFunc(x.data.settings, func(raw json.RawMessage) bool {
		var d struct {
			ID string `json:"id"`
		}
		return json.Unmarshal(raw, &d) == nil && "/wc/v3/settings/general/"+d.ID == x.path
	})
	if at < 0 {
		return nil, notPlayed("unknown settings")
	}
	return x.data.settings[at], nil
}

// namespaceIndex is the list of the shop's routes and their methods. The real
// one also tells the parameters of each.
func (x *exchange) namespaceIndex() ([]byte, *apiError) {
	documents := x.data.fixed["/"]
	if len(documents) == 0 {
		return nil, notPlayed("the index of wc/v3")
	}
	return object{{"namespace", mustJSON("wc/v3")}, {"routes", documents[0]}}.bytes(), nil
}

// exists says whether a real shop has a route for the method, though the fake
// does not play it.
func (x *exchange) exists(method string) bool {
	var routes map[string]struct {
		Methods []string `json:"methods"`
	}
	if documents := x.data.fixed["/"]; len(documents) == 0 || json.Unmarshal(documents[0], &routes) != nil {
		return false
	}
	for pattern, known := range routes {
		if slices.Contains(known.Methods, method) && fits(pattern, x.path) {
			return true
		}
	}
	return false
}

// fits compares a path with the pattern of a route, in which a part in brackets
// stands for a number or a word.
func fits(pattern, path string) bool {
	wanted, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(wanted) != len(parts) {
		return false
	}
	for i, part := range parts {
		switch {
		case !strings.HasPrefix(wanted[i], "("):
			if part != wanted[i] {
				return false
			}
		case strings.Contains(wanted[i], `[\d]+`):
			if strings.Trim(part, "0123456789") != "" {
				return false
			}
		}
	}
	return true
}

// refuses says why the route does not serve a method.
func (x *exchange) refuses() *apiError {
	method := x.method
	if method == http.MethodHead || method == http.MethodOptions {
		method = http.MethodGet
	}
	if x.route.serve == nil && !x.server.config.noWooCommerce && x.exists(method) {
		return notPlayed(method + " " + x.path)
	}
	return x.route.refuses(x.method)
}
