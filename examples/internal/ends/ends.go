// Package ends reads a fake shop and fake books as any client would, for audits
// that share no code with the sync.
package ends

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/examples/internal/audit"
)

// Audit compares a shop's paid orders in euros with the company's books.
func Audit(ctx context.Context, orders []json.RawMessage, company *qbotest.Server) (audit.Finding, error) {
	return audit.Run(ctx, orders, query(company), audit.Rules{
		Paid: []string{"processing", "completed", "refunded"}, Currency: "EUR", Tolerance: "0.05",
	})
}

// Orders reads all orders as the shop sends them.
func Orders(ctx context.Context, shop *wootest.Server) ([]json.RawMessage, error) {
	var list []json.RawMessage
	for page := 1; ; page++ {
		address := fmt.Sprintf("%s/wp-json/wc/v3/orders?per_page=100&page=%d&orderby=id&order=asc", shop.URL, page)
		body, err := get(ctx, address, func(r *http.Request) { r.SetBasicAuth(shop.Key(), shop.Secret()) })
		if err != nil {
			return nil, err
		}
		var read []json.RawMessage
		if err := json.Unmarshal(body, &read); err != nil {
			return nil, err
		}
		list = append(list, read...)
		if len(read) == 0 {
			return list, nil
		}
	}
}

func query(company *qbotest.Server) audit.Query {
	token := company.AccessToken()
	return func(ctx context.Context, statement string) ([]byte, error) {
		address := company.URL + "/v3/company/" + company.RealmID() + "/query?query=" + url.QueryEscape(statement)
		return get(ctx, address, func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Accept", "application/json")
		})
	}
}

func get(ctx context.Context, address string, sign func(*http.Request)) (body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	sign(request)
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.200s", request.URL.Path, response.Status, body)
	}
	return body, err
}
