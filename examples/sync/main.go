// Command sync carries a WooCommerce shop's paid orders into QuickBooks Online:
// the real program, told what to do by environment variables.
//
//	WOOCOMMERCE_URL              home address of the shop
//	WOOCOMMERCE_CONSUMER_KEY     key of its REST API
//	WOOCOMMERCE_CONSUMER_SECRET  and its secret
//	QUICKBOOKS_BASE_URL          production if not set; "sandbox", or an address
//	QUICKBOOKS_TOKEN_URL         Intuit's if not set
//	QUICKBOOKS_REALM_ID          ID of the company
//	QUICKBOOKS_CLIENT_ID         of your app at Intuit
//	QUICKBOOKS_CLIENT_SECRET     of your app at Intuit
//	QUICKBOOKS_REFRESH_TOKEN     for the first run; later the rotated one is in the database
//	QUICKBOOKS_PER_MINUTE        requests to the company a minute, 500 if not set
//	QUICKBOOKS_SETTLE_SECONDS    after which a write without an answer is sent again if it is not found, 150 if not set
//	WOOSYNC_DB                   SQLite file that keeps the state
//	WOOSYNC_SECRET_KEY           32 bytes in base64 that seal the tokens; else a key file beside the database
//	WOOSYNC_ALLOW_INSECURE       1: http and loopback addresses are allowed
//	WOOSYNC_CONCURRENCY          records in flight, 5 if not set
//
// It exits with 0 if everything was carried, 2 if records failed, 1 if it broke
// off. An interrupt ends it gracefully; however it ended, the next start goes on.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/examples/internal/alone"
	"github.com/woosync/woosync/examples/internal/summary"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/sqlite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are what the flags say.
type options struct {
	full, dryRun, restart, json, verbose bool
	statuses                             string
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("sync", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.full, "full", false, "read every order, not only what changed")
	flags.BoolVar(&o.dryRun, "dry-run", false, "write nothing; tell what would be done")
	flags.BoolVar(&o.restart, "restart", false, "begin the unfinished pass again")
	flags.StringVar(&o.statuses, "statuses", "processing,completed,refunded", "order statuses that count as paid; after a change run with -full")
	flags.BoolVar(&o.json, "json", false, "print the report as JSON")
	flags.BoolVar(&o.verbose, "v", false, "log what is done to standard error")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

// run is the program but for the process around it.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	var report *woosync.Report
	if err == nil {
		report, err = carry(ctx, o, getenv, stderr)
	}
	if report != nil {
		if printErr := show(stdout, report, o.json); err == nil {
			err = printErr
		}
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "sync:", err)
		return 1
	}
	if report.Status == woosync.StatusPartial {
		return 2
	}
	return 0
}

// carry builds the sync from its parts and runs it.
func carry(ctx context.Context, o options, getenv func(string) string, stderr io.Writer) (_ *woosync.Report, err error) {
	env, err := readEnvironment(getenv)
	if err != nil {
		return nil, err
	}
	// One process at a time has the file, so leases are not needed; those of a
	// killed process would keep the next one waiting for a minute.
	unlock, err := alone.Lock(env.database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	store, err := sqlite.Open(ctx, env.database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if env.sealKey == nil {
		if env.sealKey, err = keyFile(env.database, stderr); err != nil {
			return nil, err
		}
	}
	logger := slog.New(slog.DiscardHandler)
	if o.verbose {
		logger = slog.New(slog.NewTextHandler(stderr, nil))
	}
	shop, company, err := connect(env, store, logger)
	if err != nil {
		return nil, err
	}
	sales, err := books.Preflight(ctx, shop, company, books.Settings{Statuses: strings.Split(o.statuses, ",")})
	if err != nil {
		return nil, err
	}
	engine, err := woosync.New(woosync.Config{
		Checkpoints: store, Ledger: store, Runs: store,
		Logger: logger, Concurrency: env.concurrency,
	})
	if err != nil {
		return nil, err
	}
	return engine.Run(ctx, woosync.Job{
		Tenant: tenant, Streams: sales.Streams(), Full: o.full, Restart: o.restart, DryRun: o.dryRun,
	})
}

// tenant is the only one of this program; a host with many customers has one each.
const tenant = "default"

func connect(
	env environment, store *sqlite.Store, logger *slog.Logger,
) (*woocommerce.Client, *quickbooks.Client, error) {
	shop, shopErr := woocommerce.New(woocommerce.Config{
		URL: env.shopURL, ConsumerKey: env.consumerKey, ConsumerSecret: rest.Secret(env.consumerSecret),
		AllowInsecure: env.insecure, Logger: logger,
	})
	address := env.booksURL
	if address == "sandbox" {
		address = quickbooks.Sandbox
	}
	tokens, tokenErr := quickbooks.NewTokens(quickbooks.TokensConfig{
		Tenant: tenant, RealmID: env.realm, ClientID: env.clientID, ClientSecret: rest.Secret(env.clientSecret),
		TokenURL: env.tokenURL, RefreshToken: rest.Secret(env.refreshToken),
		Secrets: store, Key: env.sealKey, AllowInsecure: env.insecure,
	})
	if err := errors.Join(shopErr, tokenErr); err != nil {
		return nil, nil, err
	}
	company, err := quickbooks.New(quickbooks.Config{
		BaseURL: address, RealmID: env.realm, Tokens: tokens, AllowInsecure: env.insecure, Logger: logger,
		PerMinute: env.perMinute, PerSecond: (env.perMinute + 49) / 50, // Intuit's own proportion: 500 and 10
		SettleTime: time.Duration(env.settle) * time.Second,
	})
	return shop, company, err
}

func show(w io.Writer, report *woosync.Report, asJSON bool) error {
	if !asJSON {
		return summary.Write(w, report)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(summary.Of(report))
}
