package wootest

import (
	"strings"
	"time"
)

// bound is a date of a filter in the three readings that shops compare by.
type bound struct {
	instant time.Time // UTC
	wall    time.Time // the store's local reading of it, as if it were UTC
}

// readBound reads a date that passed validation. Without a zone it is the
// store's local time. Fractions are cut.
func readBound(text string, zone *time.Location) bound {
	const seconds = len(wallLayout)
	text = strings.ToUpper(strings.Replace(text, " ", "T", 1))
	wall, err := time.Parse(wallLayout, text[:seconds])
	if err != nil { // such as month 13: PHP takes it for the beginning of time
		return bound{}
	}
	rest := text[seconds:]
	if strings.HasPrefix(rest, ".") {
		rest = strings.TrimLeft(rest[1:], "0123456789")
	}
	if rest == "" {
		instant := localInstant(wall, zone)
		return bound{instant, wallOf(instant, zone)}
	}
	if len(rest) == len("+01") {
		rest += ":00"
	}
	shifted, err := time.Parse("2006-01-02T15:04:05Z07:00", text[:seconds]+rest)
	if err != nil {
		return bound{}
	}
	return bound{shifted.UTC(), wallOf(shifted, zone)}
}

// wallOf is the local reading of an instant, as if it were UTC.
func wallOf(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
}

// localInstant is the instant of a local reading. An hour that the clocks skip
// is read as the hour after it; one that comes twice as its second coming, as
// was measured.
func localInstant(wall time.Time, zone *time.Location) time.Time {
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	late := wall.Add(-time.Duration(after) * time.Second)
	if wallOf(late, zone).Equal(wall) {
		return late
	}
	return wall.Add(-time.Duration(before) * time.Second)
}
