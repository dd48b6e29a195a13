// Package woocommerce reads a WooCommerce shop through its REST API v3.
//
// A [Client] speaks to one shop. [Client.OrderSource] is a source of its orders that
// loses none while the shop goes on selling: every pass freezes a window of
// modification times and reads it by ID from the last record to the first, so
// that whatever is edited or deleted meanwhile can only move what is unread to
// where reading has still to come by.
//
// What is said here of WooCommerce was measured on versions 9.9.5 and 10.9.2,
// with and without its order tables (HPOS).
package woocommerce
