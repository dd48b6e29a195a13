// Command quickstart shows a whole sync without any account: a recorded half of
// a real WooCommerce shop, a strict fake of QuickBooks, and woosync between them.
//
//	go run ./examples/quickstart         carry everything, then audit the books
//	go run ./examples/quickstart -kill   the same, killed (SIGKILL) in the middle
//
// It exits with 0 only if an audit that shares no code with the sync finds every
// document right to the cent and every refusal explained by the shop's own sums.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	kill := flags.Bool("kill", false, "kill the sync in the middle and start it again")
	child := flags.Bool("sync", false, "only the sync, between addresses told by the environment (used by -kill)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child {
		return syncAsTold(ctx, out)
	}
	dir, err := os.MkdirTemp("", "woosync-quickstart-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return demonstrate(ctx, out, demonstration{database: filepath.Join(dir, "sync.db"), kill: *kill})
}

// A demonstration says what to show.
type demonstration struct {
	database string
	kill     bool
	// between is asked for the address under which the sync is to reach the books;
	// nil: their own. Tests put somebody in the middle.
	between func(books string) (address string)
}

// demonstrate starts both fakes, carries the shop into the books and audits them.
func demonstrate(ctx context.Context, out io.Writer, what demonstration) error {
	shop := wootest.NewServer(wootest.WithExample())
	defer shop.Close()
	company := qbotest.NewServer(
		// The real limit of 500 requests a minute would make this take minutes.
		qbotest.WithLimits(qbotest.Limits{}), qbotest.WithLatency(4*time.Millisecond), qbotest.WithRotation(),
	)
	defer company.Close()
	told := addresses{
		shop: shop.URL, key: shop.Key(), secret: shop.Secret(),
		company: company.URL, tokens: company.TokenURL(), realm: company.RealmID(),
		client: company.ClientID(), clientSecret: company.ClientSecret(), refresh: company.RefreshToken(),
		database: what.database,
	}
	if what.between != nil {
		told.company = what.between(company.URL)
	}
	if err := say(out, "woosync quickstart: everything here runs on this machine.\n\n"+
		"  shop   %s  a recorded half of a WooCommerce shop\n"+
		"  books  %s  a strict fake of QuickBooks Online\n"+
		"  state  %s\n\n", shop.URL, company.URL, what.database); err != nil {
		return err
	}
	var err error
	if what.kill {
		err = syncKilled(ctx, out, told)
	} else {
		err = syncHere(ctx, out, told)
	}
	if err != nil {
		return err
	}
	return auditBooks(ctx, out, company)
}

func say(out io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(out, format, args...)
	return err
}
