package quickbooks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/quickbooks"
)

// reading reads an entity and returns what is written of it, as it was read and as if made by hand.
func reading[T any](raw func(*T) *json.RawMessage) func([]byte) (asRead, byHand []byte, err error) {
	return func(text []byte) ([]byte, []byte, error) {
		var entity T
		if err := json.Unmarshal(text, &entity); err != nil {
			return nil, nil, err
		}
		asRead, err := json.Marshal(entity)
		if err != nil {
			return nil, nil, err
		}
		*raw(&entity) = nil
		byHand, err := json.Marshal(entity)
		return asRead, byHand, err
	}
}

// TestEveryFieldIsNamed reads bodies that hold every field of an entity. Each field has to be found by its name: it is still there when what
// the entity was read from is forgotten.
func TestEveryFieldIsNamed(t *testing.T) {
	t.Parallel()
	kinds := map[string]func([]byte) (asRead, byHand []byte, err error){
		"account":       reading(func(e *quickbooks.Account) *json.RawMessage { return &e.Raw }),
		"attachable":    reading(func(e *quickbooks.Attachable) *json.RawMessage { return &e.Raw }),
		"class":         reading(func(e *quickbooks.Class) *json.RawMessage { return &e.Raw }),
		"companyinfo":   reading(func(e *quickbooks.CompanyInfo) *json.RawMessage { return &e.Raw }),
		"creditmemo":    reading(func(e *quickbooks.CreditMemo) *json.RawMessage { return &e.Raw }),
		"customer":      reading(func(e *quickbooks.Customer) *json.RawMessage { return &e.Raw }),
		"department":    reading(func(e *quickbooks.Department) *json.RawMessage { return &e.Raw }),
		"deposit":       reading(func(e *quickbooks.Deposit) *json.RawMessage { return &e.Raw }),
		"exchangerate":  reading(func(e *quickbooks.ExchangeRate) *json.RawMessage { return &e.Raw }),
		"invoice":       reading(func(e *quickbooks.Invoice) *json.RawMessage { return &e.Raw }),
		"item":          reading(func(e *quickbooks.Item) *json.RawMessage { return &e.Raw }),
		"journalentry":  reading(func(e *quickbooks.JournalEntry) *json.RawMessage { return &e.Raw }),
		"payment":       reading(func(e *quickbooks.Payment) *json.RawMessage { return &e.Raw }),
		"paymentmethod": reading(func(e *quickbooks.PaymentMethod) *json.RawMessage { return &e.Raw }),
		"preferences":   reading(func(e *quickbooks.Preferences) *json.RawMessage { return &e.Raw }),
		"refundreceipt": reading(func(e *quickbooks.RefundReceipt) *json.RawMessage { return &e.Raw }),
		"salesreceipt":  reading(func(e *quickbooks.SalesReceipt) *json.RawMessage { return &e.Raw }),
		"taxagency":     reading(func(e *quickbooks.TaxAgency) *json.RawMessage { return &e.Raw }),
		"taxcode":       reading(func(e *quickbooks.TaxCode) *json.RawMessage { return &e.Raw }),
		"taxrate":       reading(func(e *quickbooks.TaxRate) *json.RawMessage { return &e.Raw }),
		"taxservice":    reading(func(e *quickbooks.TaxService) *json.RawMessage { return &e.Raw }),
		"term":          reading(func(e *quickbooks.Term) *json.RawMessage { return &e.Raw }),
	}
	files, err := filepath.Glob("testdata/entities/*.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, file := range files {
		kind, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), "_")
		seen[kind] = true
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			read := kinds[kind]
			if read == nil {
				t.Fatalf("nothing reads a %s", kind)
			}
			asRead, byHand, err := read(text)
			if err != nil {
				t.Fatal(err)
			}
			whole := tree(t, text).(map[string]any)
			if diff := cmp.Diff(any(whole), tree(t, asRead)); diff != "" {
				t.Errorf("as read (-file +written):\n%s", diff)
			}
			// The latter two are deprecated.
			for _, unnamed := range []string{"domain", "sparse", "AllowOnlinePayment", "AllowIPNPayment"} {
				delete(whole, unnamed)
			}
			named := tree(t, byHand)
			if lost := lacking(whole, named, kind); len(lost) > 0 {
				t.Errorf("no field has the name of %v", lost)
			}
		})
	}
	for kind := range kinds {
		if !seen[kind] {
			t.Errorf("there is no body of a %s", kind)
		}
	}
}

// lacking returns the paths of what stands in want and not in got.
func lacking(want, got any, at string) (lost []string) {
	switch want := want.(type) {
	case map[string]any:
		inGot, _ := got.(map[string]any)
		for name, value := range want {
			if _, ok := inGot[name]; !ok {
				lost = append(lost, at+"."+name)
				continue
			}
			lost = append(lost, lacking(value, inGot[name], at+"."+name)...)
		}
	case []any:
		inGot, _ := got.([]any)
		for i, value := range want {
			if i >= len(inGot) {
				return append(lost, at)
			}
			lost = append(lost, lacking(value, inGot[i], at)...)
		}
	default:
		if !cmp.Equal(want, got) {
			lost = append(lost, at)
		}
	}
	return lost
}
