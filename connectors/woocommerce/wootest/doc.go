// Package wootest is a fake WooCommerce shop, to be used in tests as
// [net/http/httptest] is.
//
// It serves orders, refunds, products, variations, customers, coupons and tax
// rates under /wp-json/wc/v3 with the behaviour measured on running shops:
// their paging and headers, date filters with the time zone traps, validation
// errors, keys, the 502 of a long include list. Records are JSON documents
// served byte for byte as they were given, so numbers, empty maps and nulls
// come as a real shop writes them.
//
//	shop := wootest.NewServer(wootest.WithExample())
//	defer shop.Close()
//	request, _ := http.NewRequest(http.MethodGet, shop.URL+"/wp-json/wc/v3/orders", nil)
//	request.SetBasicAuth(shop.Key(), shop.Secret())
//	response, err := shop.Client().Do(request)
//
// What a test wants to happen between two pages it does in
// [Server.BeforeRequest], with [Server.Edit], [Server.Delete] and
// their like; what was served meanwhile it asks of [Server.Histories]. Broken
// networks and hosts are played by [Server.Fail].
//
// The clock of a fake stands still unless [WithTick], [WithClock] or
// [Server.Advance] moves it, so that a test gives the same answer every time.
//
// Keys count as they do in a real shop: Basic and in the query over https, OAuth
// 1.0a signatures over the home address. Sites that are set up otherwise are
// played by [WithPermalinks], [WithRESTPrefix], [WithHome], [WithRedirect],
// [WithoutWooCommerce], [WithoutWordPress], [WithoutAuthorizationHeader] and
// [WithTLSTerminated]; a clock that differs by [Server.Advance]; pages in front
// of the shop by [Server.Fail] with [Unavailable] and [Firewall].
//
// Webhooks are written over the API or given in [Shop]. They send their pings
// at once, and what is due when [Server.DeliverWebhooks] says so, over the
// network or to [WithReceiver].
//
// What was not measured is refused with 501 and the code wootest_not_played.
// Known from the source of WooCommerce only, not from a recording, are the tax
// classes, the settings of taxes, how unknown webhooks are refused, what a
// webhook sends about a record that is gone, and the pages of HTML.
//
// Writes are judged by the recorded schemas, and totals and taxes are computed,
// never echoed: for prices without tax, rounded per line, with the coupons that
// have no conditions. How notes, tax rates and rights are refused is known from
// the source.
package wootest
