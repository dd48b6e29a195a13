package quickbooks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

func itemNames(items []quickbooks.Item) []string {
	var all []string
	for _, item := range items {
		all = append(all, item.Name)
	}
	slices.Sort(all)
	return all
}

// Two products of one name get an item each; a lost store finds both again.
func TestItemsOfEqualNames(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		drafts := map[string]quickbooks.ItemDraft{
			"1": product("Shirt", "1", ""), "2": product("shirt", "2", ""), "3": product("Shirt", "3", "S-3"),
		}
		counts := carry(t, memory.New(), client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), drafts)
		if counts.Created != 3 {
			t.Errorf("created %d of 3: %+v", counts.Created, counts)
		}
		want := []string{"Shirt", "Shirt (#3)", "shirt (#2)"}
		if diff := cmp.Diff(want, itemNames(documents[quickbooks.Item](t, books, "Item"))); diff != "" {
			t.Error(diff)
		}
		store := memory.New()
		counts = carry(t, store, client.RealmID(), client.ItemTarget(quickbooks.TargetOptions{}), drafts)
		if counts.Adopted != 3 {
			t.Errorf("adopted %d of 3: %+v", counts.Adopted, counts)
		}
		seen := make(map[string]bool)
		links, err := store.GetLinks(t.Context(), woosync.Scope{Tenant: "acme", Stream: "records"}, []string{"1", "2", "3"})
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range links {
			if seen[link.TargetID] {
				t.Errorf("two products share item %s", link.TargetID)
			}
			seen[link.TargetID] = true
		}
	})
}

// An item is ours only if it is what we would have made.
func TestItemForeign(t *testing.T) {
	for name, body := range map[string]string{
		"other type":    `{"Name":"Shirt","Type":"Service","IncomeAccountRef":{"value":"1"}}`,
		"other account": `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"2"}}`,
		"other SKU":     `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"},"Sku":"OTHER"}`,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
				id, err := books.Add("Item", body)
				if err != nil {
					t.Fatal(err)
				}
				change := creation("1", product("Shirt", "1", "S-1"))
				target := client.ItemTarget(quickbooks.TargetOptions{})
				if found := mustFind(t, target, change); len(found) != 0 {
					t.Errorf("found %v", found)
				}
				if answer := mustApply(t, target, change); answer.ID == id || answer.Foreign {
					t.Errorf("took somebody else's: %+v", answer)
				}
				linking := client.ItemTarget(quickbooks.TargetOptions{OnNamesake: quickbooks.LinkForeign})
				other := creation("2", product("Shirt", "2", "S-2"))
				want := woosync.Answer{ID: id, Version: "0", Foreign: true}
				if diff := cmp.Diff(want, mustFind(t, linking, other)[other.Key]); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// What a person made by hand, as we would have, is taken up; what differs in price is stale.
func TestItemAdopted(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		id, err := books.Add("Item", `{"Name":"shirt (#1)","Type":"NonInventory","IncomeAccountRef":{"value":"1"},"UnitPrice":9.99}`)
		if err != nil {
			t.Fatal(err)
		}
		target := client.ItemTarget(quickbooks.TargetOptions{})
		draft := product("Shirt", "1", "S-1")
		draft.Item.UnitPrice = amountOf(t, "9.990")
		change := creation("1", draft)
		answer := mustFind(t, target, change)[change.Key]
		if diff := cmp.Diff(woosync.Answer{ID: id, Version: "0", Stale: true}, answer); diff != "" {
			t.Error(diff) // its SKU is not there yet
		}
		mustApply(t, target, updating("1", id, "0", draft))
		if diff := cmp.Diff(woosync.Answer{ID: id, Version: "1"}, mustFind(t, target, change)[change.Key]); diff != "" {
			t.Error(diff)
		}
		if err := books.Edit("Item", id, `{"Active":false}`); err != nil {
			t.Fatal(err)
		}
	})
}

// The stock an inventory item began with is sent once: an update must not set it back.
func TestItemInventory(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.ItemTarget(quickbooks.TargetOptions{})
		draft := product("Mug", "1", "M-1")
		draft.Item.Type = quickbooks.ItemInventory
		_, err := target.Apply(t.Context(), creation("1", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryData)
		draft.Item.ExpenseAccountRef, draft.Item.AssetAccountRef = quickbooks.To("7"), quickbooks.To("8")
		draft.Item.TrackQtyOnHand, draft.Item.QtyOnHand, draft.Item.InvStartDate = true, amountOf(t, "5"), "1999-01-01"
		answer := mustApply(t, target, creation("1", draft))
		if err := books.Edit("Item", answer.ID, `{"QtyOnHand":3}`); err != nil {
			t.Fatal(err)
		}
		draft.Item.Description = "A mug"
		stale := mustApply(t, target, updating("1", answer.ID, answer.Version, draft))
		mustApply(t, target, updating("1", stale.ID, stale.Version, draft))
		held := documents[quickbooks.Item](t, books, "Item")[0]
		if held.QtyOnHand.String() != "3" || held.Description != "A mug" {
			t.Errorf("the books hold %s of %q, want 3 of A mug", held.QtyOnHand, held.Description)
		}
	})
}

func TestItemCheck(t *testing.T) {
	bubble(t, nil, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		draft := quickbooks.ItemDraft{
			Names: []string{strings.Repeat("x", 101)},
			Item:  quickbooks.Item{Type: "Category", Sku: strings.Repeat("x", 101), UnitPrice: amountOf(t, "1.12345678")},
		}
		_, err := client.ItemTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("1", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryData)
		for _, field := range []string{"Name: 101", "Type", "Sku: 101", "UnitPrice", "IncomeAccountRef"} {
			if !strings.Contains(err.Error(), field) {
				t.Errorf("the error does not mention %s: %v", field, err)
			}
		}
		if n := books.Requests().Total; n != 0 {
			t.Errorf("%d requests, want none", n)
		}
	})
}

func TestNames(t *testing.T) {
	long := strings.Repeat("ä", 120)
	for _, c := range []struct {
		name, number, identity string
		want                   []string
	}{
		{"Ann: Lee\t\n Jr", "7", "id", []string{"Ann Lee Jr", "Ann Lee Jr (#7)", "Ann Lee Jr (" + digest("id")[:8] + ")"}},
		{"Ann", "", "id", []string{"Ann", "Ann (" + digest("id")[:8] + ")"}},
		{"  ", "7", "id", []string{"(#7)", "(" + digest("id")[:8] + ")"}},
	} {
		if diff := cmp.Diff(c.want, quickbooks.ItemNames(c.name, c.number, c.identity)); diff != "" {
			t.Errorf("%q: %s", c.name, diff)
		}
	}
	cut := quickbooks.ItemNames(long, "7", "id")
	other := quickbooks.ItemNames(long+"!", "7", "id")
	for i := range cut {
		if n := len([]rune(cut[i])); n != 100 {
			t.Errorf("%q has %d characters, want 100", cut[i], n)
		}
		if cut[i] == other[i] {
			t.Errorf("two long names became one: %q", cut[i])
		}
	}
	if !strings.HasSuffix(cut[1], "(#7)") {
		t.Errorf("%q lost its number", cut[1])
	}
	if n := len(quickbooks.CustomerNames(strings.Repeat("x", 500), "", "id")[0]); n != 500 {
		t.Errorf("a name of 500 characters was cut to %d", n)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("Ann: Lee\t", "7", "id")
	f.Add(strings.Repeat("x", 200), strings.Repeat("9", 200), "")
	f.Add("\xff\u2028:", "", "")
	f.Fuzz(func(t *testing.T, name, number, identity string) {
		all := quickbooks.ItemNames(name, number, identity)
		if diff := cmp.Diff(all, quickbooks.ItemNames(name, number, identity)); diff != "" {
			t.Errorf("names depend on chance: %s", diff)
		}
		for _, candidate := range all {
			if n := len([]rune(candidate)); n == 0 || n > 100 {
				t.Errorf("%q has %d characters", candidate, n)
			}
			if strings.ContainsAny(candidate, ":\t\n\r\x00\x7f\u2028") || candidate != strings.TrimSpace(candidate) || candidate != strings.ToValidUTF8(candidate, "") {
				t.Errorf("%q would be refused", candidate)
			}
		}
	})
}

// What was not taken up is at least said plainly.
func ExampleItemNames() {
	fmt.Println(strings.Join(quickbooks.ItemNames("Shirt: blue", "1042", "https://shop.example product 1042"), "\n"))
	// Output:
	// Shirt blue
	// Shirt blue (#1042)
	// Shirt blue (58bde1c8)
}
