package quickbooks_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"time"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// A user of the host connects a company. The host mounts two handlers; tokens are kept in its store, sealed under its key.
// Here Intuit is a fake, and the addresses are those of the machine itself.
func Example_connect() {
	mux := http.NewServeMux()
	host := httptest.NewServer(mux)
	defer host.Close()
	redirect := host.URL + "/quickbooks/callback" // to be registered with Intuit
	books := qbotest.NewServer(qbotest.WithRedirectURLs(redirect))
	defer books.Close()

	store := memory.New() // SQLite or PostgreSQL in earnest
	app, err := quickbooks.NewApp(quickbooks.AppConfig{
		ClientID: books.ClientID(), ClientSecret: rest.Secret(books.ClientSecret()), RedirectURL: redirect,
		Secrets: store, Leases: store, Key: []byte("32 bytes from the secret manager"),
		AuthorizeURL: books.AuthorizeURL(), TokenURL: books.TokenURL(), AllowInsecure: true, // Intuit's, if left out
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	connect, err := quickbooks.NewConnect(quickbooks.ConnectConfig{
		App:    app,
		Tenant: func(*http.Request) (string, error) { return "acme", nil }, // from the host's session
		Connected: func(w http.ResponseWriter, _ *http.Request, tenant, realm string) {
			_, _ = fmt.Fprintf(w, "%s is connected to company %s\n", tenant, realm)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux.HandleFunc("/quickbooks/connect", connect.Start)
	mux.HandleFunc("/quickbooks/callback", connect.Callback)

	if err := click(host.URL + "/quickbooks/connect"); err != nil {
		fmt.Println(err)
		return
	}

	// From now on, in any process with the store and the key:
	ctx := context.Background()
	tokens, err := app.Tokens("acme", books.RealmID())
	if err != nil {
		fmt.Println(err)
		return
	}
	company, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Tokens: tokens, AllowInsecure: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = company.Preferences(ctx)
	fmt.Println("the company answers:", err == nil)
	status, err := tokens.Status(ctx)
	fmt.Println("to be consented again after years:", status.HardExpires.Sub(status.Consented) > 4*365*24*time.Hour, err)

	// Output:
	// acme is connected to company 9130347957983546
	// the company answers: true
	// to be consented again after years: true <nil>
}

// click is the user: a browser that follows the link and consents.
func click(link string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	page, err := (&http.Client{Jar: jar}).Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = page.Body.Close() }()
	_, err = io.Copy(os.Stdout, page.Body)
	return err
}
