package wootest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// route is a path of the REST API.
type route struct {
	name   string // with <id> for a number
	allow  string // the Allow header
	public bool
	serve  func(*exchange) ([]byte, *apiError)
}

const (
	reading   = "GET"
	listing   = "GET, POST"
	recording = "GET, POST, PUT, PATCH, DELETE"
	batching  = "POST, PUT, PATCH"
)

// routes are those of the shop's records. A part <id> stands for a number and
// <word> for anything.
func routes() []route {
	return []route{
		{"/orders", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.orders) }},
		{"/orders/<id>", recording, false, func(x *exchange) ([]byte, *apiError) {
			return x.single(x.data.orders, invalidID("woocommerce_rest_shop_order_invalid_id"))
		}},
		{"/orders/<id>/refunds", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.refunds) }},
		{"/orders/<id>/refunds/<id>", "GET, DELETE", false, func(x *exchange) ([]byte, *apiError) {
			return x.single(x.data.refunds, invalidID("woocommerce_rest_shop_order_refund_invalid_id"))
		}},
		{"/refunds", reading, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.refunds) }},
		{"/products", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.products) }},
		{"/products/<id>", recording, false, func(x *exchange) ([]byte, *apiError) {
			return x.single(x.data.products, invalidID("woocommerce_rest_product_invalid_id"))
		}},
		{"/products/<id>/variations", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.variations) }},
		{"/products/<id>/variations/<id>", recording, false, func(x *exchange) ([]byte, *apiError) {
			missing := invalidID("woocommerce_rest_product_variation_invalid_id")
			missing.noAllow = true
			return x.single(x.data.variations, missing)
		}},
		{"/customers", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.customers) }},
		{"/customers/<id>", recording, false, func(x *exchange) ([]byte, *apiError) {
			missing := invalidID("wc_user_invalid_id")
			missing.message, missing.noAllow = "Invalid user ID.", true
			return x.single(x.data.customers, missing)
		}},
		{"/coupons", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.coupons) }},
		{"/coupons/<id>", recording, false, func(x *exchange) ([]byte, *apiError) {
			return x.single(x.data.coupons, invalidID("woocommerce_rest_shop_coupon_invalid_id"))
		}},
		{"/taxes", listing, false, func(x *exchange) ([]byte, *apiError) { return x.list(x.data.taxes) }},
		{"/taxes/<id>", recording, false, func(x *exchange) ([]byte, *apiError) {
			missing := invalidID("woocommerce_rest_invalid_id")
			missing.message = "Invalid resource ID."
			return x.single(x.data.taxes, missing)
		}},
	}
}

func invalidID(code string) *apiError {
	return &apiError{status: http.StatusNotFound, code: code, message: "Invalid ID."}
}

// match finds the route of a path below the REST API and the IDs in it. One
// that is unknown gets a route without a name.
func match(path string, noWooCommerce bool) (*route, []int64) {
	if path == "/" {
		return &route{name: "/", allow: reading, public: true, serve: (*exchange).index}, nil
	}
	if noWooCommerce {
		return &route{}, nil
	}
	if path == "/wc/v3" {
		return &route{name: path, allow: reading, public: true, serve: (*exchange).namespaceIndex}, nil
	}
	rest, ok := strings.CutPrefix(path, "/wc/v3/")
	if !ok {
		return &route{}, nil
	}
	parts := strings.Split(rest, "/")
	for _, rt := range slices.Concat(writeRoutes(), fixedRoutes(), derivedRoutes(), webhookRoutes(), routes()) {
		if ids, ok := rt.matches(parts); ok {
			return &rt, ids
		}
	}
	return &route{}, nil
}

func (rt *route) matches(parts []string) (ids []int64, ok bool) {
	wanted := strings.Split(rt.name[1:], "/")
	if len(wanted) != len(parts) {
		return nil, false
	}
	for i, part := range parts {
		if wanted[i] == "<word>" {
			continue
		}
		if wanted[i] != "<id>" {
			if wanted[i] != part {
				return nil, false
			}
			continue
		}
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || id < 0 {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// refuses says why the route does not serve a method.
func (rt *route) refuses(method string) *apiError {
	switch {
	case rt.serve == nil:
		return noRoute()
	case method == http.MethodOptions:
		return nil
	case method == http.MethodGet, method == http.MethodHead:
		if rt.allow == batching {
			return noRoute()
		}
		return nil
	case slices.Contains(strings.Split(rt.allow, ", "), method):
		if rt.takesWrites() {
			return nil
		}
		return notPlayed("writes to " + rt.name)
	}
	return noRoute()
}
