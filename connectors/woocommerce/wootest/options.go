package wootest

import (
	"net/http"
	"time"
)

// Version is a WooCommerce release whose behaviour is played.
type Version int

// The releases that were measured. The zero value is [V10].
const (
	V10 Version = iota // 10.9.2 on WordPress 7.0.2
	V9                 // 9.9.5: no order among equal modification times, drafts are listed by default
)

// String returns the number of the release.
func (v Version) String() string {
	if v == V9 {
		return "9.9.5"
	}
	return "10.9.2"
}

// An Option changes how a [Server] behaves. Later options win over earlier ones.
type Option func(*config)

type config struct {
	shop          Shop
	wanted        wanted
	seed          uint64
	version       Version
	hpos          bool
	basicOverHTTP bool
	clock         func() time.Time
	tick          time.Duration
	skew          time.Duration
	latency       func(Load) time.Duration
	capacity      int
	err           error

	permalinks         Permalinks
	prefix             string // of the REST API, without slashes
	home               string // "": where the server is reached
	redirect           string
	noWooCommerce      bool
	noWordPress        int // the status of every page; 0: it is WordPress
	stripAuthorization bool
	tlsTerminated      bool
	receiver           http.Handler // of webhooks; nil: the network
}

func newConfig(opts []Option) config {
	c := config{hpos: true, prefix: "wp-json"}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// WithExample serves the shop of [Example]: half of a real shop of 10.9.2, with
// 1285 orders of 2025 and 2026. Its clock stands one hour after the newest
// change.
func WithExample() Option {
	return func(c *config) {
		shop, err := Example()
		c.shop = shop
		c.err = err
	}
}

// WithShop serves a shop of your own. The documents are not copied, so leave
// them alone afterwards. A document that cannot be read makes every request
// fail with 500; [Server.Err] says why.
func WithShop(shop Shop) Option {
	return func(c *config) {
		c.shop = shop
		c.err = nil
	}
}

// WithOrders adds n generated orders, with the products, customers and tax
// rates they need, to whatever else is served. They are in EUR, of guests and
// customers in Germany and Austria, with one tax rate a line, discounts,
// shipping and refunds, spread over two years; their totals add up. The same
// seed gives the same orders. [WithVariety] makes them as odd as real ones.
func WithOrders(n int) Option { return func(c *config) { c.wanted.orders = n } }

// WithProducts adds n generated products. Default: 12 where orders are
// generated. Of more than 12 every tenth has four variations.
func WithProducts(n int) Option { return func(c *config) { c.wanted.products = n } }

// WithCustomers adds n generated customers. Default: 25 where orders are
// generated.
func WithCustomers(n int) Option { return func(c *config) { c.wanted.customers = n } }

// WithCoupons adds n generated coupons. Default: none, with [WithVariety] seven.
func WithCoupons(n int) Option { return func(c *config) { c.wanted.coupons = n } }

// WithVariety generates a shop with all that was met in real ones. Of orders:
// no, one, two and compound tax rates; prices entered with tax and without;
// rounding for each line and for the whole order; percent, cart and product
// coupons, two at once; fees, negative ones and such of half cents; no shipping,
// free shipping, two lines of it; refunds of everything, lines, shipping, an
// amount, nothing, several of them; EUR and now and then USD, GBP, CHF, JPY and
// KWD; guests, customers, products and variations that are gone; every status
// with drafts and the trash; metadata of every kind and twice; text in many
// scripts and one name of 1,679 bytes. Of products: every type and status,
// prices with three decimals and none. Of customers: such that were never
// changed.
//
// Money is kept with six decimals, as in a real shop, and rounded to what a
// request asks for with dp. So parts of an order need not add up to its total:
// in EUR about every fifth of those whose tax is rounded once misses by a cent,
// of others hardly any; in JPY most do, because their total is whole, and some
// in KWD, whose third decimal shows with dp=3 or more only.
func WithVariety() Option { return func(c *config) { c.wanted.varied = true } }

// WithSeed chooses what [WithOrders] and inserted orders look like. Default 0,
// which is a seed like any other.
func WithSeed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// WithVersion plays another release. Default [V10].
func WithVersion(v Version) Option { return func(c *config) { c.version = v } }

// WithHPOS says whether orders are kept in their own tables. Default true.
// Without, they are WordPress posts: a page beyond the end keeps the right
// total, and date filters go wrong in the hour when the clocks go back.
func WithHPOS(on bool) Option { return func(c *config) { c.hpos = on } }

// WithBasicOverHTTP says whether key and secret are accepted over plain http.
// Default false, as real shops do: they answer 401 as if there were no
// credentials. True is for test clients that cannot sign.
func WithBasicOverHTTP(on bool) Option { return func(c *config) { c.basicOverHTTP = on } }

// WithClock sets the clock of the fake. Default: it stands one hour after the
// newest record. [Server.Advance] and [WithTick] come on top. The function must
// be safe for concurrent use.
func WithClock(now func() time.Time) Option { return func(c *config) { c.clock = now } }

// WithTick moves the clock of the fake on by d before each request. Default 0.
func WithTick(d time.Duration) Option { return func(c *config) { c.tick = d } }

// WithDateSkew lets the Date header of every answer run ahead of the clock that
// modification times are taken from, or behind it when d is negative: web server
// and database of a shop need not agree. Default 0.
func WithDateSkew(d time.Duration) Option { return func(c *config) { c.skew = d } }
