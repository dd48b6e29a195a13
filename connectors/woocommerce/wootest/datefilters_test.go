package wootest_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// probes are how far from the cut-off, 12:00, the records of the experiment
// lie, in seconds.
func probes() []int {
	return []int{
		-150 * 60, -120 * 60, -119 * 60, -61 * 60, -60 * 60, -59 * 60, -1, 0, 1,
		59 * 60, 60 * 60, 61 * 60, 119 * 60, 120 * 60, 150 * 60,
	}
}

func TestDateFiltersAsMeasured(t *testing.T) {
	t.Parallel()
	days := map[string]time.Time{
		"winter": time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC),
		"summer": time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC),
	}
	name := regexp.MustCompile(`^(winter|summer) \S+ (\w+)=(\S+) gmt=(\w+)$`)
	played := 0
	for kind, results := range experiments[map[string]map[string]string](t, "exp_date_filters") {
		route := "/" + strings.TrimSuffix(kind, " HPOS")
		for season, day := range days {
			server := probed(t, day)
			for experiment, want := range results {
				parts := name.FindStringSubmatch(experiment)
				if parts == nil {
					t.Fatalf("experiment %q is not understood", experiment)
				}
				if parts[1] != season {
					continue
				}
				played++
				t.Run(kind+"/"+experiment, func(t *testing.T) {
					t.Parallel()
					params := []string{"per_page", "100", parts[2], day.Format("2006-01-02T") + parts[3]}
					if parts[4] == "true" {
						params = append(params, "dates_are_gmt", "true")
					}
					if got := borders(ask(t, server, route, params...).ids); got != want {
						t.Errorf("%s, real shop: %s", got, want)
					}
				})
			}
		}
	}
	if played != 120 {
		t.Errorf("%d experiments played, want 120", played)
	}
}

// probed is a shop with orders and products around a time. Their IDs tell their
// place among the probes.
func probed(t *testing.T, day time.Time) *wootest.Server {
	t.Helper()
	var records []json.RawMessage
	for i, seconds := range probes() {
		records = append(records, datedAt(t, int64(i+1), day.Add(time.Duration(seconds)*time.Second)))
	}
	return wootest.New(wootest.WithShop(wootest.Shop{Orders: records, Products: records}))
}

// borders says which probes a filter let through, as the experiment wrote it.
func borders(ids []int64) string {
	all := probes()
	minutes := func(i int) string {
		if all[i]%60 != 0 { // a second, as a share of a minute
			return fmt.Sprintf("%+d", all[i])[:1] + "0.0166667"
		}
		return fmt.Sprintf("%+d", all[i]/60)
	}
	if len(ids) == 0 || len(ids) == len(all) {
		return fmt.Sprintf("%d of %d probes", len(ids), len(all))
	}
	lowest, highest := int(slices.Min(ids))-1, int(slices.Max(ids))-1
	if highest-lowest+1 != len(ids) {
		return fmt.Sprint("probes with gaps: ", ids)
	}
	if lowest > 0 {
		return fmt.Sprintf("first included UTC %s min; last excluded %s", minutes(lowest), minutes(lowest-1))
	}
	return fmt.Sprintf("last included UTC %s min; first excluded %s", minutes(highest), minutes(highest+1))
}

// TestClockChangesAsMeasured has an order every quarter of an hour around a
// change of the clocks, and every form of cut-off.
func TestClockChangesAsMeasured(t *testing.T) {
	t.Parallel()
	type result = json.RawMessage
	shops := map[string]struct {
		prefix  string
		results map[string]result
	}{
		"HPOS":  {"", experiments[map[string]result](t, "exp_dst")},
		"posts": {"cpt ", experiments[map[string]result](t, "exp_hpos_off")},
	}
	played := 0
	for kind, s := range shops {
		for experiment, raw := range s.results {
			season, form, ok := strings.Cut(strings.TrimPrefix(experiment, s.prefix), " / ")
			if !ok || !strings.HasPrefix(experiment, s.prefix) {
				continue
			}
			played++
			t.Run(kind+"/"+experiment, func(t *testing.T) {
				t.Parallel()
				want := []string{}
				if string(raw) != `"exact"` {
					if err := json.Unmarshal(raw, &want); err != nil {
						t.Fatal(err)
					}
				}
				got := quarters(t, firstCut(t, season), form, wootest.WithHPOS(kind == "HPOS"))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("cut-offs that are not exact (-real +fake):\n%s", diff)
				}
			})
		}
	}
	if played != 18 {
		t.Errorf("%d experiments played, want 18", played)
	}
}

func firstCut(t *testing.T, season string) time.Time {
	t.Helper()
	word, _, _ := strings.Cut(season, " ")
	cuts := map[string]time.Time{
		"winter": time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC),
		"spring": time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC),
		"autumn": time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC),
	}
	at, ok := cuts[word]
	if !ok {
		t.Fatalf("season %q is not understood", season)
	}
	return at
}

// quarters tries 25 cut-offs from a time on and says what each has too much or
// too little.
func quarters(t *testing.T, from time.Time, form string, opt wootest.Option) []string {
	t.Helper()
	at := make(map[int64]time.Time)
	var orders []json.RawMessage
	for i := range 29 { // half an hour more on either side
		id := int64(i + 1)
		at[id] = from.Add(time.Duration(i-2) * 15 * time.Minute)
		orders = append(orders, datedAt(t, id, at[id]))
	}
	server := wootest.New(wootest.WithShop(wootest.Shop{Orders: orders}), opt)
	wrong := []string{}
	for i := range 25 {
		cut := from.Add(time.Duration(i) * 15 * time.Minute)
		served := ask(t, server, "/orders", append(cutoff(t, cut, form), "per_page", "100")...).ids
		var missing, extra []string
		for id, modified := range at {
			switch has := slices.Contains(served, id); {
			case modified.After(cut) && !has:
				missing = append(missing, modified.Format(time.TimeOnly))
			case !modified.After(cut) && has:
				extra = append(extra, modified.Format(time.TimeOnly))
			}
		}
		if len(missing)+len(extra) > 0 {
			wrong = append(wrong, fmt.Sprintf("modified_after=%sZ: missing %s extra %s",
				cut.Format(time.TimeOnly), pythonList(missing), pythonList(extra)))
		}
	}
	return wrong
}

// cutoff is a time in one of the forms of the experiments.
func cutoff(t *testing.T, at time.Time, form string) []string {
	t.Helper()
	switch form {
	case "gmt=true, no suffix":
		return []string{"modified_after", at.Format(wall), "dates_are_gmt", "true"}
	case "Z, no gmt flag":
		return []string{"modified_after", at.Format(wall) + "Z"}
	case "Z and gmt=true":
		return []string{"modified_after", at.Format(wall) + "Z", "dates_are_gmt", "true"}
	case "local time, no gmt flag":
		return []string{"modified_after", at.In(berlin(t)).Format(wall)}
	}
	t.Fatalf("form %q is not understood", form)
	return nil
}

// pythonList is how the experiments were written down.
func pythonList(words []string) string {
	slices.Sort(words)
	if len(words) == 0 {
		return "[]"
	}
	return "['" + strings.Join(words, "', '") + "']"
}
