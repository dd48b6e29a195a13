package examples_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/sqlite"
)

// What a host application does, here between two fakes: without AllowInsecure
// and the fakes' addresses it is what the README shows.
func Example_embed() {
	shop := wootest.NewServer(wootest.WithOrders(12))
	defer shop.Close()
	company := qbotest.NewServer()
	defer company.Close()
	dir, err := os.MkdirTemp("", "woosync-embed-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	for range 2 {
		if err := embed(context.Background(), shop, company, filepath.Join(dir, "sync.db")); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("documents:", len(company.Documents("SalesReceipt")))
	// Output:
	// completed: 11 created, 1 skipped, 0 failed
	// completed: 0 created, 0 skipped, 0 failed
	// documents: 11
}

func embed(ctx context.Context, fakeShop *wootest.Server, fakeCompany *qbotest.Server, path string) (err error) {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	shop, err := woocommerce.New(woocommerce.Config{
		URL: fakeShop.URL, ConsumerKey: fakeShop.Key(), ConsumerSecret: rest.Secret(fakeShop.Secret()), AllowInsecure: true,
	})
	if err != nil {
		return err
	}
	sealKey := sha256.Sum256([]byte("32 bytes of your own, from your secret manager"))
	tokens, err := quickbooks.NewTokens(quickbooks.TokensConfig{
		Tenant: "acme", RealmID: fakeCompany.RealmID(),
		ClientID: fakeCompany.ClientID(), ClientSecret: rest.Secret(fakeCompany.ClientSecret()),
		RefreshToken: rest.Secret(fakeCompany.RefreshToken()), TokenURL: fakeCompany.TokenURL(),
		Secrets: store, Leases: store, Key: sealKey[:], AllowInsecure: true,
	})
	if err != nil {
		return err
	}
	company, err := quickbooks.New(quickbooks.Config{
		BaseURL: fakeCompany.URL, RealmID: fakeCompany.RealmID(), Tokens: tokens, AllowInsecure: true,
	})
	if err != nil {
		return err
	}
	sales, err := books.Preflight(ctx, shop, company, books.Settings{})
	if err != nil {
		return err
	}
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store, Runs: store})
	if err != nil {
		return err
	}
	report, err := engine.Run(ctx, woosync.Job{Tenant: "acme", Streams: sales.Streams()})
	if err != nil {
		return err
	}
	counts := report.Streams[0].Counts
	fmt.Printf("%s: %d created, %d skipped, %d failed\n", report.Status, counts.Created, counts.Skipped, counts.Failed)
	return nil
}
