package qbotest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestReplay(t *testing.T) {
	d := shop(t)
	first := d.post("customer?requestid=a", `{"DisplayName":"X"}`)
	d.Advance(time.Minute)
	again := d.post("customer?requestid=a&minorversion=75", `{"DisplayName":"X"}`)
	same(t, "answer", again.raw, first.raw)
	same(t, "other body", d.post("customer?requestid=a", `{"DisplayName":"Y"}`).raw, first.raw)
	same(t, "other entity", d.post("item?requestid=a", `{"Name":"Y","Type":"Service"}`).raw, first.raw)
	same(t, "written", len(d.Documents("Customer")), 2)
	same(t, "replayed", d.Requests().Replayed, 3)
	same(t, "other id", d.post("customer?requestid=b", `{"DisplayName":"X"}`).code(), "6240")
	same(t, "no id", d.post("customer", `{"DisplayName":"X"}`).code(), "6240")
	same(t, "50 characters", d.post("customer?requestid="+strings.Repeat("%C3%BC", 50), `{"DisplayName":"Z"}`).status, 200)

	d.must("customer?requestid=c", `{"Id":"2","SyncToken":"0","sparse":true,"Notes":"n"}`)
	same(t, "an update is not done twice", d.must("customer?requestid=c", `{"Id":"2","SyncToken":"0","sparse":true,"Notes":"n"}`).str("SyncToken"), "1")
	same(t, "reads are not replayed", d.get("customer/2?requestid=a").body.str("Customer", "Notes"), "n")
}

func TestReplayOfAnotherBodyCanBeRefused(t *testing.T) {
	d := shop(t, WithRequestIDMismatch())
	first := d.post("customer?requestid=a", `{"DisplayName":"X"}`)
	same(t, "same body", d.post("customer?requestid=a", `{"DisplayName":"X"}`).raw, first.raw)
	same(t, "other body", d.post("customer?requestid=a", `{"DisplayName":"Y"}`).code(), "600")
	same(t, "other operation", d.post("customer?requestid=a&operation=delete", `{"DisplayName":"X"}`).code(), "600")
}

func TestRefusalsAreForgotten(t *testing.T) {
	for _, remember := range []bool{false, true} {
		d := shop(t)
		if remember {
			d.Configure(WithRememberedErrors())
		}
		same(t, "refused", d.post("customer?requestid=a", `{"DisplayName":"Ann Lee"}`).code(), "6240")
		want := ""
		if remember {
			want = "6240"
		}
		same(t, "mended", d.post("customer?requestid=a", `{"DisplayName":"X"}`).code(), want)
		d.Inject(Fault{Effect: Fail(500)}, Fault{Effect: Throttle(ThrottleXML, 0)}, Fault{Effect: ExpireToken()})
		for _, status := range []int{500, 429, 401} {
			same(t, "from outside", d.post("customer?requestid=b", `{"DisplayName":"Y"}`).status, status)
		}
		d.token = d.AccessToken()
		same(t, "then", d.post("customer?requestid=b", `{"DisplayName":"Y"}`).status, 200)
	}
}

func TestForgetting(t *testing.T) {
	const path = "salesreceipt?requestid=a"
	body := receipt("NotApplicable", "", sale("1", ""))
	d := shop(t, WithRequestIDMemory(time.Minute))
	d.must(path, body)
	d.Advance(time.Minute - 1)
	same(t, "kept", d.must(path, body).str("Id"), "1")
	d.Advance(1)
	same(t, "forgotten", d.must(path, body).str("Id"), "2")
	same(t, "kept anew", d.must(path, body).str("Id"), "2")
	d.ForgetRequestIDs()
	same(t, "forgotten by force", d.must(path, body).str("Id"), "3")
}

func TestForgettingAtOnce(t *testing.T) {
	const path = "salesreceipt?requestid=a"
	body := receipt("NotApplicable", "", sale("1", ""))
	d := shop(t, WithRequestIDMemory(0))
	same(t, "first", d.must(path, body).str("Id"), "1")
	same(t, "again", d.must(path, body).str("Id"), "2")
	same(t, "batch", outcome(d.batch("b", person("a", "X"))), "a=Customer 2")
	same(t, "again", outcome(d.batch("b", person("a", "X"))), "a=6240")
}

func TestDuplicatesCanBeRefused(t *testing.T) {
	d := shop(t, WithRefusedDuplicates())
	d.must("customer?requestid=a", `{"DisplayName":"X"}`)
	same(t, "again", d.post("customer?requestid=a", `{"DisplayName":"X"}`).code(), "600")
	same(t, "written", len(d.Documents("Customer")), 2)
}

// TestTwins: a second request with the requestid of one that has not ended.
func TestTwins(t *testing.T) {
	body := receipt("NotApplicable", "", sale("1", ""))
	for twins, want := range map[Twins]string{TwinsOnce: "1 <nil> 1 1", TwinsRefused: "600 <nil> 0 1", TwinsBoth: "1 <nil> 1 2"} {
		d := shop(t, WithTwins(twins))
		d.Inject(Fault{Match: Writes, Effect: ExecuteLate(time.Minute)})
		d.post("salesreceipt?requestid=a", body)
		a := d.post("salesreceipt?requestid=a", body)
		before := len(d.Documents("SalesReceipt"))
		d.Advance(time.Minute)
		same(t, "late", fmt.Sprint(a.code()+a.body.str("SalesReceipt", "Id"), " ", a.err, " ", before, " ", len(d.Documents("SalesReceipt"))), want)
		d.must("salesreceipt?requestid=a", body)
		same(t, "then it has ended", fmt.Sprint(len(d.Documents("SalesReceipt"))), want[len(want)-1:])
	}
	synctest.Test(t, func(t *testing.T) {
		for twins, want := range map[Twins]string{TwinsOnce: "map[200:2] 1", TwinsRefused: "map[200:1 400:1] 1", TwinsBoth: "map[200:2] 2"} {
			d := shop(t, WithTwins(twins), WithClock(time.Now), WithLatency(time.Second))
			status := make(chan int)
			for range 2 {
				go func() { status <- d.post("salesreceipt?requestid=a", body).status }()
			}
			got := map[int]int{}
			got[<-status]++
			got[<-status]++
			same(t, "at a time", fmt.Sprint(got, " ", len(d.Documents("SalesReceipt"))), want)
		}
	})
}

func TestTwinsOfBatches(t *testing.T) {
	for twins, want := range map[Twins][2]string{TwinsOnce: {"b=6240", "2 2"}, TwinsRefused: {"", "1 2"}, TwinsBoth: {"b=6240", "2 3"}} {
		d := shop(t, WithTwins(twins), WithBatchIdempotency(PerItem))
		items := []string{item("a", "create", "SalesReceipt", receipt("NotApplicable", "", sale("1", ""))), person("b", "Ann Lee"), item("c", "create", "SalesReceipt", receipt("NotApplicable", "", sale("2", "")))}
		d.Inject(Fault{Match: Is(Batch, ""), Effect: ExecuteItemsLate(0, time.Minute)})
		d.batch("r", items...)
		same(t, "begun", len(d.Documents("SalesReceipt")), 1)
		a := d.batch("r", items...)
		if !strings.Contains(outcome(a), want[0][:min(len(want[0]), 6)]) || want[0] == "" && a.code() != "600" {
			t.Error(twins, a.raw)
		}
		before := len(d.Documents("SalesReceipt"))
		d.Advance(time.Hour)
		same(t, fmt.Sprint("written ", twins), fmt.Sprint(before, " ", len(d.Documents("SalesReceipt"))), want[1])
	}
}

// TestAnswerLost: the client retries what was done and gets the answer that was lost.
func TestAnswerLost(t *testing.T) {
	d := shop(t)
	for i, e := range []Effect{CommitThenDrop(), CommitThen(500), CommitThen(429)} {
		d.Inject(Fault{Match: Is(Create, "SalesReceipt"), Effect: e})
		path := "salesreceipt?requestid=" + string(rune('a'+i))
		body := receipt("NotApplicable", "", sale("1", ""))
		d.post(path, body)
		d.must(path, body)
		same(t, "written", len(d.Documents("SalesReceipt")), i+1)
	}
}
