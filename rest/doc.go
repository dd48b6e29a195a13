// Package rest is the HTTP client that every connector uses.
//
// It repeats what may be repeated and nothing else, keeps to the limits of the server, reads bodies whole and bounded,
// refuses to be led to private addresses, and lets no secret into an error or a log. A connector says per request whether
// it may be sent twice ([Request.Repeatable]) and gets either a complete answer, whatever its status, or an [*Error] that
// says whether the server may have acted.
//
//	client, err := rest.New(rest.Options{BaseURL: "https://shop.example", PerSecond: 5, Authorize: sign})
//	answer, err := client.Do(ctx, rest.Request{Method: http.MethodGet, Path: "/wp-json/wc/v3/orders"})
//
// # What is repeated
//
//   - Reads (GET, HEAD, OPTIONS) and Repeatable writes: after a lost connection, a time-out, and 500, 502, 503 and 504.
//   - Every request: after 429 and what [Options.Throttled] names, because the server certainly did not act, and when it
//     was certainly not sent (the name did not resolve, nobody listened).
//   - Nothing: after a redirect, a refused address, a certificate that does not fit, a body or header over its bound.
//
// Waits between attempts are random between nothing and a bound that doubles (full jitter). A throttle answer pauses the
// whole client, not one call, and calls resume spaced out. All calls of a client share one budget of repetitions: a tenth
// of the calls made, and a reserve of twenty. So a server in trouble sees at most a tenth more requests, not five times as
// many. Repetitions after a throttle answer cost no budget: the pause already spaces them. A server that throttles again after
// each of several pauses ([Options.MaxPauses]) is not asked any more by calls in progress: its quota is used up.
//
// # Pacing
//
// Requests leave evenly spaced, at 99 % of the stricter of the two limits, with no burst: 500 a minute is one request
// every 121.2 ms. Even spacing means that no window of a minute (or second), wherever it begins, holds more than the limit.
// Kinds of requests with a limit of their own ([Options.KindPerMinute]) are spaced by it first and then stand in line with the
// others, so that both limits are kept and both can be used up at the same time.
package rest
