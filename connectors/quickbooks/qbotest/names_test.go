package qbotest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestNamesAreSharedByThreeLists(t *testing.T) {
	d := shop(t)
	d.add("Vendor", `{"DisplayName":"Paper Ltd"}`)
	d.add("Employee", `{"DisplayName":"Eve"}`)
	for _, name := range []string{"paper ltd", "EVE", " Ann Lee ", "ann lee"} {
		same(t, name, d.post("customer", `{"DisplayName":`+string(str(name).print())+`}`).code(), "6240")
	}
	same(t, "an item may have it", d.must("item", `{"Name":"Paper Ltd","Type":"Service","IncomeAccountRef":{"value":"1"}}`).str("Name"), "Paper Ltd")
	d.must("customer", `{"DisplayName":"Bo"}`)
	same(t, "rename", d.post("customer", `{"Id":"2","SyncToken":"0","sparse":true,"DisplayName":"eve"}`).code(), "6240")
	same(t, "other spelling of its own", d.must("customer", `{"Id":"2","SyncToken":"0","sparse":true,"DisplayName":"BO"}`).str("DisplayName"), "BO")
	d.must("customer", `{"Id":"2","SyncToken":"1","sparse":true,"DisplayName":"Bob"}`)
	d.must("customer", `{"DisplayName":"Bo"}`)
	if _, err := d.Add("Vendor", `{"DisplayName":"ann lee"}`); err == nil || !strings.Contains(err.Error(), "6240") {
		t.Error("a vendor took a customer's name:", err)
	}
}

func TestDuplicateDetails(t *testing.T) {
	for form, want := range map[DuplicateDetail]string{
		DuplicateDocumented: "The name supplied already exists. : Another customer, vendor or employee is already using this \nname. Please use a different \nname.",
		DuplicateNull:       "The name supplied already exists. : null",
		DuplicateWithID:     "The name supplied already exists. : Id=1",
		DuplicateDollars:    "The name supplied already exists. : Another $$customer$$ is already using this name. Please use a different name.",
	} {
		same(t, "detail", shop(t, WithDuplicateDetail(form)).post("customer", `{"DisplayName":"Ann Lee"}`).detail(), want)
	}
}

func TestInactivation(t *testing.T) {
	d := shop(t)
	c := d.must("customer", `{"Id":"1","SyncToken":"0","sparse":true,"Active":false}`)
	same(t, "renamed", c.str("DisplayName"), "Ann Lee (deleted)")
	same(t, "full name", c.str("FullyQualifiedName"), "Ann Lee (deleted)")
	same(t, "the name is free", d.must("customer", `{"DisplayName":"Ann Lee"}`).str("Id"), "2")
	same(t, "second one", d.must("customer", `{"Id":"2","SyncToken":"0","sparse":true,"Active":false}`).str("DisplayName"), "Ann Lee (deleted 2)")
	same(t, "back", d.must("customer", `{"Id":"1","SyncToken":"1","sparse":true,"Active":true}`).str("DisplayName"), "Ann Lee")
	same(t, "both back", d.post("customer", `{"Id":"2","SyncToken":"1","sparse":true,"Active":true}`).code(), "6240")
	same(t, "under another name", d.must("customer", `{"Id":"2","SyncToken":"1","sparse":true,"Active":true,"DisplayName":"Ann Lee (#2)"}`).str("DisplayName"), "Ann Lee (#2)")
	same(t, "item", d.must("item", `{"Id":"1","SyncToken":"0","sparse":true,"Active":false}`).str("Name"), "Shirt (deleted)")
	same(t, "sparse update of an inactive item", d.must("item", `{"Id":"1","SyncToken":"1","sparse":true,"Sku":"x"}`).str("Name"), "Shirt (deleted)")
	same(t, "read", d.get("item/1").body.str("Item", "Active"), "false")
	same(t, "query", len(d.query("select * from Item").body.list("QueryResponse", "Item")), 1)
}

func TestCustomerDefaults(t *testing.T) {
	d := open(t)
	c := d.must("customer", `{"GivenName":"Ann","FamilyName":"Lee","CompanyName":"Lee Ltd","Balance":99,"FullyQualifiedName":"nonsense"}`)
	for field, want := range map[string]string{
		"DisplayName": "Ann Lee", "FullyQualifiedName": "Ann Lee", "PrintOnCheckName": "Lee Ltd", "Balance": "0", "BalanceWithJobs": "0", "Active": "true",
		"Job": "false", "Taxable": "true", "PreferredDeliveryMethod": "Print", "Id": "1", "SyncToken": "0", "domain": "QBO", "sparse": "false",
	} {
		same(t, field, c.str(field), want)
	}
	i := d.must("item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`)
	for field, want := range map[string]string{"FullyQualifiedName": "Shirt", "UnitPrice": "0", "Active": "true", "TrackQtyOnHand": "false", "Id": "1"} {
		same(t, field, i.str(field), want)
	}
	same(t, "account", i.str("IncomeAccountRef", "name"), "Sales")
}

// TestOneNameAtATime: two writes to lists at the same time, and the second is refused whatever list it goes to.
func TestOneNameAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, WithLatency(time.Second), WithClock(time.Now))
		first := make(chan answer)
		go func() { first <- d.post("customer", `{"DisplayName":"A"}`) }()
		synctest.Wait()
		a := d.post("customer", `{"DisplayName":"B"}`)
		if a.code() != "6000" || !strings.Contains(a.detail(), "one name at a time") {
			t.Error(a.raw)
		}
		same(t, "first", (<-first).status, 200)
		go func() { first <- d.post("customer", `{"DisplayName":"C"}`) }()
		synctest.Wait()
		a = d.post("item", `{"Name":"I","Type":"Service","IncomeAccountRef":{"value":"1"}}`)
		if !strings.Contains(a.detail(), "one product or service at a time") {
			t.Error(a.raw)
		}
		<-first
		same(t, "alone", d.post("customer", `{"DisplayName":"B"}`).status, 200)
	})
}
