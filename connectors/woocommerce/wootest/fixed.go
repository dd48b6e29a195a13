package wootest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fixedRoutes serve documents that nothing in the shop changes.
func fixedRoutes() []route {
	plain, counted, terms := (*exchange).fixedPlain, (*exchange).fixedCounted, (*exchange).fixedTerms
	return []route{
		{"/orders/statuses", reading, false, plain},
		{"/payment_gateways", reading, false, counted},
		{"/payment_gateways/<word>", "GET, POST, PUT, PATCH", false, (*exchange).fixedSingle},
		{"/products/attributes", listing, false, counted},
		{"/products/attributes/<id>", recording, false, (*exchange).fixedSingle},
		{"/products/attributes/<id>/terms", listing, false, terms},
		{"/products/brands", listing, false, terms},
		{"/products/categories", listing, false, terms},
		{"/products/categories/<id>", recording, false, (*exchange).fixedSingle},
		{"/products/reviews", listing, false, terms},
		{"/products/tags", listing, false, terms},
		{"/products/tags/<id>", recording, false, (*exchange).fixedSingle},
		{"/shipping/zones", listing, false, counted},
		{"/shipping/zones/<id>", recording, false, (*exchange).fixedSingle},
		{"/shipping/zones/<id>/methods", listing, false, counted},
		{"/taxes/classes", listing, false, plain},
		{"/settings/tax", reading, false, plain},
	}
}

// readFixed reads the documents of the small resources, by route. own are those
// of the shop, which win over those of the example.
func readFixed(own map[string][]json.RawMessage, home string) (map[string][][]byte, error) {
	lines, err := readFile(exampleFiles, "example/site")
	if err != nil {
		return nil, err
	}
	fixed := make(map[string][][]byte)
	for _, line := range lines {
		var recorded struct {
			Route     string            `json:"route"`
			Documents []json.RawMessage `json:"documents"`
		}
		line = bytes.ReplaceAll(line, []byte(exampleHome), []byte(home))
		if err := json.Unmarshal(line, &recorded); err != nil {
			return nil, err
		}
		if err := setFixed(fixed, recorded.Route, recorded.Documents); err != nil {
			return nil, err
		}
	}
	for route, documents := range own {
		if err := setFixed(fixed, route, documents); err != nil {
			return nil, err
		}
	}
	return fixed, nil
}

func setFixed(fixed map[string][][]byte, route string, documents []json.RawMessage) error {
	compact := make([][]byte, 0, len(documents))
	for _, raw := range documents {
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return fmt.Errorf("wootest: %s: %w", route, err)
		}
		compact = append(compact, b.Bytes())
	}
	fixed[route] = compact
	return nil
}

// fixedHere are the documents of the path.
func (x *exchange) fixedHere() ([][]byte, *apiError) {
	path := strings.TrimPrefix(x.path, "/wc/v3")
	documents, known := x.data.fixed[path]
	if !known {
		return nil, notPlayed(path + ", of which it has no documents")
	}
	return documents, nil
}

// fixedPlain serves a list that is not counted.
func (x *exchange) fixedPlain() ([]byte, *apiError) {
	documents, refusal := x.fixedHere()
	return joinArray(documents), refusal
}

// fixedCounted serves a list that comes whole, with its total.
func (x *exchange) fixedCounted() ([]byte, *apiError) {
	documents, refusal := x.fixedHere()
	if refusal != nil {
		return nil, refusal
	}
	x.header.Set("X-WP-Total", strconv.Itoa(len(documents)))
	x.header.Set("X-WP-TotalPages", "1")
	return joinArray(documents), nil
}

// fixedTerms serves a page of a list, which is sorted by name.
func (x *exchange) fixedTerms() ([]byte, *apiError) {
	documents, refusal := x.fixedHere()
	if refusal != nil {
		return nil, refusal
	}
	rules := x.data.schema("/products/categories")
	for i := range rules.args {
		name := rules.args[i].name
		usual := slices.Contains([]string{"context", "page", "per_page", "order", "orderby"}, name)
		if !usual && x.query.has(name) {
			return nil, notPlayed(name + " of " + x.route.name)
		}
	}
	q, refusal := rules.validate(x.query)
	if refusal != nil {
		return nil, refusal
	}
	x.query = q
	if by := q.text("orderby"); by != "" && by != "name" {
		return nil, notPlayed("orderby=" + by + " of " + x.route.name)
	}
	if q.text("order") == "desc" {
		documents = slices.Clone(documents)
		slices.Reverse(documents)
	}
	perPage, page, total := int(q.number("per_page", 10)), int(q.number("page", 1)), len(documents)
	documents = documents[min((page-1)*perPage, total):min(page*perPage, total)]
	x.counted(nil, page, perPage, total, len(documents) > 0)
	return joinArray(documents), nil
}

// fixedSingle serves the document of a list whose ID ends the path.
func (x *exchange) fixedSingle() ([]byte, *apiError) {
	path := strings.TrimPrefix(x.path, "/wc/v3")
	slash := strings.LastIndex(path, "/")
	for _, document := range x.data.fixed[path[:slash]] {
		var d struct {
			ID json.RawMessage `json:"id"`
		}
		if err := json.Unmarshal(document, &d); err == nil && strings.Trim(string(d.ID), `"`) == path[slash+1:] {
			return document, nil
		}
	}
	return nil, notPlayed("unknown IDs of " + path[:slash])
}
