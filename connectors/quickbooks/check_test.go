package quickbooks_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/money"
)

// closed returns a client that must not be used.
func closed(t *testing.T) *quickbooks.Client {
	t.Helper()
	return clientOf(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent: %s %s", r.Method, r.URL.Path)
		return nil, errors.New("closed")
	}))
}

func create[T quickbooks.Creatable](entity T) func(*testing.T) error {
	return func(t *testing.T) error {
		t.Helper()
		_, err := quickbooks.Create(t.Context(), closed(t), "key-1", entity)
		return err
	}
}

func replace[T quickbooks.Replaceable](entity T) func(*testing.T) error {
	return func(t *testing.T) error {
		t.Helper()
		_, err := quickbooks.Replace(t.Context(), closed(t), "key-1", entity)
		return err
	}
}

func change[T quickbooks.Updatable](entity T) func(*testing.T) error {
	return func(t *testing.T) error {
		t.Helper()
		_, err := quickbooks.Update(t.Context(), closed(t), "key-1", entity)
		return err
	}
}

// TestEverythingIsSaidAtOnce makes entities that are wrong in many ways, and looks for each in the one refusal.
func TestEverythingIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 5000)
	cent, less := money.New(1, 3), money.New(-5, 0)
	no := false
	address := &quickbooks.Address{Line1: long, City: long, PostalCode: long, Country: long, CountrySubDivisionCode: long}
	mail, odd := &quickbooks.Email{Address: "nobody"}, &quickbooks.Ref{Value: "euro"}
	lines := []quickbooks.Line{
		{Amount: cent, DetailType: quickbooks.SalesItemLine, Description: long, SalesItemLineDetail: &quickbooks.SalesItemLineDetail{
			Qty: amountOf(t, "2"), UnitPrice: amountOf(t, "3.00000001"), ServiceDate: "tomorrow",
		}},
		{Amount: less, DetailType: quickbooks.DiscountLine, DiscountLineDetail: &quickbooks.DiscountLineDetail{DiscountPercent: amountOf(t, "101")}},
		{DetailType: quickbooks.DiscountLine},
		{DetailType: quickbooks.GroupLine},
		{DetailType: "Strange"},
		{DetailType: quickbooks.SalesItemLine},
	}
	form := []string{
		"DocNumber", "PrivateNote", "CustomerMemo", "BillEmail", "BillAddr.Line1", "BillAddr: lines", "BillAddr.City", "BillAddr.PostalCode", "BillAddr.Country:",
		"BillAddr.CountrySubDivisionCode", "ShipAddr.Line1", "CurrencyRef", "CustomField[0]", "GlobalTaxCalculation", "PrintStatus", "TxnDate", "TotalTax",
		"TaxLine[0]: TaxLineDetail", "TaxLine[2]: rate 3 occurs twice", "Line[0].Description", "Line[0].Amount", "Line[0].ItemRef", "Line[0].UnitPrice", "Line[0].ServiceDate",
		"Line[0]: Amount is", "Line[1]: the amount of a discount", "Line[1].DiscountPercent", "Line[2]: DiscountLineDetail", "Line[3]: GroupLineDetail", "Line[4]: DetailType",
		"Line[5]: SalesItemLineDetail", "2 discount lines",
	}
	rate := func(id string) quickbooks.TaxLine {
		return quickbooks.TaxLine{DetailType: "TaxLineDetail", TaxLineDetail: &quickbooks.TaxLineDetail{TaxRateRef: quickbooks.To(id)}}
	}
	tax := &quickbooks.TxnTaxDetail{TotalTax: &cent, TaxLine: []quickbooks.TaxLine{{}, rate("3"), rate("3")}}
	custom := []quickbooks.CustomField{{StringValue: "x"}}
	memo := &quickbooks.Memo{Value: long}
	side := func(side quickbooks.Enum, sum string) quickbooks.JournalEntryLine {
		return quickbooks.JournalEntryLine{
			Amount: amount(t, sum), DetailType: "JournalEntryLineDetail",
			JournalEntryLineDetail: &quickbooks.JournalEntryLineDetail{PostingType: side, AccountRef: quickbooks.To("1")},
		}
	}
	for _, test := range []struct {
		name string
		do   func(*testing.T) error
		want []string
	}{
		{"invoice", create(quickbooks.Invoice{
			DocNumber: long, PrivateNote: long, CustomerMemo: memo, BillEmail: mail, BillAddr: address, ShipAddr: address, ShipFromAddr: address, CurrencyRef: odd,
			CustomField: custom, GlobalTaxCalculation: "Sometimes", PrintStatus: "Perhaps", EmailStatus: "Perhaps", TxnDate: "1.2.2026", DueDate: "soon", ShipDate: "now",
			TxnTaxDetail: tax, Line: lines, ShipMethodRef: &quickbooks.Ref{Value: long}, BillEmailCc: mail, BillEmailBcc: mail,
		}), append([]string{"CustomerRef: missing", "EmailStatus", "DueDate", "ShipDate", "ShipMethodRef", "BillEmailCc", "BillEmailBcc", "ShipFromAddr.City"}, form...)},
		{"refund receipt", create(quickbooks.RefundReceipt{
			DocNumber: long, PrivateNote: long, CustomerMemo: memo, BillEmail: mail, BillAddr: address, ShipAddr: address, CurrencyRef: odd, CustomField: custom,
			GlobalTaxCalculation: "Sometimes", PrintStatus: "Perhaps", TxnDate: "1.2.2026", TxnTaxDetail: tax, Line: lines, PaymentRefNum: long, PaymentType: "Shells",
		}), append([]string{"DepositToAccountRef: missing", "PaymentRefNum", "PaymentType"}, form...)},
		{"printed refund receipt", create(quickbooks.RefundReceipt{PrintStatus: "PrintComplete"}), []string{"PaymentRefNum: needed", "Line: 0 lines"}},
		{"credit memo", create(quickbooks.CreditMemo{
			DocNumber: long, PrivateNote: long, CustomerMemo: memo, BillEmail: mail, BillAddr: address, ShipAddr: address, CurrencyRef: odd, CustomField: custom,
			GlobalTaxCalculation: "Sometimes", PrintStatus: "Perhaps", TxnDate: "1.2.2026", TxnTaxDetail: tax, Line: lines,
		}), append([]string{"CustomerRef: missing"}, form...)},
		{"mail without address, tax without tax", create(quickbooks.SalesReceipt{
			EmailStatus: "NeedToSend", GlobalTaxCalculation: quickbooks.NotApplicable, TxnTaxDetail: &quickbooks.TxnTaxDetail{TotalTax: amountOf(t, "1")}, PaymentRefNum: long,
		}), []string{"BillEmail: needed", "TxnTaxDetail: does not go", "PaymentRefNum", "CustomerRef: missing"}},
		{"payment", create(quickbooks.Payment{
			TxnDate: "x", PaymentRefNum: long, PrivateNote: long, CurrencyRef: odd, TotalAmt: &less,
			Line: []quickbooks.PaymentLine{{Amount: cent}, quickbooks.Paying("", cent), {Amount: less, LinkedTxn: []quickbooks.LinkedTxn{{TxnID: "1", TxnType: "Invoice"}}}},
		}), []string{
			"TxnDate", "PaymentRefNum", "PrivateNote", "CurrencyRef", "TotalAmt: -5 is negative", "CustomerRef: missing", "Line[0].Amount", "Line[0].LinkedTxn", "Line[1].LinkedTxn",
			"Line[2].Amount: -5 is negative",
		}},
		{"payment over less than it pays", create(quickbooks.Payment{
			CustomerRef: quickbooks.To("1"), TotalAmt: amountOf(t, "10"), Line: []quickbooks.PaymentLine{quickbooks.Paying("1", amount(t, "10.01"))},
		}), []string{"10.01 is paid, but the payment is over 10.00"}},
		{"payment over nothing", create(quickbooks.Payment{CustomerRef: quickbooks.To("1")}), []string{"TotalAmt: missing"}},
		{"journal entry", create(quickbooks.JournalEntry{DocNumber: long, PrivateNote: long, TxnDate: "x", CurrencyRef: odd, GlobalTaxCalculation: "x", Line: []quickbooks.JournalEntryLine{
			{Description: long},
			{Amount: less, DetailType: "JournalEntryLineDetail", JournalEntryLineDetail: &quickbooks.JournalEntryLineDetail{
				PostingType: "Sideways", Entity: &quickbooks.JournalEntryEntity{}, TaxCodeRef: quickbooks.To("1"),
			}},
		}}), []string{
			"DocNumber", "PrivateNote", "TxnDate", "CurrencyRef", "GlobalTaxCalculation", "Line[0].Description", "Line[0].DetailType", "Line[1].Amount: -5", "Line[1].PostingType",
			"Line[1].AccountRef", "Line[1].Entity", "Line[1].TaxCodeRef",
		}},
		{"journal entry out of balance", create(quickbooks.JournalEntry{Line: []quickbooks.JournalEntryLine{side(quickbooks.Debit, "10"), side(quickbooks.Credit, "9.99")}}), []string{
			"debits of 10.00, credits of 9.99",
		}},
		{"journal entry with one side", create(quickbooks.JournalEntry{Line: []quickbooks.JournalEntryLine{side(quickbooks.Debit, "0")}}), []string{"1 lines, want 2"}},
		{"deposit", create(quickbooks.Deposit{
			TxnDate: "x", PrivateNote: long, CurrencyRef: odd, GlobalTaxCalculation: "x", CashBack: &quickbooks.CashBack{Amount: &cent},
			Line: []quickbooks.DepositEntry{{Amount: cent, Description: long}, {LinkedTxn: []quickbooks.LinkedTxn{{}}}, {DetailType: quickbooks.DepositLine, DepositLineDetail: &quickbooks.DepositLineDetail{}}},
		}), []string{
			"TxnDate", "PrivateNote", "CurrencyRef", "GlobalTaxCalculation", "CashBack.Amount", "CashBack.AccountRef", "DepositToAccountRef", "Line[0].Description", "Line[0].Amount",
			"Line[0].DetailType", "Line[1].LinkedTxn", "Line[2].AccountRef",
		}},
		{"deposit of nothing", create(quickbooks.Deposit{DepositToAccountRef: quickbooks.To("1")}), []string{"0 lines"}},
		{"customer", create(quickbooks.Customer{
			Title: long, GivenName: "a:b", MiddleName: "a\tb", FamilyName: "a\nb", Suffix: long, CompanyName: long, PrintOnCheckName: long, Notes: long, BusinessNumber: long, GSTIN: long,
			GSTRegistrationType: long, PrimaryEmailAddr: mail, PrimaryPhone: &quickbooks.Phone{FreeFormNumber: long}, AlternatePhone: &quickbooks.Phone{FreeFormNumber: long},
			Mobile: &quickbooks.Phone{FreeFormNumber: long}, Fax: &quickbooks.Phone{FreeFormNumber: long}, WebAddr: &quickbooks.Website{URI: "nowhere"}, BillAddr: address,
			ShipAddr: address, CurrencyRef: odd, CustomField: custom, PreferredDeliveryMethod: "Pigeon", OpenBalanceDate: "x",
		}), []string{
			"Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "PrintOnCheckName", "Notes", "BusinessNumber", "GSTIN", "GSTRegistrationType", "PrimaryEmailAddr",
			"PrimaryPhone", "AlternatePhone", "Mobile", "Fax", "WebAddr", "BillAddr.City", "ShipAddr.City", "CurrencyRef", "CustomField[0]", "PreferredDeliveryMethod", "OpenBalanceDate",
		}},
		{"customer without any name", create(quickbooks.Customer{CompanyName: "Lee Ltd"}), []string{"DisplayName: missing"}},
		{"customer that exists", create(quickbooks.Customer{ID: "1", DisplayName: "Ann"}), []string{"Id: what is made"}},
		{"item", create(quickbooks.Item{
			Name: "a:" + long, Type: "Magic", Sku: long, Description: long, PurchaseDesc: long, UnitPrice: amountOf(t, "100000000000.00000001"), PurchaseCost: amountOf(t, "100000000000"),
			InvStartDate: "x", ParentRef: quickbooks.To("1"), SubItem: &no,
		}), []string{"Name: must not", "Name: 5002", "Type", "Sku", "Description", "PurchaseDesc", "UnitPrice: 100000000000.00000001 has", "UnitPrice: 100000000000.00000001 is over", "PurchaseCost", "InvStartDate", "ParentRef"}},
		{"item without account", create(quickbooks.Item{Type: quickbooks.ItemService}), []string{"Name: missing", "IncomeAccountRef: missing"}},
		{"item of stock", create(quickbooks.Item{Name: "a", Type: quickbooks.ItemInventory}), []string{"IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "QtyOnHand"}},
		{"bundle", create(quickbooks.Item{Name: "a", Type: quickbooks.ItemGroup}), []string{"no bundles"}},
		{"account", create(quickbooks.Account{Name: `a:"b`}), []string{"Name: must not contain a colon", "Name: must not contain quotes", "AccountType"}},
		{"tax agency", create(quickbooks.TaxAgency{}), []string{"DisplayName: missing"}},
		{"payment method", create(quickbooks.PaymentMethod{Type: "GOLD"}), []string{"Name: missing", "Type"}},
		{"term", create(quickbooks.Term{Name: long, DiscountPercent: &less}), []string{"Name", "DiscountPercent", "DueDays"}},
		{"class", create(quickbooks.Class{Name: "a:b", ParentRef: quickbooks.To("1")}), []string{"Name", "ParentRef"}},
		{"department", create(quickbooks.Department{ParentRef: quickbooks.To("1"), Address: address}), []string{"Name", "ParentRef", "Address.City"}},
		{"note", create(quickbooks.Attachable{FileName: long, Category: "Song", ContentType: long, PlaceName: long, Tag: long, Lat: long, Long: long, AttachableRef: []quickbooks.AttachableRef{
			{EntityRef: quickbooks.To("1")},
		}}), []string{"FileName", "Category", "ContentType", "PlaceName", "Tag", "Lat", "Long", "AttachableRef[0]"}},
		{"empty note", create(quickbooks.Attachable{}), []string{"Note: missing"}},
		{"long note", create(quickbooks.Attachable{Note: long}), []string{"Note: 5000 characters"}},
		{"company", change(quickbooks.CompanyInfo{
			ID: "1", SyncToken: "0", CompanyStartDate: "x", CompanyAddr: address, LegalAddr: address, CustomerCommunicationAddr: address, Email: mail,
			CustomerCommunicationEmailAddr: mail, PrimaryPhone: &quickbooks.Phone{FreeFormNumber: long}, WebAddr: &quickbooks.Website{URI: "nowhere"},
		}), []string{"CompanyStartDate", "CompanyAddr", "LegalAddr", "CustomerCommunicationAddr", "Email:", "CustomerCommunicationEmailAddr", "PrimaryPhone", "WebAddr"}},
		{"preferences made by hand", change(quickbooks.Preferences{ID: "1", SyncToken: "1"}), []string{"have to be read"}},
		{"preferences replaced by some made by hand", replace(quickbooks.Preferences{ID: "1", SyncToken: "1"}), []string{"have to be read"}},
		{"preferences", func(t *testing.T) error {
			t.Helper()
			p := held[quickbooks.Preferences](t, `{}`)
			p.AccountingInfoPrefs.BookCloseDate = "never"
			return change(p)(t)
		}, []string{"Id: missing", "SyncToken: missing", "BookCloseDate"}},
		{"change of nothing in particular", change(quickbooks.Term{Name: "Net 5"}), []string{"Id: missing", "SyncToken: missing"}},
		{"replacement of nothing in particular", replace(quickbooks.Term{Name: "Net 5"}), []string{"Id: missing", "SyncToken: missing", "DueDays"}},
		{"tax code", func(t *testing.T) error {
			t.Helper()
			_, err := closed(t).CreateTaxCode(t.Context(), "key-1", quickbooks.TaxService{TaxRateDetails: []quickbooks.TaxServiceRate{{RateValue: &less, TaxApplicableOn: "Whim"}, {}}})
			return err
		}, []string{"TaxCode: missing", "TaxRateDetails[0].TaxApplicableOn", "TaxRateDetails[0].RateValue", "TaxRateDetails[0].TaxRateName", "TaxRateDetails[0].TaxAgencyID", "TaxRateDetails[1].RateValue"}},
		{"exchange rate", func(t *testing.T) error {
			t.Helper()
			_, err := closed(t).SetExchangeRate(t.Context(), "key-1", quickbooks.ExchangeRate{TargetCurrencyCode: "dollar", AsOfDate: "x", Rate: &less})
			return err
		}, []string{"SourceCurrencyCode: missing", "TargetCurrencyCode", "AsOfDate", "Rate"}},
		{"question for an exchange rate", func(t *testing.T) error {
			t.Helper()
			_, err := closed(t).ExchangeRate(t.Context(), "e", "x")
			return err
		}, []string{"currency", "date"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.do(t)
			if err == nil {
				t.Fatal("it was sent")
			}
			wantFault(t, err, woosync.Rejected, woosync.CategoryData)
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("nothing is said of %q in: %v", want, err)
				}
			}
		})
	}
}
