package sqlite

import (
	"database/sql"
	"fmt"
	"time"
)

// micros is how a time is kept: exact to the microsecond, and NULL for the zero
// time, which is not 1970.
func micros(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

func timeOf(at sql.NullInt64) time.Time {
	if !at.Valid {
		return time.Time{}
	}
	return time.UnixMicro(at.Int64).UTC()
}

// textTime is how sync_state keeps times: people read them, and their order is
// that of the texts.
const textTime = "2006-01-02T15:04:05.000000Z"

func textOf(t time.Time) (string, error) {
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return "", fmt.Errorf("sqlite: year %d is out of range", t.Year())
	}
	return t.Format(textTime), nil
}

func parseTime(text string) (time.Time, error) { return time.Parse(textTime, text) }
