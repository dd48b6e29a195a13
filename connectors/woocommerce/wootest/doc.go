// Package wootest is a fake WooCommerce shop, to be used in tests as
// [net/http/httptest] is.
//
// It serves orders, refunds, products, variations, customers, coupons and tax
// rates under /wp-json/wc/v3 with the behaviour measured on running shops:
// their paging and headers, date filters with the time zone traps, validation
// errors, keys, the 502 of a long include list. Records are JSON documents
// served byte for byte as they were given, but for the decimals of money, so
// numbers, empty maps and nulls come as a real shop writes them.
//
//	shop := wootest.NewServer(wootest.WithExample())
//	defer shop.Close()
//	request, _ := http.NewRequest(http.MethodGet, shop.URL+"/wp-json/wc/v3/orders", nil)
//	request.SetBasicAuth(shop.Key(), shop.Secret())
//	response, err := shop.Client().Do(request)
//
// The records are those of a recorded shop ([WithExample]), of your own
// ([WithShop]), or generated from a seed in any number ([WithOrders],
// [WithProducts], [WithCustomers], [WithCoupons]): calm ones, whose totals add
// up, or with [WithVariety] as odd as real ones.
//
// What a test wants to happen between two pages it does in
// [Server.BeforeRequest], to the records of any [Resource]: [Server.Edit],
// [Server.EditAll], [Server.Touch], [Server.Trash], [Server.Delete],
// [Server.Insert], and [Server.InsertAt] for what is committed late. Other records
// follow as measured, some without a new modification time: an order loses a
// deleted product or refund unseen. [Server.Poison] and [Server.Hide] spoil pages
// by a single record. What was served and changed, and in which order, tell
// [Server.Histories]; an [Event] that is Silent is one that no date filter finds.
//
// Broken networks and hosts are played by [Server.Fail] with a [Fault], of which
// there are many ready-made, from [ByteOrderMark] to [GzipBomb]. Answers take
// time [WithLatency], hosts have a [WithCapacity], and clocks that differ a
// [WithDateSkew]. [Server.Calls], [Server.Requests] and [Server.Traffic] count
// what was asked and sent.
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
// webhook sends about a record that is gone, what a line keeps of a deleted
// variation, that refunds go with their order and variations with their product,
// and the pages of HTML.
//
// Writes are judged by the recorded schemas, and totals and taxes are computed,
// never echoed: for prices without tax, rounded per line, with the coupons that
// have no conditions. How notes, tax rates and rights are refused is known from
// the source.
package wootest
