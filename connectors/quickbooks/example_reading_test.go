package quickbooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// connected returns a client of a fake company with some customers.
func connected(names ...string) (*qbotest.Server, *quickbooks.Client) {
	books := qbotest.New()
	for _, name := range names {
		if _, err := books.Add("Customer", `{"DisplayName":"`+name+`"}`); err != nil {
			log.Fatal(err)
		}
	}
	books.Advance(time.Minute)
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Transport: books.RoundTripper(),
		Tokens: quickbooks.FixedToken(books.AccessToken()), // NewTokens, where tokens have to last
	})
	if err != nil {
		log.Fatal(err)
	}
	return books, client
}

// A mailingList is the target of the example: names by e-mail tool, say.
type mailingList struct{ names map[string]string }

func (m *mailingList) Find(_ context.Context, changes []woosync.Change[string]) (map[string]woosync.Answer, error) {
	found := make(map[string]woosync.Answer)
	for _, c := range changes {
		if name, ok := m.names[c.SourceID]; ok {
			found[c.Key] = woosync.Answer{ID: c.SourceID, Stale: name != c.Value}
		}
	}
	return found, nil
}

func (m *mailingList) Apply(_ context.Context, c woosync.Change[string]) (woosync.Answer, error) {
	if c.Action == woosync.Remove {
		delete(m.names, c.SourceID)
		return woosync.Answer{ID: c.SourceID}, nil
	}
	m.names[c.SourceID] = c.Value
	fmt.Println(c.Action, c.Value)
	return woosync.Answer{ID: c.SourceID}, nil
}

func (*mailingList) InFlight() int { return 1 }

// The engine carries what is in QuickBooks anywhere: here the customers, those that were made inactive left out.
func Example_source() {
	books, client := connected("Ann", "Bob", "Eve")
	store := memory.New()
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store})
	if err != nil {
		log.Fatal(err)
	}
	customers := woosync.Flow[quickbooks.Customer, string]{
		Name: "customers", Origin: client.RealmID(), Account: "the list",
		Source: quickbooks.NewSource[quickbooks.Customer](client, quickbooks.SourceOptions{}),
		Target: &mailingList{names: make(map[string]string)},
		Map: func(_ context.Context, c quickbooks.Customer, _ woosync.Links) (string, error) {
			if c.Active != nil && !*c.Active {
				return "", woosync.ErrRemove
			}
			return c.DisplayName, nil
		},
	}
	for range 2 {
		report, err := engine.Run(context.Background(), woosync.Job{Tenant: "acme", Streams: []woosync.Stream{customers}})
		if err != nil {
			log.Fatal(err)
		}
		counts := report.Streams[0].Counts
		fmt.Println(counts.Created, "created,", counts.Updated, "updated,", counts.Removed, "removed")
		// Meanwhile, in QuickBooks:
		if err := books.Edit("Customer", "2", `{"DisplayName":"Robert"}`); err != nil {
			log.Fatal(err)
		}
		if err := books.Edit("Customer", "3", `{"Active":false}`); err != nil {
			log.Fatal(err)
		}
		books.Advance(time.Minute)
	}
	// Unordered output:
	// create Ann
	// create Bob
	// create Eve
	// 3 created, 0 updated, 0 removed
	// update Robert
	// 0 created, 1 updated, 1 removed
}

// Conditions are built; a name may hold whatever it does.
func ExampleQuery() {
	_, client := connected("O'Brien", "' or Id > '0")
	for customer, err := range quickbooks.Query[quickbooks.Customer](context.Background(), client, quickbooks.Selection{
		Where: []quickbooks.Condition{quickbooks.In("DisplayName", "O'Brien", "nobody's")},
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(customer.DisplayName)
	}
	// Output: O'Brien
}

// What changed in several lists since a moment, in one request.
func ExampleClient_Changes() {
	books, client := connected("Ann", "Bob")
	changes, err := client.Changes(context.Background(), time.Now().Add(-time.Hour), "Customer", "Item")
	if err != nil {
		log.Fatal(err)
	}
	customers, deleted, err := quickbooks.ChangesOf[quickbooks.Customer](changes)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(customers), "changed,", len(deleted), "deleted,", books.Requests().Capture, "request")
	// Output: 2 changed, 0 deleted, 1 request
}

// A handler for the webhooks of an app. The hints go where runs are asked for; a queue of your own, say.
func ExampleWebhookHandler() {
	queue := make(chan quickbooks.Hint, 100)
	handler, err := quickbooks.NewWebhookHandler(quickbooks.WebhookConfig{
		VerifierTokens: []rest.Secret{"the verifier token of the app"},
		OnHints: func(_ context.Context, hints []quickbooks.Hint) error {
			for _, hint := range hints {
				select {
				case queue <- hint:
				default:
					return errors.New("the queue is full: QuickBooks is to send it again")
				}
			}
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}

	// What QuickBooks sends:
	body := `[{"id":"88cd52aa","type":"qbo.customer.updated.v1","time":"2026-11-20T09:30:00Z","intuitentityid":"7","intuitaccountid":"310687"}]`
	mac := hmac.New(sha256.New, []byte("the verifier token of the app"))
	_, _ = mac.Write([]byte(body))
	delivery := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/quickbooks", strings.NewReader(body))
	delivery.Header.Set("intuit-signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, delivery)

	hint := <-queue
	fmt.Println(answer.Code, hint.RealmID, hint.Entity, hint.ID, hint.Operation)
	// Output: 200 310687 Customer 7 updated
}
