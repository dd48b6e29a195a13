package qbotest

import (
	"net/http"
	"time"

	"github.com/shopspring/decimal"
)

// Option changes a setting of the fake. See [New] and [Server.Configure].
type Option func(*settings)

type settings struct {
	clock         func() time.Time
	latency       time.Duration
	onRequest     func(n int, r *http.Request)
	limits        Limits
	throttle      ThrottleForm
	lenient       bool
	replayOther   bool // a requestid seen with another body is refused
	replayErrors  bool
	batchKey      BatchIdempotency
	shuffle       bool
	seed          uint64
	truncate      bool
	changes       Changes
	hyphen        bool
	itemTime      time.Duration
	restrictedOK  bool
	dialect       Dialect
	webhooks      *Webhooks
	memory        time.Duration // negative for ever
	refuseAgain   bool
	twins         Twins
	retryAfter    time.Duration
	quota         int
	quotaOnReads  bool
	queryLag      time.Duration
	everyRefresh  bool
	theft         bool
	grace         time.Duration
	refreshLife   time.Duration
	shortErrors   bool
	client400     bool
	redirects     []string
	denial        bool
	duplicate     DuplicateDetail
	inactive610   bool
	customNumbers bool
	warnDuplicate bool
	allowDiscount bool

	batchSize      int
	noCurrencyRefs bool // not even one that was returned may come back
	countRefused   bool // requests over a limit count for it
	anonymous      bool // a receipt needs no customer
	recalculate    bool // outside the United States Amount is Qty times UnitPrice, whatever was sent
	taxUpdates     bool // TxnTaxDetail may come with an update that changes amounts
	hideClose      bool
	namesPerParent bool
	country, plan  string
	customFields   []string

	numbersPerType bool // a number is unique among documents of one kind only
	refundsToPrint bool // a refund that is to be printed needs no reference
	quietBalances  bool // a payment does not move the SyncToken of an invoice
	unlinks        bool // a linked transaction can be removed
	keptAddresses  bool // an address stays as it was sent with an update
	plainVoid      bool // the answer to voiding an invoice spells as any other

	taxModel      TaxModel
	override      TaxOverride
	engine        []engineRule
	salesTax      bool
	homeCurrency  string
	multiCurrency bool
	classPerTxn   bool
	classPerLine  bool
	departments   bool
	dropTracking  bool
	autoApply     bool
	allowShipping bool

	bookClose     string
	subscription  string
	overrideLimit decimal.Decimal
	perLineLimit  bool
	noDefaultTax  bool
	taxCodes      []taxCodeSetting
}

func defaults() settings {
	return settings{
		clock:         time.Now,
		memory:        -1,
		theft:         true,
		refreshLife:   100 * 24 * time.Hour,
		limits:        DefaultLimits(),
		subscription:  "SUBSCRIBED",
		salesTax:      true,
		homeCurrency:  "EUR",
		country:       "DE",
		plan:          Plus,
		batchSize:     30,
		engine:        []engineRule{{"CA", "US CA State 7.25% + County 1.125%"}, {"NY", "US NY 8.875%"}},
		allowDiscount: true,
		customNumbers: true,
		overrideLimit: decimal.New(5, -2),
		perLineLimit:  true,
	}
}

// WithClock sets the clock that the fake reads. The default is time.Now.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithLatency makes every request wait before it is executed; one to the API that waits more than 120 seconds is executed then and
// answered with 504. A client that gives up meanwhile does not take its request back: it is executed all the same.
func WithLatency(d time.Duration) Option { return func(s *settings) { s.latency = d } }

// OnRequest has f called with every request before it is looked at; n counts from 1. The request's body can be read.
// f must not call methods of the fake that wait for a request to end, such as Close.
func OnRequest(f func(n int, r *http.Request)) Option { return func(s *settings) { s.onRequest = f } }

// Limits are the rates at which the fake begins to answer 429. 0 means no limit.
type Limits struct {
	PerMinute        int // requests of the company in any 60 seconds
	PerSecond        int // requests of company and app in any second
	BatchesPerMinute int // of company and app
	InFlight         int // requests at the same time

	RealmBatchesPerMinute int // of the company, with those of other apps
}

// DefaultLimits returns the documented limits: 500 a minute, 10 a second, 40 batches a minute of the app and 120 of the
// company, 10 at a time.
func DefaultLimits() Limits {
	return Limits{PerMinute: 500, PerSecond: 10, BatchesPerMinute: 40, RealmBatchesPerMinute: 120, InFlight: 10}
}

// WithLimits replaces the limits. WithLimits(Limits{}) switches throttling off.
func WithLimits(l Limits) Option { return func(s *settings) { s.limits = l } }

// ThrottleForm is the shape of the answer to a request over a limit.
type ThrottleForm int

// The shapes in which throttling has been seen. ThrottleJSON is not attested.
const (
	ThrottleXML  ThrottleForm = iota // 429 and XML, whatever Accept says
	ThrottleJSON                     // 429 and JSON
	Throttle403                      // 403 and XML, as in 2016
)

// WithThrottleForm sets the shape of throttle answers. The default is ThrottleXML.
func WithThrottleForm(f ThrottleForm) Option { return func(s *settings) { s.throttle = f } }

// WithRetryAfter has every throttle answer carry a Retry-After, which the real server is not known to send.
func WithRetryAfter(d time.Duration) Option { return func(s *settings) { s.retryAfter = d } }

// WithQuota bounds the CorePlus calls of a month, as the partner program does: when n have succeeded, everything is refused like a request over
// a rate until the month of the fake's clock, in UTC, is over. What a batch costs is counted in the reading that costs more.
func WithQuota(n int) Option { return func(s *settings) { s.quota = n } }

// WithQuotaOnReads has the exhausted quota of [WithQuota] refuse CorePlus calls only, so that writes go on.
func WithQuotaOnReads() Option { return func(s *settings) { s.quotaOnReads = true } }

// WithHyphenTID spells the header intuit_tid as older servers do: intuit-tid.
func WithHyphenTID() Option { return func(s *settings) { s.hyphen = true } }

// WithUnknownProperties accepts and drops properties that the entity does not have, instead of refusing them with 2010.
func WithUnknownProperties() Option { return func(s *settings) { s.lenient = true } }

// WithRequestIDMismatch refuses a requestid that comes back with another body (400, code 600) instead of answering as to
// the first one.
func WithRequestIDMismatch() Option { return func(s *settings) { s.replayOther = true } }

// WithRememberedErrors has answers of the kind 4xx remembered under their requestid too.
func WithRememberedErrors() Option { return func(s *settings) { s.replayErrors = true } }

// WithRequestIDMemory has requestids forgotten after d; 0 forgets them at once. By default they are kept for ever. How long the real
// server keeps them is not documented.
func WithRequestIDMemory(d time.Duration) Option {
	return func(s *settings) { s.memory = max(d, 0) }
}

// WithRefusedDuplicates refuses every requestid that is remembered with 600 instead of answering as before. The catalogue of codes
// knows that code; no one has seen it.
func WithRefusedDuplicates() Option { return func(s *settings) { s.refuseAgain = true } }

// Twins is what becomes of a request whose requestid belongs to another one that is still under way, or waits for its late
// execution. No documentation says it.
type Twins int

// The readings.
const (
	TwinsOnce    Twins = iota // whichever comes to its execution first is done, the other one gets its answer
	TwinsRefused              // the second to arrive gets 600
	TwinsBoth                 // both are done: the requestid was not known when they arrived
)

// WithTwins sets what becomes of requests that overlap under one requestid. The default is TwinsOnce.
func WithTwins(t Twins) Option { return func(s *settings) { s.twins = t } }

// BatchIdempotency is what the requestid of a batch stands for. The documentation says that an item's key is the requestid followed by
// its bId; whether the real server remembers items or whole batches has not been seen.
type BatchIdempotency int

// The readings.
const (
	// PerBatch remembers a batch as a whole once all of it is done. A repetition gets the whole answer of then, faults and queries
	// included, whatever its items are; a batch that was cut off is not remembered, and a repetition does all of it again.
	PerBatch BatchIdempotency = iota
	// PerItem remembers each write that succeeded under requestid and bId put together, from the moment it was done.
	PerItem
)

// WithBatchIdempotency sets what the requestid of a batch stands for. The default is PerBatch.
func WithBatchIdempotency(k BatchIdempotency) Option { return func(s *settings) { s.batchKey = k } }

// WithShuffledBatches has the items of a batch executed, and answered, in an order that depends on the seed. By default queries come
// first, so that they see nothing of the batch's writes, and the answers stand in the order of the items.
func WithShuffledBatches(seed uint64) Option {
	return func(s *settings) { s.shuffle, s.seed = true, seed }
}

// WithTruncatedBatches has the objects beyond the thousandth of a batch's answer left out in silence; by default the query that
// would return them is refused with 10100. Which of it the real server does is not known.
func WithTruncatedBatches() Option { return func(s *settings) { s.truncate = true } }

// WithQueryLag has queries and change data capture show what is written only after d: new objects are missing until then, changed
// ones come as they were, and deleted ones are still there. Reading by Id works at once.
func WithQueryLag(d time.Duration) Option { return func(s *settings) { s.queryLag = d } }

// DuplicateDetail is the wording of the detail of a 6240.
type DuplicateDetail int

// The wordings that have been seen.
const (
	DuplicateDocumented DuplicateDetail = iota // "Another customer, vendor or employee is already using this name."
	DuplicateNull                              // "null"
	DuplicateWithID                            // "Id=" and the Id of the object that has the name, of whatever type
	DuplicateDollars                           // "Another $$customer$$ is already using this name."
)

// WithDuplicateDetail sets the wording of 6240.
func WithDuplicateDetail(d DuplicateDetail) Option { return func(s *settings) { s.duplicate = d } }

// WithInactiveReference610 has references to inactive objects refused with 610 instead of 2500. Both are seen.
func WithInactiveReference610() Option { return func(s *settings) { s.inactive610 = true } }

// WithCustomTxnNumbers sets the preference of that name. On, which is the default here, a document keeps the number it was
// sent with, or none; off, a document without one gets the next free number.
func WithCustomTxnNumbers(on bool) Option { return func(s *settings) { s.customNumbers = on } }

// WithDuplicateWarning has a DocNumber that is in use refused with 6140, if CustomTxnNumbers is on. No preference shows it.
func WithDuplicateWarning(on bool) Option { return func(s *settings) { s.warnDuplicate = on } }

// WithAllowDiscount sets the preference of that name; it is on by default.
func WithAllowDiscount(on bool) Option { return func(s *settings) { s.allowDiscount = on } }

// WithBookCloseDate closes the books up to a day (YYYY-MM-DD), inclusive; "" opens them.
func WithBookCloseDate(day string) Option { return func(s *settings) { s.bookClose = day } }

// WithWritableRestricted lets a company whose SubscriptionStatus is RESTRICTED be written to, as the reference says it is for about a
// week; the page about subscription states says that it can only be read, which is the default.
func WithWritableRestricted() Option { return func(s *settings) { s.restrictedOK = true } }

// WithSubscription sets the company's SubscriptionStatus. SUSPENDED, EXPIRED, CANCELLED and RESTRICTED refuse writes with 6190; see
// [WithWritableRestricted].
func WithSubscription(status string) Option { return func(s *settings) { s.subscription = status } }
