package qbotest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestCutAfterTwoMinutes: the real server answers 504 after 120 seconds, whatever has been done by then.
func TestCutAfterTwoMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := item("0", "create", "SalesReceipt", receipt("NotApplicable", "", sale("1", "")))
		var many []string
		for i := range 30 {
			many = append(many, item(fmt.Sprint(i), "create", "SalesReceipt", receipt("NotApplicable", "", sale("1", ""))))
		}
		for _, c := range []struct {
			name  string
			opts  []Option
			slow  time.Duration
			items []string
			want  string // status, seconds, written
		}{
			{"in time", []Option{WithLatency(time.Minute)}, time.Minute, many, "200 120 30"},
			{"slow to answer", nil, 3 * time.Minute, many, "504 120 30"},
			{"slow to begin", []Option{WithLatency(3 * time.Minute)}, 0, many, "504 120 30"},
			{"both", []Option{WithLatency(time.Minute)}, 2 * time.Minute, many, "504 120 30"},
			{"quick items", []Option{WithBatchItemTime(4 * time.Second)}, 0, many, "200 120 30"},
			{"slow items", []Option{WithBatchItemTime(5 * time.Second)}, 0, many, "504 120 24"},
			{"slow items that begin late", []Option{WithBatchItemTime(5 * time.Second), WithLatency(time.Minute)}, 0, many, "504 120 12"},
			{"a slow item", []Option{WithBatchItemTime(5 * time.Second)}, 0, []string{one}, "200 5 1"},
			{"cut off", nil, -1, many, "504 120 7"},
		} {
			d := shop(t, append(c.opts, WithClock(time.Now))...)
			switch {
			case c.slow > 0:
				d.Inject(Fault{Match: Is(Batch, ""), Effect: Slow(c.slow)})
			case c.slow < 0:
				d.Inject(Fault{Match: Is(Batch, ""), Effect: CutOff(7)})
			}
			began := time.Now()
			status := d.batch("", c.items...).status
			same(t, c.name, fmt.Sprint(status, " ", time.Since(began).Seconds(), " ", len(d.Documents("SalesReceipt"))), c.want)
		}
	})
}

func TestSubscription(t *testing.T) {
	const body = `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`
	d := shop(t)
	for status, want := range map[string]string{
		"TRIAL": "", "TRIALOPTIN": "", "SUBSCRIBED": "", "UNKNOWN": "", "SUSPENDED": "6190", "EXPIRED": "6190", "CANCELLED": "6190", "CANCELED": "6190", "RESTRICTED": "6190",
	} {
		d := shop(t, WithSubscription(status))
		same(t, status, d.post("customer", body).code(), want)
		same(t, status+" can be read", d.get("customer/1").status, 200)
		same(t, status+" is shown", d.get("companyinfo/"+d.RealmID()).body.list("CompanyInfo", "NameValue")[0].str("Value"), status)
	}
	d.Configure(WithSubscription("RESTRICTED"), WithWritableRestricted())
	same(t, "for a week", d.post("customer", body).status, 200)
	d.Configure(WithSubscription("EXPIRED"))
	same(t, "by item", outcome(d.batch("", item("a", "update", "Customer", `{"Id":"1","SyncToken":"1","sparse":true,"Notes":"m"}`), `{"bId":"b","Query":"select * from Item"}`)), "a=6190, b=2")
	d.Inject(Fault{Effect: RefuseWith("6190", FormOK)})
	a := d.post("customer", body)
	same(t, "as has been seen", fmt.Sprint(a.status, " ", a.code()), "200 6190")
}
