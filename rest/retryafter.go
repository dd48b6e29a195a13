package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter bounds what a server may ask for; a date in 2099 is a mistake, and a day is asked for by real quotas.
const maxRetryAfter = 24 * time.Hour

// ParseRetryAfter reads a Retry-After header in either of its forms: whole seconds, or an HTTP date, which is compared
// with now. A time that has passed is 0. A wait of more than a day is a day, also if the number overflows. It reports false for
// an empty, negative, fractional or otherwise unreadable value.
func ParseRetryAfter(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0, false
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter, true // only digits, so the error is an overflow
		}
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(now), 0), maxRetryAfter), true
}
