package wootest

import (
	"time"
)

// index is the answer of /wp-json/, as far as clients look at it.
func (x *exchange) index() ([]byte, *apiError) {
	_, offset := x.server.now().In(x.data.zone).Zone()
	return object{
		{"name", mustJSON("wootest")},
		{"description", mustJSON("")},
		{"url", mustJSON(x.server.URL)},
		{"home", mustJSON(x.server.URL)},
		{"gmt_offset", mustJSON(int64(offset) / int64(time.Hour/time.Second))},
		{"timezone_string", mustJSON(x.data.zone.String())},
		{"namespaces", []byte(`["wc/v3","wp/v2"]`)},
		{"authentication", []byte("[]")},
	}.bytes(), nil
}

// settings are those of the group "general".
func (x *exchange) settings() ([]byte, *apiError) {
	var documents [][]byte
	for _, s := range x.data.settings {
		documents = append(documents, s)
	}
	return joinArray(documents), nil
}

// systemStatus is the part of the report that clients look at.
func (x *exchange) systemStatus() ([]byte, *apiError) {
	wordpress, datastore, hpos := "7.0.2", `Automattic\WooCommerce\Internal\DataStores\Orders\OrdersTableDataStore`, "true"
	if x.data.version == V9 {
		wordpress = "6.9"
	}
	if !x.data.hpos {
		datastore, hpos = "WC_Order_Data_Store_CPT", "false"
	}
	return object{
		{"environment", object{
			{"home_url", mustJSON(x.server.URL)},
			{"site_url", mustJSON(x.server.URL)},
			{"version", mustJSON(x.data.version.String())},
			{"wp_version", mustJSON(wordpress)},
		}.bytes()},
		{"settings", object{
			{"api_enabled", []byte("false")},
			{"force_ssl", []byte("false")},
			{"currency", mustJSON("EUR")},
			{"currency_symbol", mustJSON("&euro;")},
			{"currency_position", mustJSON("left")},
			{"thousand_separator", mustJSON(",")},
			{"decimal_separator", mustJSON(".")},
			{"number_of_decimals", mustJSON(storeDecimals)},
			{"order_datastore", mustJSON(datastore)},
			{"HPOS_enabled", []byte(hpos)},
			{"HPOS_sync_enabled", []byte("false")},
		}.bytes()},
	}.bytes(), nil
}
