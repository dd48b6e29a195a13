package quickbooks_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
)

// refusal returns the error of a write that is answered so.
func refusal(t *testing.T, answer answering) error {
	t.Helper()
	var err error
	synctest.Test(t, func(t *testing.T) {
		_, err = clientOf(t, answer).CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", buyer("Ann", "7")))
	})
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

func TestErrorForms(t *testing.T) {
	want := quickbooks.Error{Operation: "create customer", Status: 400, Code: "2050", Message: "Too long", Detail: "Min:0 Max:21", Element: "Title", Type: "ValidationFault", TID: "1-abc"}
	for name, c := range map[string]struct {
		body string
		want func(e *quickbooks.Error)
	}{
		"documented": {body: `{"Fault":{"Error":[{"Message":"Too long","Detail":"Min:0 Max:21","code":"2050","element":"Title"}],"type":"ValidationFault"},"time":"2026-11-20"}`},
		"gateway":    {body: `{"warnings":null,"fault":{"error":[{"message":"Too long","detail":"Min:0 Max:21","code":"2050","element":"Title"}],"type":"ValidationFault"},"time":1730024394085,"queryResponse":null}`},
		"number":     {body: `{"Fault":{"Error":[{"Message":"Too long","Detail":"Min:0 Max:21","code":2050,"element":"Title"}],"type":"ValidationFault"}}`},
		"one error":  {body: `{"Fault":{"Error":{"Message":"Too long","Detail":"Min:0 Max:21","code":"02050","element":"Title"},"type":"ValidationFault"}}`},
		"in a query": {body: `{"QueryResponse":{"Fault":{"Error":[{"Message":"Too long","Detail":"Min:0 Max:21","code":"2050","element":"Title"}],"type":"ValidationFault"}}}`},
		"XML":        {body: `<?xml version="1.0"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="x"><Fault type="ValidationFault"><Error code="2050" element="Title"><Message>Too long</Message><Detail>Min:0 Max:21</Detail></Error></Fault></IntuitResponse>`},
		"BOM":        {body: "\uFEFF " + `{"Fault":{"Error":[{"Message":"Too long","Detail":"Min:0 Max:21","code":"2050","element":"Title"}],"type":"ValidationFault"}}`},
		"control":    {body: `{"Fault":{"Error":[{"Message":"Too\r\n\u001b[31m long","Detail":"Min:0 Max:21","code":"2050","element":"Title"}],"type":"ValidationFault"}}`, want: func(e *quickbooks.Error) { e.Message = "Too [31m long" }},
		"two": {
			body: `{"Fault":{"Error":[{"Message":"Too long","Detail":"Min:0 Max:21","code":"2050","element":"Title"},{"Message":"Bad","Detail":"no @","code":"2210"}],"type":"ValidationFault"}}`,
			want: func(e *quickbooks.Error) {
				e.Others = []quickbooks.Complaint{{Code: "2210", Message: "Bad", Detail: "no @"}}
			},
		},
		"HTML":  {body: "<html><body>no</body></html>", want: func(e *quickbooks.Error) { *e = quickbooks.Error{Operation: e.Operation, Status: 400, TID: e.TID} }},
		"empty": {body: "", want: func(e *quickbooks.Error) { *e = quickbooks.Error{Operation: e.Operation, Status: 400, TID: e.TID} }},
	} {
		t.Run(name, func(t *testing.T) {
			var got *quickbooks.Error
			if err := refusal(t, answering{status: 400, body: c.body, header: map[string][]string{"Intuit_tid": {"1-abc"}}}); !errors.As(err, &got) {
				t.Fatalf("no Error in %v", err)
			}
			expected := want
			if c.want != nil {
				c.want(&expected)
			}
			if diff := cmp.Diff(expected, *got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorMeaning(t *testing.T) {
	for _, c := range []struct {
		status       int
		code, detail string
		definite     woosync.Definite
		category     woosync.Category
	}{
		{403, "3100", "", woosync.Fatal, woosync.CategoryAuth},
		{500, "3100", "", woosync.Unknown, woosync.CategoryServer},
		{401, "3202", "", woosync.Fatal, woosync.CategoryAuth},
		{400, "120", "-11014-You do not have access", woosync.Fatal, woosync.CategoryAuth},
		{403, "120", "statusCode: 500", woosync.Unknown, woosync.CategoryServer},
		{400, "140", "", woosync.Fatal, woosync.CategoryServer},
		{400, "150", "", woosync.Fatal, woosync.CategoryServer},
		{400, "6190", "", woosync.Fatal, woosync.CategoryAuth},
		{400, "600", "", woosync.Unknown, woosync.CategoryConflict},
		{400, "130", "", woosync.NotSent, woosync.CategoryServer},
		{400, "10000", "", woosync.Unknown, woosync.CategoryServer},
		{400, "6000", "You can only add or edit one name at a time. Please try again.", woosync.NotSent, woosync.CategoryServer},
		{400, "6000", "Multi Currency should be enabled", woosync.Rejected, woosync.CategoryMapping},
		{400, "2050", "", woosync.Rejected, woosync.CategoryData},
		{400, "2210", "", woosync.Rejected, woosync.CategoryData},
		{400, "2500", "", woosync.Rejected, woosync.CategoryMapping},
		{400, "2020", "", woosync.Rejected, woosync.CategoryMapping},
		{400, "6100", "", woosync.Rejected, woosync.CategoryMapping},
		{400, "6430", "", woosync.Rejected, woosync.CategoryMapping},
		{400, "6210", "", woosync.Rejected, woosync.CategoryConflict},
		{400, "6540", "", woosync.Rejected, woosync.CategoryConflict},
		{400, "4001", "", woosync.Rejected, woosync.CategoryMapping},
		{400, "77777", "", woosync.Rejected, woosync.CategoryData},
		{404, "", "", woosync.Rejected, woosync.CategoryMapping},
		{200, "77777", "", woosync.Unknown, woosync.CategoryUnknown},
		{502, "2050", "", woosync.Unknown, woosync.CategoryServer},
	} {
		t.Run(fmt.Sprint(c.status, " ", c.code, " ", c.detail), func(t *testing.T) {
			body := fmt.Sprintf(`{"Fault":{"Error":[{"Message":"m","Detail":%q,"code":%q}],"type":"ValidationFault"}}`, c.detail, c.code)
			err := refusal(t, answering{status: c.status, body: body})
			wantFault(t, err, c.definite, c.category)
			fault := faultOf(t, err)
			if fault.Remedy == "" && c.definite != woosync.Unknown && c.definite != woosync.NotSent && c.code != "" && c.code != "77777" {
				t.Error("nothing tells the person what to do")
			}
		})
	}
}

// What may have been carried out is not sent again by the client.
func TestLostAnswerIsNotAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		client := clientOf(t, roundTripOf(func() (answering, error) {
			n++
			return answering{}, errors.New("connection reset")
		}))
		_, err := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", buyer("Ann", "7")))
		wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
		if n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"6240","element":""}],"type":"ValidationFault"},"time":"t"}`,
		`{"fault":{"error":[{"message":"m","code":null}],"type":null},"time":1}`,
		`{"QueryResponse":{"Fault":{"Error":{"code":1}}}}`,
		`<IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>m</Message></Error></Fault></IntuitResponse>`,
		`<html>`, ``, `{`, `[]`, "\x00\xff", `{"Fault":[]}`, `{"Fault":{"Error":[null]}}`,
	} {
		f.Add(400, seed)
		f.Add(200, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status >= 500 || status/100 == 3 || status == 429 || status == 408 {
			t.Skip()
		}
		err := refusal(t, answering{status: status, body: body})
		fault := faultOf(t, err)
		if status < 300 && fault.Definite == woosync.Rejected && !strings.Contains(strings.ToLower(body), "fault") {
			t.Errorf("a success without a fault was a refusal: %v", err)
		}
		if failure, ok := errors.AsType[*quickbooks.Error](err); ok {
			text := failure.Error()
			if len([]rune(text)) > 3500 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("not fit to be shown: %q", text)
			}
		}
	})
}

// A server, or a proxy on the way, may show in its answer what it was sent. No error shows the token.
func TestAnswersThatEcho(t *testing.T) {
	const fault = `{"Fault":{"Error":[{"Message":"m $ECHO","Detail":"you sent $ECHO","code":"2010","element":"$ECHO"},{"Message":"$ECHO","code":"$ECHO"}]}}`
	const token = "CANARY-token-of-the-test"
	for name, c := range map[string]answering{
		"fault":          {status: 400, body: fault},
		"fault in a 200": {status: 200, body: fault},
		"expired":        {status: 401, body: strings.ReplaceAll(fault, "2010", "3200")},
		"unknown code":   {status: 401, body: strings.ReplaceAll(fault, "2010", "9")},
		"XML":            {status: 400, body: `<IntuitResponse><Fault><Error code="2010"><Message>$ECHO</Message></Error></Fault></IntuitResponse>`},
		"HTML":           {status: 500, body: "<html>$ECHO"},
		"text":           {status: 404, body: "$ECHO"},
		"throttle":       {status: 429, body: "$ECHO", header: http.Header{"Retry-After": {"3600"}}},
		"tid":            {status: 400, header: http.Header{"Intuit_tid": {token}}},
		"no JSON":        {status: 200, body: `{"$ECHO`},
		"other JSON":     {status: 200, body: `{"Preferences":"$ECHO","Customer":"$ECHO"}`},
		"of a batch":     {status: 200, body: `{"BatchItemResponse":[{"bId":"1",` + fault[1:len(fault)-1] + `}]}`},
	} {
		for form, echo := range map[string]string{"header": "Authorization: Bearer " + token, "token": token, "in a URL": "Bearer%20" + token} {
			t.Run(name+"/"+form, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c.body = strings.ReplaceAll(c.body, "$ECHO", echo)
					client := clientAs(t, c, func(cfg *quickbooks.Config) { cfg.Retries = -1 })
					_, read := client.Preferences(t.Context())
					_, write := quickbooks.Create(t.Context(), client, "k", quickbooks.Customer{DisplayName: "Ann"})
					results, batch := client.Batch(t.Context(), "k", []quickbooks.BatchItem{quickbooks.BatchCreate(quickbooks.Customer{DisplayName: "Ann"})})
					if batch == nil {
						batch = results[0].Err
					}
					for _, err := range []error{read, write, batch} {
						if err == nil {
							t.Fatal("no error")
						}
						text := fmt.Sprintf("%v %+v %#v", err, err, err)
						if failure, ok := errors.AsType[*quickbooks.Error](err); ok {
							text += fmt.Sprintf("%+v", *failure)
						}
						if strings.Contains(text, "CANARY") {
							t.Error(text)
						}
					}
				})
			})
		}
	}
}
