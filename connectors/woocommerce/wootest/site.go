package wootest

import (
	"time"
)

// index is the answer of /wp-json/, as far as clients look at it.
func (x *exchange) index() ([]byte, *apiError) {
	_, offset := x.server.now().In(x.data.zone).Zone()
	namespaces := `["wc/v3","wp/v2"]`
	if x.server.config.noWooCommerce {
		namespaces = `["wp/v2"]`
	}
	return object{
		{"name", mustJSON("wootest")},
		{"description", mustJSON("")},
		{"url", mustJSON(x.server.home())},
		{"home", mustJSON(x.server.home())},
		{"gmt_offset", mustJSON(int64(offset) / int64(time.Hour/time.Second))},
		{"timezone_string", mustJSON(x.data.zone.String())},
		{"namespaces", []byte(namespaces)},
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

// systemStatus is the report as far as it was recorded: versions and settings.
func (x *exchange) systemStatus() ([]byte, *apiError) {
	documents, refusal := x.fixedHere()
	if refusal != nil || len(documents) == 0 {
		return nil, refusal
	}
	changes := map[string]object{"environment": {
		{"home_url", mustJSON(x.server.home())},
		{"site_url", mustJSON(x.server.home())},
	}, "settings": {{"currency", mustJSON(x.data.setting("woocommerce_currency"))}}}
	if x.data.version == V9 {
		changes["environment"] = append(changes["environment"], member{"version", mustJSON(x.data.version.String())}, member{"wp_version", mustJSON("6.9")})
	}
	if !x.data.hpos {
		changes["settings"] = append(changes["settings"], member{"order_datastore", mustJSON("WC_Order_Data_Store_CPT")}, member{"HPOS_enabled", []byte("false")})
	}
	report, err := parseObject(documents[0])
	if err != nil {
		return documents[0], nil
	}
	for name, members := range changes {
		part, err := parseObject(report.get(name))
		if err != nil {
			continue // a report of the shop's own, without it
		}
		for _, m := range members {
			part = part.set(m.name, m.value)
		}
		report = report.set(name, part.bytes())
	}
	return report.bytes(), nil
}
