// Package woocommerce connects woosync to a WooCommerce shop through its REST
// API v3: sources of what is in the shop, targets for what is written back, a
// typed client for the rest, and webhooks.
//
// A [Client] speaks to one shop; limits and pauses belong to it. The package
// wootest is a fake shop for your tests.
//
// # Reading a shop
//
// The sources ([Client.OrderSource], [Client.ProductSource],
// [Client.CustomerSource] and their like) lose no record while the shop goes on
// selling. WooCommerce has page numbers and no cursors: forwards, every record
// that leaves what was read already loses one at the next page border (measured,
// in every sort order). So a pass freezes a window of modification times and
// reads it by ID from the last record to the first; whatever is edited or deleted
// meanwhile can only move what is unread to where reading has still to come by.
// The next pass begins where the last one ended, less an overlap. Lists without
// modification times are read whole, and contents tell what changed.
//
// A record that the shop cannot serve or that cannot be decoded comes with
// Record.Err; its neighbours come as usual.
//
// # Asking for more
//
// [Client.Orders], [Client.Products] and the other lists read single records and
// pages, count, create, change and delete, alone or in batches:
//
//	order, err := shop.Orders().Get(ctx, 17)
//	order, err = shop.Orders().Update(ctx, 17, woocommerce.Patch{}.Meta("erp_no", "0043"))
//
// Records keep the JSON they were read from. Their fields survive what PHP does
// to types (numbers in quotes, [] for an empty object, null and false for
// nothing), and unknown fields are in Raw.
//
// # Single records, pages and writes
//
// Each kind of record has an [Endpoint] to read it, and a [Collection] where it
// may be written:
//
//	order, err := shop.Orders().Get(ctx, 17)
//	list, err := shop.Products().List(ctx, woocommerce.Query{Search: "hat", PerPage: 20})
//	n, err := shop.Customers().Count(ctx, woocommerce.Query{})
//
//	order.Status = "completed"
//	order, err = shop.Orders().Save(ctx, order) // sends the status and nothing else
//	_, err = shop.Products().Update(ctx, 9, woocommerce.Patch{}.Number("stock_quantity", 3))
//	made, err := shop.Products().Create(ctx, woocommerce.Draft(woocommerce.Product{Name: "Hat"}))
//
// A record keeps the JSON it was read from, in Raw: fields that have no place in
// a type are found there, and come out again as they went in. What belongs to
// Raw is never to be changed in place.
//
// # Keys
//
// Over https the key goes into the Authorization header; over http, where
// Config.AllowHTTP is needed, requests are signed by OAuth 1.0a and the secret is
// never sent. Hosts that remove the header are reached with AuthOAuth1 over
// https as well. [Client.Check] tells in one call whether a shop can be read,
// what may be done with the key, and, if something is in the way, what and how
// to remove it: an unknown key is told from one that does not arrive, plain
// permalinks from a missing WooCommerce, another home address from a wrong
// secret.
//
// # Writing into a shop
//
// [Client.GoodsTarget] sets stock and prices, a hundred in one request;
// [Client.OrderNoteTarget] and [Client.OrderMetaTarget] tell an order what it was
// booked as. WooCommerce knows no idempotency keys, so each finds what it wrote
// by what it wrote: absolute values, a mark in the last line of a note, the key of
// a piece of meta data. An answer that is lost doubles nothing.
//
// # Webhooks
//
// A [WebhookHandler] takes the deliveries of a shop and yields a [Hint] for each:
// which record to read again, by ReadRecords of a source. [Client.EnsureWebhooks]
// registers the webhooks and repairs them. They are a way to be quick and no way
// to be complete: WooCommerce sends nothing again, and has no topic for a record
// that is deleted for good. So go on making passes.
//
// What is said here of WooCommerce was measured on versions 9.9.5 and 10.9.2,
// with and without its order tables (HPOS).
package woocommerce
