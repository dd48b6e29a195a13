package quickbooks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// novel is the name of a property that nobody knows.
const novel = "Novelty"

// A salter stands before a company. It puts what nobody knows into every object that the company shows, at every depth, and takes it out of
// every body again before the company, which refuses what it does not know, sees it.
type salter struct {
	next          http.RoundTripper
	entity        string
	showed, wrote []string // where novelties were put in, and where they came back from
}

func (s *salter) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	if r.Method == http.MethodPost && r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		var body any
		if err := json.Unmarshal(text, &body); err != nil {
			return nil, err
		}
		s.wrote = nil
		s.takeOut(body)
		text, err = json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	}
	answer, err = s.next.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		return answer, err
	}
	shown := answer.Body
	defer func() { err = errors.Join(err, shown.Close()) }()
	var envelope map[string]any
	decoder := json.NewDecoder(shown)
	decoder.UseNumber()
	if err := decoder.Decode(&envelope); err != nil {
		return nil, err
	}
	s.showed = nil
	s.putIn(envelope[s.entity], s.entity)
	text, err := json.Marshal(envelope)
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return answer, err
}

func (s *salter) putIn(value any, at string) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			s.putIn(value[name], at+"."+name)
		}
		value[novel] = map[string]any{"at": at, "deep": []any{nil, 1.5, map[string]any{"x": "y"}}}
		s.showed = append(s.showed, at)
	case []any:
		for i, element := range value {
			s.putIn(element, fmt.Sprintf("%s[%d]", at, i))
		}
	}
}

func (s *salter) takeOut(value any) {
	switch value := value.(type) {
	case map[string]any:
		if found, ok := value[novel].(map[string]any); ok {
			s.wrote = append(s.wrote, found["at"].(string))
			delete(value, novel)
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			s.takeOut(value[name])
		}
	case []any:
		for _, element := range value {
			s.takeOut(element)
		}
	}
}

// A trip is the way of one entity out of the company, through a change, and back.
type trip struct {
	entity, id string
	owned      []string // properties that the company sets, beside those of every entity
	change     func(ctx context.Context, c *quickbooks.Client, whole bool) (name string, err error)
	read       func(ctx context.Context, c *quickbooks.Client) (json.RawMessage, error)
}

// tripOf returns the trip of an entity that is changed by edit, which returns the name of the property that it changes.
func tripOf[T interface {
	quickbooks.Entity
	quickbooks.Replaceable
	quickbooks.Updatable
}](entity, id string, edit func(*T) string, owned ...string) trip {
	read := func(ctx context.Context, c *quickbooks.Client) (T, error) { return quickbooks.Read[T](ctx, c, id) }
	t := trip{entity: entity, id: id, owned: owned}
	t.read = func(ctx context.Context, c *quickbooks.Client) (json.RawMessage, error) {
		held, err := read(ctx, c)
		if err != nil {
			return nil, err
		}
		return json.Marshal(held)
	}
	t.change = func(ctx context.Context, c *quickbooks.Client, whole bool) (string, error) {
		held, err := read(ctx, c)
		if err != nil {
			return "", err
		}
		name := edit(&held)
		if whole {
			_, err = quickbooks.Replace(ctx, c, "key-"+entity+"-whole", held)
		} else {
			_, err = quickbooks.Update(ctx, c, "key-"+entity, held)
		}
		return name, err
	}
	return t
}

// noteTrip is that of a note, which is only ever written as a whole.
func noteTrip(id string) trip {
	t := trip{entity: "Attachable", id: id}
	read := func(ctx context.Context, c *quickbooks.Client) (quickbooks.Attachable, error) {
		return quickbooks.Read[quickbooks.Attachable](ctx, c, id)
	}
	t.read = func(ctx context.Context, c *quickbooks.Client) (json.RawMessage, error) {
		held, err := read(ctx, c)
		return held.Raw, err
	}
	t.change = func(ctx context.Context, c *quickbooks.Client, whole bool) (string, error) {
		held, err := read(ctx, c)
		if err != nil {
			return "", err
		}
		held.Note = fmt.Sprintf("another note, %t", whole)
		_, err = quickbooks.Replace(ctx, c, fmt.Sprintf("key-note-%t", whole), held)
		return "Note", err
	}
	return t
}

// TestReadChangeWriteKeepsEverything reads every entity that can be changed, changes one thing, writes it, reads it again, and compares all
// that it holds. Into every object on the way something is put that nobody knows.
func TestReadChangeWriteKeepsEverything(t *testing.T) {
	t.Parallel()
	tracking := []qbotest.Option{qbotest.WithClassTracking(true, true), qbotest.WithDepartments(true), qbotest.WithAllowDiscount(true), qbotest.WithCustomFields("Crew"), qbotest.WithKeptAddresses()}
	bubble(t, tracking, func(t *testing.T, books *qbotest.Server, _ *quickbooks.Client, _ *wire) {
		for _, trip := range trips(t, books) {
			for _, whole := range []bool{true, false} {
				travel(t, books, trip, whole)
			}
		}
	})
}

func travel(t *testing.T, books *qbotest.Server, trip trip, whole bool) {
	t.Helper()
	salt := &salter{next: books.RoundTripper(), entity: trip.entity}
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Transport: salt, Tokens: quickbooks.FixedToken(books.AccessToken()),
	})
	if err != nil {
		t.Fatal(err)
	}
	before, err := trip.read(t.Context(), client)
	if err != nil {
		t.Fatalf("%s: %v", trip.entity, err)
	}
	showed := salt.showed
	if len(showed) < 2 {
		t.Fatalf("%s: only %v had something put in", trip.entity, showed)
	}
	name, err := trip.change(t.Context(), client, whole)
	if err != nil {
		t.Fatalf("%s, as a whole %t: %v", trip.entity, whole, err)
	}
	if whole {
		slices.Sort(showed)
		slices.Sort(salt.wrote)
		if diff := cmp.Diff(showed, salt.wrote); diff != "" {
			t.Errorf("%s: what nobody knows came back from other places than it stood in (-showed +written):\n%s", trip.entity, diff)
		}
	}
	after, err := trip.read(t.Context(), client)
	if err != nil {
		t.Fatalf("%s: %v", trip.entity, err)
	}
	old, now := tree(t, before).(map[string]any), tree(t, after).(map[string]any)
	if cmp.Equal(old[name], now[name]) {
		t.Errorf("%s, as a whole %t: %s was not changed", trip.entity, whole, name)
	}
	for _, owned := range append([]string{"SyncToken", "MetaData", name}, trip.owned...) {
		delete(old, owned)
		delete(now, owned)
	}
	if diff := cmp.Diff(old, now); diff != "" {
		t.Errorf("%s, as a whole %t: (-before +after):\n%s", trip.entity, whole, diff)
	}
}

// trips makes one complete entity of each kind.
func trips(t *testing.T, books *qbotest.Server) []trip {
	t.Helper()
	add := func(entity, body string) string {
		t.Helper()
		if !json.Valid([]byte(body)) {
			t.Fatalf("%s: no JSON: %s", entity, body)
		}
		id, err := books.Add(entity, body)
		if err != nil {
			t.Fatal(errors.Join(fmt.Errorf("%s", entity), err))
		}
		return id
	}
	r := rooms{
		class: add("Class", `{"Name":"Web"}`), place: add("Department", `{"Name":"Dresden"}`), term: add("Term", `{"Name":"Net 45","DueDays":45,"DiscountDays":10,"DiscountPercent":2}`),
		tax: firstID(t, books, "TaxCode"),
	}
	r.child = add("Class", `{"Name":"Outlet","SubClass":true,"ParentRef":{"value":"`+r.class+`"}}`)
	r.cellar = add("Department", `{"Name":"Cellar","SubDepartment":true,"ParentRef":{"value":"`+r.place+`"}}`)
	r.customer = add("Customer", r.fill(customerBody))
	r.item = add("Item", r.fill(itemBody))
	return r.trips(add)
}

func firstID(t *testing.T, books *qbotest.Server, entity string) string {
	t.Helper()
	all := documents[struct{ ID string }](t, books, entity)
	if len(all) == 0 {
		t.Fatalf("there is no %s", entity)
	}
	return all[0].ID
}

// rooms are the IDs that bodies refer to.
type rooms struct{ class, child, place, cellar, term, tax, customer, item string }

func (r rooms) fill(body string) string {
	return strings.NewReplacer("$class", r.class, "$child", r.child, "$place", r.place, "$term", r.term, "$tax", r.tax, "$customer", r.customer, "$item", r.item,
		"$lines", lineBodies, "$addresses", addressBodies).Replace(body)
}
