package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every record that was ever recorded comes out as it went in.
func TestRecordsKeepEverything(t *testing.T) {
	t.Parallel()
	list := sampled(t)
	for _, k := range list {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			if len(k.samples) == 0 && k.name != "download" && k.name != "system status" {
				t.Fatal("no samples")
			}
			for i, sent := range k.samples {
				if racing && i%40 != 0 {
					continue
				}
				again, err := k.again(sent)
				if err != nil {
					t.Fatalf("%v in %.300s", err, sent)
				}
				if bytes.Equal(compact(t, sent), again) {
					continue
				}
				t.Fatalf("-sent +again:\n%s", cmp.Diff(value(t, sent), value(t, again)))
			}
		})
	}
}

// The typed fields alone hold all that is in the JSON, but for what is written
// another way.
func TestRecordsHaveAFieldForEverything(t *testing.T) {
	t.Parallel()
	list := sampled(t)
	for _, k := range list {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			for i, sent := range k.samples {
				if k.name == "order" && i%4 != 0 || racing && i%40 != 0 {
					continue // their parts are looked at one by one
				}
				typed, err := k.typed(sent)
				if err != nil {
					t.Fatalf("%v in %.300s", err, sent)
				}
				want, _ := plain(value(t, sent)).(map[string]any)
				for _, name := range []string{"_links", "generated_slug", "permalink_template"} { // of drafts, for an editor
					delete(want, name)
				}
				got, _ := plain(value(t, typed)).(map[string]any)
				if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
					t.Fatalf("-sent +typed:\n%s\n%.200s", diff, sent)
				}
			}
		})
	}
}

// compact is JSON as encoding/json writes it: no blanks, and nothing that would be HTML.
func compact(tb testing.TB, text []byte) []byte {
	tb.Helper()
	out, err := json.Marshal(json.RawMessage(text))
	if err != nil {
		tb.Fatal(err)
	}
	return out
}
