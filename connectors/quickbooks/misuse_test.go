package quickbooks_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/rest"
)

// What nobody has made says so, and neither panics nor waits for ever.
func TestMisuse(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	invoice := creation("7", quickbooks.InvoiceDraft{})
	customer := creation("7", buyer("Ann", "7"))
	for name, call := range map[string]func(*quickbooks.Client) error{
		"read": func(c *quickbooks.Client) error { _, err := c.Preferences(ctx); return err },
		"create": func(c *quickbooks.Client) error {
			return errorOf(quickbooks.Create(ctx, c, "k", quickbooks.Class{Name: "x"}))
		},
		"query": func(c *quickbooks.Client) error {
			for _, err := range quickbooks.Query[quickbooks.Customer](ctx, c, quickbooks.Selection{}) {
				return err
			}
			return nil
		},
		"changes": func(c *quickbooks.Client) error { return errorOf(c.Changes(ctx, time.Now(), "Invoice")) },
		"batch": func(c *quickbooks.Client) error {
			return errorOf(c.Batch(ctx, "", []quickbooks.BatchItem{quickbooks.BatchQuery[quickbooks.Class](quickbooks.Selection{})}))
		},
		"usage": func(c *quickbooks.Client) error { return errorOf(c.Usage(ctx)) },
		"plan":  func(c *quickbooks.Client) error { return errorOf(c.Plan(ctx, quickbooks.Work{})) },
		"source": func(c *quickbooks.Client) error {
			return errorOf(quickbooks.NewSource[quickbooks.Class](c, quickbooks.SourceOptions{}).ReadPage(ctx, ""))
		},
		"invoice target": func(c *quickbooks.Client) error {
			target := c.InvoiceTarget()
			return errors.Join(errorOf(target.Find(ctx, []woosync.Change[quickbooks.InvoiceDraft]{invoice})), errorOf(target.Apply(ctx, invoice)))
		},
		"customer target": func(c *quickbooks.Client) error {
			target := c.CustomerTarget(quickbooks.TargetOptions{})
			return errors.Join(errorOf(target.Find(ctx, []woosync.Change[quickbooks.CustomerDraft]{customer})), errorOf(target.Apply(ctx, customer)))
		},
		"zero invoice target": func(*quickbooks.Client) error {
			target := new(quickbooks.InvoiceTarget)
			if target.BatchSize() != 1 || target.SettleTime() != 0 {
				t.Error("a target without a client takes batches")
			}
			return errors.Join(errorOf(target.Find(ctx, []woosync.Change[quickbooks.InvoiceDraft]{invoice})), errorOf(target.Apply(ctx, invoice)))
		},
	} {
		for kind, client := range map[string]*quickbooks.Client{"nil": nil, "zero": {}} {
			if err := call(client); err == nil || !strings.Contains(err.Error(), "New makes one") || faultOf(t, err).Definite != woosync.Fatal {
				t.Errorf("%s with a %s client: %v", name, kind, err)
			}
		}
	}
	for kind, tokens := range map[string]*quickbooks.Tokens{"nil": nil, "zero": {}} {
		_, token := tokens.Token(ctx)
		_, renew := tokens.Renew(ctx, "x")
		_, status := tokens.Status(ctx)
		for _, err := range []error{token, renew, status, tokens.Revoke(ctx)} {
			if err == nil || !strings.Contains(err.Error(), "NewTokens makes them") {
				t.Errorf("%s tokens: %v", kind, err)
			}
		}
		if _, err := quickbooks.New(quickbooks.Config{RealmID: "1", Tokens: tokens}); err == nil || !strings.Contains(err.Error(), "Tokens: missing") {
			t.Errorf("%s tokens: %v", kind, err)
		}
	}
	for kind, app := range map[string]*quickbooks.App{"nil": nil, "zero": {}} {
		if _, err := quickbooks.NewConnect(quickbooks.ConnectConfig{App: app}); err == nil || !strings.Contains(err.Error(), "App: missing") {
			t.Errorf("%s app: %v", kind, err)
		}
	}
	for name, err := range map[string]error{
		"entity":  errorOf(quickbooks.BatchEntity[quickbooks.Invoice](quickbooks.BatchResult{})),
		"rows":    errorOf(quickbooks.BatchRows[quickbooks.Invoice](quickbooks.BatchResult{})),
		"changes": func() error { _, _, err := quickbooks.ChangesOf[quickbooks.Invoice](nil); return err }(),
	} {
		if err == nil {
			t.Errorf("%s of nothing", name)
		}
	}
	var none *quickbooks.Error
	if none.Error() == "" || none.Category() != woosync.CategoryUnknown || none.Remedy() == "" || none.Transient() || none.Is(quickbooks.ErrReconnect) {
		t.Errorf("no error: %q, %s, %q", none.Error(), none.Category(), none.Remedy())
	}
}

func errorOf[T any](_ T, err error) error { return err }

func TestMisuseOfWebhooks(t *testing.T) {
	handler, err := quickbooks.NewWebhookHandler(quickbooks.WebhookConfig{
		VerifierTokens: []rest.Secret{"x"}, OnHints: func(context.Context, []quickbooks.Hint) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		handler *quickbooks.WebhookHandler
		status  int
	}{
		"no body": {handler, http.StatusUnauthorized}, "nil": {nil, http.StatusServiceUnavailable}, "zero": {new(quickbooks.WebhookHandler), http.StatusServiceUnavailable},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil) // unlike httptest's it has a nil body
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		c.handler.ServeHTTP(answer, request)
		if answer.Code != c.status {
			t.Errorf("%s: %d, want %d", name, answer.Code, c.status)
		}
	}
}
