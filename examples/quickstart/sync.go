package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/examples/internal/alone"
	"github.com/woosync/woosync/examples/internal/bar"
	"github.com/woosync/woosync/examples/internal/summary"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/sqlite"
)

// addresses are where the two ends are and how to get in.
type addresses struct {
	shop, key, secret                                     string
	company, tokens, realm, client, clientSecret, refresh string
	database                                              string
	killAfter                                             int // orders; 0: live on
}

// syncHere is what a host application does, from its store to the report.
func syncHere(ctx context.Context, out io.Writer, at addresses) (err error) {
	// A lease would outlive a killed process by a minute; a file lock does not.
	unlock, err := alone.Lock(at.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	store, err := sqlite.Open(ctx, at.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	shop, err := woocommerce.New(woocommerce.Config{
		URL: at.shop, ConsumerKey: at.key, ConsumerSecret: rest.Secret(at.secret), AllowInsecure: true,
	})
	if err != nil {
		return err
	}
	company, err := connect(at, store)
	if err != nil {
		return err
	}
	sales, err := books.Preflight(ctx, shop, company, books.Settings{})
	if err != nil {
		return err
	}
	progress := bar.New(out)
	engine, err := woosync.New(woosync.Config{
		Checkpoints: store, Ledger: store, Runs: store,
		Progress: deadline{progress, at.killAfter}, Concurrency: 8,
	})
	if err != nil {
		return err
	}
	report, err := engine.Run(ctx, woosync.Job{Tenant: "quickstart", Streams: sales.Streams()})
	progress.Wait()
	if err != nil {
		return err
	}
	if err := say(out, "\n"); err != nil {
		return err
	}
	return summary.Write(out, report)
}

func connect(at addresses, store *sqlite.Store) (*quickbooks.Client, error) {
	key := sha256.Sum256([]byte("a key of your own, from your secret manager"))
	tokens, err := quickbooks.NewTokens(quickbooks.TokensConfig{
		Tenant: "quickstart", RealmID: at.realm, ClientID: at.client, ClientSecret: rest.Secret(at.clientSecret),
		TokenURL: at.tokens, RefreshToken: rest.Secret(at.refresh),
		Secrets: store, Key: key[:], AllowInsecure: true,
	})
	if err != nil {
		return nil, err
	}
	return quickbooks.New(quickbooks.Config{
		BaseURL: at.company, RealmID: at.realm, Tokens: tokens, AllowInsecure: true,
		PerMinute: 60_000, PerSecond: 1_000, // the fake keeps no limit here; the default is Intuit's
		SettleTime: time.Second, // nor is it ever late
	})
}

// A deadline is a sink that kills its process when so many orders are settled.
type deadline struct {
	woosync.ProgressSink
	after int
}

// Progress implements woosync.ProgressSink.
func (d deadline) Progress(ctx context.Context, event woosync.Event) {
	d.ProgressSink.Progress(ctx, event)
	if d.after > 0 && event.Done >= d.after {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill() // SIGKILL: nothing of this process runs any more
		}
	}
}

// environment variables by which a child is told where to sync.
const (
	envShop, envKey, envSecret  = "QUICKSTART_SHOP", "QUICKSTART_KEY", "QUICKSTART_SECRET"
	envCompany, envTokens       = "QUICKSTART_COMPANY", "QUICKSTART_TOKENS"
	envRealm, envClient         = "QUICKSTART_REALM", "QUICKSTART_CLIENT"
	envClientSecret, envRefresh = "QUICKSTART_CLIENT_SECRET", "QUICKSTART_REFRESH"
	envDatabase, envKillAfter   = "QUICKSTART_DATABASE", "QUICKSTART_KILL_AFTER"
)

// syncKilled runs the sync in a process of its own, which kills itself in the
// middle, and then in another, which goes on.
func syncKilled(ctx context.Context, out io.Writer, at addresses) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	at.killAfter = 600
	for attempt := 1; ; attempt++ {
		cmd := exec.CommandContext(ctx, program, "-sync")
		cmd.Env = append(os.Environ(), at.environ()...)
		cmd.Stdout, cmd.Stderr = out, os.Stderr
		start := time.Now()
		err := cmd.Run()
		if err == nil {
			return nil
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || attempt > 1 {
			return err
		}
		if killed := !exit.Exited() || runtime.GOOS == "windows"; !killed {
			return err
		}
		if err := say(out, "\n\n  *** killed by SIGKILL after %s; starting again ***\n\n",
			time.Since(start).Round(10*time.Millisecond)); err != nil {
			return err
		}
		at.killAfter = 0
	}
}

func (at addresses) environ() []string {
	return []string{
		envShop + "=" + at.shop, envKey + "=" + at.key, envSecret + "=" + at.secret,
		envCompany + "=" + at.company, envTokens + "=" + at.tokens, envRealm + "=" + at.realm,
		envClient + "=" + at.client, envClientSecret + "=" + at.clientSecret, envRefresh + "=" + at.refresh,
		envDatabase + "=" + at.database, envKillAfter + "=" + strconv.Itoa(at.killAfter),
	}
}

func syncAsTold(ctx context.Context, out io.Writer) error {
	after, err := strconv.Atoi(os.Getenv(envKillAfter))
	if err != nil {
		return fmt.Errorf("-sync is for the quickstart's own use: %s is not set", envKillAfter)
	}
	return syncHere(ctx, out, addresses{
		shop: os.Getenv(envShop), key: os.Getenv(envKey), secret: os.Getenv(envSecret),
		company: os.Getenv(envCompany), tokens: os.Getenv(envTokens), realm: os.Getenv(envRealm),
		client: os.Getenv(envClient), clientSecret: os.Getenv(envClientSecret), refresh: os.Getenv(envRefresh),
		database: os.Getenv(envDatabase), killAfter: after,
	})
}
