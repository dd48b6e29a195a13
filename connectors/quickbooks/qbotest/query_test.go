package qbotest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// library is a fake with customers and receipts to look for.
func library(t *testing.T, opts ...Option) *desk {
	t.Helper()
	d := shop(t, opts...)
	d.Advance(time.Hour)
	d.token = d.AccessToken()
	d.add("Customer", `{"DisplayName":"Pat O'Neill","GivenName":"Pat","PrimaryEmailAddr":{"Address":"pat@example.com"}}`)
	d.add("Customer", `{"DisplayName":"back\\slash & 100% + more"}`)
	d.add("Customer", `{"DisplayName":"Zed","Active":true}`)
	if err := d.Edit("Customer", "4", `{"Active":false}`); err != nil {
		t.Fatal(err)
	}
	for i, day := range []string{"2026-11-01", "2026-11-02", "2026-11-03"} {
		d.add("SalesReceipt", receipt("NotApplicable", fmt.Sprintf(`"DocNumber":"S-%d","TxnDate":%q,"PrivateNote":"x"`, i+1, day), sale(fmt.Sprint(9+i), "")))
	}
	d.add("SalesReceipt", receipt("NotApplicable", `"TxnDate":"2026-11-20"`, sale("5", "")))
	return d
}

func ids(a answer, entity string) string {
	var out []string
	for _, n := range a.body.list("QueryResponse", entity) {
		out = append(out, n.str("Id"))
	}
	return strings.Join(out, " ")
}

func TestQueries(t *testing.T) {
	d := library(t)
	for statement, want := range map[string]string{
		`select * from Customer`:                                                              "1 2 3",
		`SELECT * FROM customer WHERE active = true`:                                          "1 2 3",
		`select * from Customer where Active in (true, false)`:                                "1 2 3 4",
		`select * from Customer where Active = false`:                                         "4",
		`select * from Customer where DisplayName = 'Pat O\'Neill'`:                           "2",
		`select * from Customer where displayname = 'PAT O\'NEILL'`:                           "2",
		`select * from Customer where DisplayName = 'back\\slash & 100% + more'`:              "3",
		`select * from Customer where DisplayName IN ('Ann Lee','Nobody','ann lee')`:          "1",
		`select * from Customer where DisplayName in ('Zed (deleted)')`:                       "",
		`select * from Customer where DisplayName like '%o%'`:                                 "2 3",
		`select * from Customer where DisplayName like 'a%lee'`:                               "1",
		`select * from Customer where DisplayName like 'Ann'`:                                 "",
		`select * from Customer where PrimaryEmailAddr = 'pat@example.com'`:                   "2",
		`select * from Customer where GivenName = ' '`:                                        "1 3",
		`select * from Customer where Id in ('2','1')`:                                        "1 2",
		`select * from Customer where Id = '4'`:                                               "",
		`select * from Customer where Id = '4' and Active in (true,false)`:                    "4",
		`select * from Customer orderby DisplayName desc`:                                     "2 3 1",
		`select * from Customer ORDER BY GivenName, DisplayName`:                              "1 3 2",
		`select * from Customer startposition 2 maxresults 1`:                                 "2",
		`select * from Customer startposition 9`:                                              "",
		`select * from Customer where MetaData.CreateTime >= '2026-11-20T13:00:00Z'`:          "2 3",
		`select * from Customer where MetaData.CreateTime < '2026-11-20T05:00:00-08:00'`:      "1",
		`select * from SalesReceipt where DocNumber in ('s-1','S-3')`:                         "1 3",
		`select * from SalesReceipt where DocNumber = ' '`:                                    "4",
		`select * from SalesReceipt where TxnDate > '2026-11-01' and TxnDate <= '2026-11-03'`: "2 3",
		`select * from SalesReceipt where TxnDate = CURRENT_DATE`:                             "4",
		`select * from SalesReceipt where TotalAmt >= '10' orderby TotalAmt desc`:             "3 2",
		`select * from SalesReceipt where CustomerRef = '1' orderby Id desc maxresults 2`:     "4 3",
		`select * from SalesReceipt where CustomerRef = '2'`:                                  "",
		`select * from TaxCode where Name = 'exempt'`:                                         "18",
		`select * from TaxAgency`:                                                             "1",
		`select * from PaymentMethod where Name = 'cash'`:                                     "1",
		`select * from Account where AccountType = 'Bank'`:                                    "5",
		`select * from CompanyInfo`:                                                           "1",
		`select * from Preferences`:                                                           "1",
		`select * from Vendor`:                                                                "",
	} {
		a := d.query(statement)
		entity := ""
		if r := a.body.get("QueryResponse"); r != nil && len(r.members) > 0 {
			entity = r.members[0].name
			same(t, "maxResults of "+statement, r.str("maxResults"), fmt.Sprint(len(r.members[0].value.items)))
		}
		if a.status != http.StatusOK || ids(a, entity) != want {
			t.Errorf("%s: %d, got %q, want %q\n%s", statement, a.status, ids(a, entity), want, a.raw)
		}
	}
}

func TestQueryAnswers(t *testing.T) {
	d := library(t)
	for statement, want := range map[string]string{
		`select count(*) from SalesReceipt`:                                                   `{"totalCount":4}`,
		`select count(*) from Customer where Active in (true,false)`:                          `{"totalCount":4}`,
		`select * from Customer where DisplayName = 'Nobody'`:                                 `{}`,
		`select Id, docnumber, MetaData.CreateTime from SalesReceipt where DocNumber = 'S-1'`: `{"SalesReceipt":[{"domain":"QBO","sparse":true,"Id":"1","DocNumber":"S-1","MetaData":{"CreateTime":"2026-11-20T05:00:00-08:00"}}],"startPosition":1,"maxResults":1}`,
		`select PrivateNote from SalesReceipt startposition 4`:                                `{"SalesReceipt":[{"domain":"QBO","sparse":true}],"startPosition":4,"maxResults":1}`,
	} {
		a := d.query(statement)
		if diff := cmp.Diff(want, string(a.body.get("QueryResponse").print())); diff != "" {
			t.Error(statement, diff)
		}
	}
	post := d.send(http.MethodPost, "/v3/company/"+d.RealmID()+"/query", "select count(*) from Customer", "Content-Type", "application/text")
	same(t, "by POST", post.body.str("QueryResponse", "totalCount"), "3")
	same(t, "by POST as JSON", d.post("query", "select count(*) from Customer").code(), "500")
}

func TestQueryErrors(t *testing.T) {
	d := library(t)
	for statement, want := range map[string]string{
		``:                                   `4000 QueryParserError: Encountered " <EOF> " "" at line 1, column 1.`,
		`select * from Invoice where`:        `4000 QueryParserError: Encountered " <EOF> " "" at line 1, column 28.`,
		`select * from SalesReceipt TxnDate`: `4000 QueryParserError: Encountered " <IDENTIFIER> "TxnDate "" at line 1, column 28.`,
		`select * from Customer where DisplayName = 'Pat O''Neill'`: `4000 QueryParserError: Encountered " <STRING> "'Neill' "" at line 1, column 51.`,
		`select * from Customer where DisplayName = 'Pat O'Neill'`:  `4000 QueryParserError: Encountered " <IDENTIFIER> "Neill "" at line 1, column 51.`,
		`select * from Customer where CompanyName = ''`:             `4000 QueryParserError: Encountered " <STRING> "'' "" at line 1, column 44.`,
		`select * from Customer where Id in ('1', '')`:              `4000 QueryParserError: Encountered " <STRING> "'' "" at line 1, column 42.`,
		`select * from Customer where DisplayName = 'open`:          `4000 QueryParserError: Lexical error at line 1, column 44.`,
		`select * from Customer where DisplayName = 'a\b'`:          `4000 QueryParserError: Lexical error at line 1, column 44.`,
		`select * from Customer where Id = '1' or Id = '2'`:         `4000 QueryParserError: Encountered " <IDENTIFIER> "or "" at line 1, column 39.`,
		`select * from Customer where not Id = '1'`:                 `4000 QueryParserError: Encountered " <IDENTIFIER> "not "" at line 1, column 30.`,
		`select * from Customer where Id != '1'`:                    `4000 QueryParserError: Lexical error at line 1, column 33.`,
		`select * from SalesReceipt where TotalAmt > 300`:           `4000 QueryParserError: Encountered " <INTEGER_LITERAL> "300 "" at line 1, column 45.`,
		`select * from SalesReceipt where TotalAmt > 300.5`:         `4000 QueryParserError: Encountered " <DECIMAL_LITERAL> "300.5 "" at line 1, column 45.`,
		`select * from Customer, Item`:                              `4000 QueryParserError: Encountered " ", "" at line 1, column 23.`,
		`select * from Customer where Id in ()`:                     `4000 QueryParserError: Encountered " ") "" at line 1, column 37.`,
		`select * from Customer maxresults 1 startposition 1`:       `4000 QueryParserError: Encountered " <IDENTIFIER> "startposition "" at line 1, column 37.`,
		`select * from Estimate`:                                    `4001 QueryValidationError: Entity Estimate not found`,
		`select * from Customer where NoSuchField = 'x'`:            `4001 QueryValidationError: Property NoSuchField not found for Entity Customer`,
		`select NoSuchField from Vendor`:                            `4001 QueryValidationError: Property NoSuchField not found for Entity Vendor`,
		`select * from Customer orderby NoSuchField`:                `4001 QueryValidationError: Property NoSuchField not found for Entity Customer`,
		`select * from SalesReceipt where PrivateNote = 'x'`:        `4001 QueryValidationError: Property PrivateNote is not queryable for Entity SalesReceipt`,
		`select * from SalesReceipt where PaymentRefNum = 'x'`:      `4001 QueryValidationError: Property PaymentRefNum is not queryable for Entity SalesReceipt`,
		`select * from SalesReceipt orderby PrivateNote`:            `4001 QueryValidationError: Property PrivateNote is not sortable for Entity SalesReceipt`,
		`select * from Customer startposition 0`:                    `4001 QueryValidationError: value 0 is too small. Min allowed value is 1`,
		`select * from Customer maxresults 0`:                       `4001 QueryValidationError: value 0 is too small. Min allowed value is 1`,
		`select * from Customer startposition -5`:                   `4001 QueryValidationError: value -5 is too small. Min allowed value is 1`,
		`select * from Customer where Id > '1'`:                     `4001 QueryValidationError: Property Id supports only the operators = and IN`,
		`select * from Customer where Active = 'true'`:              `4001 QueryValidationError: invalid value true for Property Active`,
		`select * from Customer where DisplayName = true`:           `4001 QueryValidationError: invalid value true for Property DisplayName`,
		`select * from SalesReceipt where TxnDate = 'yesterday'`:    `4001 QueryValidationError: invalid value 'yesterday' for Property TxnDate`,
		`select * from SalesReceipt where TotalAmt = 'much'`:        `4001 QueryValidationError: invalid value 'much' for Property TotalAmt`,
		`select * from Customer where MetaData.CreateTime > '1.1.'`: `4001 QueryValidationError: invalid value '1.1.' for Property MetaData.CreateTime`,
		`select * from Preferences where Id = '1'`:                  `4001 QueryValidationError: Property Id is not queryable for Entity Preferences`,
	} {
		a := d.query(statement)
		if got := a.code() + " " + a.detail(); a.status != http.StatusBadRequest || got != want {
			t.Errorf("%s:\n got %d %s\nwant 400 %s", statement, a.status, got, want)
		}
	}
	same(t, "long address", d.query("select * from Customer where DisplayName = '"+strings.Repeat("x", 8000)+"'").status, http.StatusRequestURITooLong)
	same(t, "plus for a blank in the value", ids(d.get("query?query="+strings.ReplaceAll(url.QueryEscape("select * from Customer where DisplayName = 'back\\\\slash & 100% + more'"), "%2B", "+")), "Customer"), "")
}

func TestDialects(t *testing.T) {
	for statement, c := range map[string]struct {
		dialect      Dialect
		strict, then string
	}{
		`select * from Customer where Id = '1' or Id = '2' and DisplayName = 'x'`:           {Dialect{Or: true}, "4000", "1"},
		`select * from Customer where Id = '1' and DisplayName = 'x' or Id in ('2','4')`:    {Dialect{Or: true}, "4000", "2"},
		`select * from Customer where Id = '1' or Id = '4' and Active in (true,false)`:      {Dialect{Or: true}, "4000", "1 4"},
		`select * from SalesReceipt where TotalAmt > 10 and TotalAmt < 11.5`:                {Dialect{Numbers: true}, "4000", "3"},
		`select * from SalesReceipt startposition 0 maxresults 1`:                           {Dialect{ZeroStart: true}, "4001", "1"},
		`select Id from SalesReceipt maxresults 1`:                                          {Dialect{NoColumns: true}, "1", "4000"},
		`select * from salesReceipt maxresults 1`:                                           {Dialect{ExactNames: true}, "1", "4001"},
		`select * from SalesReceipt maxresults 1001`:                                        {Dialect{RefuseBig: true}, "1 2 3 4", "4001"},
		`select * from SalesReceipt startposition 3 maxresults 1000`:                        {Dialect{RefuseBig: true, ExactNames: true, NoColumns: true}, "3 4", "3 4"},
		`select * from SalesReceipt where DocNumber = 'S-1' or TotalAmt = 5 maxresults 100`: {Dialect{Or: true, Numbers: true}, "4000", "1 4"},
		`select * from Customer where DisplayName = 'back\slash & 100% + more'`:             {Dialect{PlainBackslash: true}, "4000", "3"},
		`select * from Customer where DisplayName = 'back\\slash & 100% + more'`:            {Dialect{PlainBackslash: true}, "3", ""},
		`select * from Customer where DisplayName = 'ends in one\\'`:                        {Dialect{PlainBackslash: true}, "", "4000"},
	} {
		d := library(t)
		look := func() string {
			a := d.query(statement)
			return a.code() + ids(a, "Customer") + ids(a, "SalesReceipt")
		}
		same(t, statement, look(), c.strict)
		d.Configure(WithDialect(c.dialect))
		same(t, statement, look(), c.then)
	}
	d := library(t, WithDialect(Dialect{TotalCount: true}))
	same(t, "total of a page", d.query("select * from SalesReceipt maxresults 2").body.str("QueryResponse", "totalCount"), "2")
}

func TestPages(t *testing.T) {
	d := open(t)
	for i := range 1005 {
		d.add("Customer", fmt.Sprintf(`{"DisplayName":"c%d"}`, i))
	}
	for more, want := range map[string]int{"": 100, " maxresults 7": 7, " maxresults 1000": 1000, " maxresults 5000": 1000, " startposition 1001 maxresults 1000": 5} {
		same(t, more, len(d.query("select * from Customer"+more).body.list("QueryResponse", "Customer")), want)
	}
}

func TestQueryLag(t *testing.T) {
	d := shop(t, WithQueryLag(time.Minute))
	d.must("salesreceipt", receipt("NotApplicable", `"DocNumber":"S-1"`, sale("1", "")))
	const statement = "select * from SalesReceipt where DocNumber = 'S-1'"
	d.Advance(time.Minute - 1)
	same(t, "before", ids(d.query(statement), "SalesReceipt"), "")
	same(t, "count", d.query("select count(*) from SalesReceipt").body.str("QueryResponse", "totalCount"), "0")
	same(t, "by Id", d.get("salesreceipt/1").body.str("SalesReceipt", "Id"), "1")
	same(t, "inspected", len(d.Documents("SalesReceipt")), 1)
	d.Advance(1)
	same(t, "after", ids(d.query(statement), "SalesReceipt"), "1")
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		`select * from Customer`, `SELECT COUNT(*) FROM Item WHERE Active IN (true, false) AND Name LIKE 'O\'N%' ORDERBY Name DESC, Id STARTPOSITION 1 MAXRESULTS 10`,
		`select Id, MetaData.CreateTime from SalesReceipt where TxnDate = CURRENT_DATE order by Id asc`, `select * from A where b = 'x\\'`, `''`, `-`, "select \xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := parseQuery(s, Dialect{})
		if err != nil {
			if err.code != "4000" || err.detail == "" {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := parseQuery(q.String(), Dialect{})
		if err != nil {
			t.Fatalf("%q printed as %q: %v", s, q, err)
		}
		if diff := cmp.Diff(q.String(), again.String()); diff != "" {
			t.Error(diff)
		}
	})
}
