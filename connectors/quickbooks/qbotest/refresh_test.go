package qbotest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestRefreshRace: two refreshes with one value at a time.
func TestRefreshRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, theft := range []bool{false, true} {
			opts := []Option{WithClock(time.Now), WithLatency(time.Second)}
			if !theft {
				opts = append(opts, WithoutTheftRevocation())
			}
			d := open(t, opts...)
			token := d.RefreshToken()
			got := make(chan string)
			for range 2 {
				go func() { got <- d.refresh(token).body.str("error") }()
			}
			same(t, "one of them", (<-got)+(<-got), "invalid_grant")
			want := ""
			if theft {
				want = "invalid_grant"
			}
			same(t, fmt.Sprint("then, revoked ", theft), d.refresh(token).body.str("error"), want)
		}
	})
}

func TestRefreshGrace(t *testing.T) {
	d := open(t, WithRotation(), WithRefreshGrace(24*time.Hour), WithTheftRevocation())
	first := d.RefreshToken()
	second := d.refresh(first).body.str("refresh_token")
	same(t, "the old one gives the new one", d.refresh(first).body.str("refresh_token"), second)
	d.Advance(24 * time.Hour)
	same(t, "for a day", d.refresh(first).body.str("error"), "invalid_grant")
}

func TestFormsOfOAuthErrors(t *testing.T) {
	d := open(t, WithShortGrantErrors(), WithInvalidClient400(), WithRefreshLife(time.Hour))
	same(t, "short", d.refresh("x").raw, `{"error":"invalid_grant"}`)
	same(t, "client", fmt.Sprint(d.refresh("x", "Authorization", "Basic eDp5").status), "400")
	same(t, "life", d.refresh(d.RefreshToken()).body.str("x_refresh_token_expires_in"), "3600")
	d.Advance(time.Hour)
	same(t, "ends", d.refresh(d.RefreshToken()).body.str("error"), "invalid_grant")
	d = open(t)
	d.Inject(Fault{Match: Is(Token, ""), Effect: InvalidGrant()})
	same(t, "in an outage", d.refresh(d.RefreshToken()).body.str("error"), "invalid_grant")
	same(t, "which passes", d.refresh(d.RefreshToken()).status, 200)
}
