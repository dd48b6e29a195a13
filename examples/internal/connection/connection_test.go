package connection_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/sqlite"
)

var rotations = flag.Int("rotations", 20, "how often TestProcessesRotate lets the tokens expire")

// A scene is a fake QuickBooks that notes who exchanges tokens, and the file that its users share.
type scene struct {
	*testing.T
	books  *qbotest.Server
	errand errand

	mu    sync.Mutex
	asked []exchange
}

// An exchange is a request to the token endpoint that was carried out.
type exchange struct {
	by       string
	replaced bool // the refresh token
}

func newScene(t *testing.T, options ...qbotest.Option) *scene {
	t.Helper()
	s := &scene{T: t, books: qbotest.New(append(options,
		qbotest.WithTheftRevocation(), qbotest.WithLimits(qbotest.Limits{}), qbotest.WithLatency(20*time.Millisecond),
	)...)}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.books.URL = server.URL
	s.errand = errand{
		Name: "test", Path: filepath.Join(t.TempDir(), "sync.db"), URL: server.URL, TokenURL: s.books.TokenURL(),
		RealmID: s.books.RealmID(), ClientID: s.books.ClientID(), Secret: s.books.ClientSecret(),
	}
	s.consent(s.books.RefreshToken())
	return s
}

// ServeHTTP is the fake, and notes exchanges once they have been carried out, whoever is left to hear of it.
func (s *scene) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.books.URL+r.URL.Path != s.books.TokenURL() {
		s.books.ServeHTTP(w, r)
		return
	}
	before := s.books.RefreshToken()
	s.books.ServeHTTP(w, r)
	after := s.books.RefreshToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, exchange{r.Header.Get(nameHeader), after != before && after != ""})
}

// exchanges returns what was noted, and forgets it.
func (s *scene) exchanges() []exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.asked
	s.asked = nil
	return all
}

// as does something as a process that has just begun.
func (s *scene) as(refresh string, do func(*quickbooks.Tokens) error) (err error) {
	s.Helper()
	store, err := sqlite.Open(s.Context(), s.errand.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	tokens, err := s.errand.tokens(store, rest.Secret(refresh))
	if err != nil {
		return err
	}
	return do(tokens)
}

// consent makes the connection with a refresh token from a new consent.
func (s *scene) consent(refresh string) {
	s.Helper()
	if err := s.as(refresh, func(tokens *quickbooks.Tokens) error {
		old, err := tokens.Token(s.Context())
		if err == nil {
			_, err = tokens.Renew(s.Context(), old)
		}
		return err
	}); err != nil {
		s.Fatal(err)
	}
}

// stored returns when the tokens in the file were issued.
func (s *scene) stored() (issued time.Time) {
	s.Helper()
	if err := s.as("", func(tokens *quickbooks.Tokens) error {
		status, err := tokens.Status(s.Context())
		issued = status.Refreshed
		return err
	}); err != nil {
		s.Fatal(err)
	}
	return issued
}

// A child is another process.
type child struct {
	*testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func (s *scene) start(name string, ahead time.Duration) *child {
	s.Helper()
	e := s.errand
	e.Name, e.Ahead = name, ahead
	text, err := json.Marshal(e)
	if err != nil {
		s.Fatal(err)
	}
	c := &child{T: s.T, cmd: exec.CommandContext(s.Context(), os.Args[0])}
	c.cmd.Env = append(os.Environ(), envChild+"="+string(text))
	c.cmd.Stderr = os.Stderr
	in, inErr := c.cmd.StdinPipe()
	out, outErr := c.cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, c.cmd.Start()); err != nil {
		s.Fatal(err)
	}
	c.in, c.out = in, bufio.NewScanner(out)
	return c
}

func (c *child) say(what string) {
	c.Helper()
	if _, err := io.WriteString(c.in, what+"\n"); err != nil {
		c.Fatal(err)
	}
}

func (c *child) hear() string {
	c.Helper()
	if !c.out.Scan() {
		c.Fatalf("a process fell silent: %v", c.out.Err())
	}
	return c.out.Text()
}

// end lets the process end by itself.
func (c *child) end() {
	c.Helper()
	if err := errors.Join(c.in.Close(), c.cmd.Wait()); err != nil {
		c.Error(err)
	}
}

// kill ends it at once, in the middle of whatever it does.
func (c *child) kill() {
	c.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		c.Fatal(err)
	}
	_ = c.cmd.Wait() // it was killed
}

// Two processes over one file, eight goroutines each, all in front of an expired token at once: one exchange each time, at a
// server that replaces the refresh token each time and ends the connection when a superseded one comes back.
func TestProcessesRotate(t *testing.T) {
	t.Parallel()
	rounds := *rotations
	s := newScene(t, qbotest.WithRotation())
	both := []*child{s.start("one", 0), s.start("two", 0)}
	by := map[string]int{}
	for round := range rounds {
		s.books.ExpireAccessTokens()
		s.exchanges()
		for _, c := range both {
			c.say(sayRound)
		}
		for _, c := range both {
			if said := c.hear(); said != wentWell {
				t.Fatalf("round %d: %s", round, said)
			}
		}
		all := s.exchanges()
		if len(all) != 1 || !all[0].replaced {
			t.Fatalf("round %d: exchanges %+v, want one", round, all)
		}
		by[all[0].by]++
	}
	for _, c := range both {
		c.end()
	}
	refused := s.books.Requests().Unauthorized
	t.Logf("%d rotations, made by %v; %d requests found their token expired", rounds, by, refused)
	if refused <= rounds*goroutines {
		t.Errorf("%d refused requests: the processes did not meet", refused)
	}
}

// One of two processes is killed at a random moment of its refresh, the other goes on: unless Intuit had just replaced the
// refresh token and the new one was not yet stored, which nothing can help against and the log of the server shows.
func TestProcessKilledWhileRefreshing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options []qbotest.Option
		windows int // how often it may happen; then it is enough, each takes ten seconds
	}{
		"same refresh token": {nil, 0},
		"replaced":           {[]qbotest.Option{qbotest.WithRotation()}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &killing{scene: newScene(t, c.options...), dice: rand.New(rand.NewPCG(uint64(len(name)), 5))}
			k.survivor = k.start("survivor", 0)
			rounds := 0
			for ; rounds < 10 && (c.windows == 0 || k.windows < c.windows); rounds++ {
				k.round(rounds%2 == 0)
			}
			k.survivor.end()
			t.Logf("%d kills, %d while the process that died had asked; locked out in the open window %d times, otherwise never", rounds, k.asked, k.windows)
			if k.windows > c.windows {
				t.Errorf("locked out %d times, and no refresh token was replaced", k.windows)
			}
		})
	}
}

// A killing is a scene in which one process lives on and others do not.
type killing struct {
	*scene
	dice     *rand.Rand
	survivor *child
	ahead    time.Duration

	asked, windows int
}

// round kills a process in the middle of a refresh; the other one begins with it, or when it is gone.
func (k *killing) round(together bool) {
	k.Helper()
	victim := k.start("victim", k.ahead)
	k.books.ExpireAccessTokens()
	began := time.Now()
	for _, c := range []*child{victim, k.survivor} {
		c.say(sayRound)
		if said := c.hear(); said != wentWell {
			k.Fatalf("before anybody is killed: %s", said)
		}
	}
	took := time.Since(began) / 2
	expired := time.Now()
	k.books.ExpireAccessTokens()
	k.exchanges()
	victim.say(sayRound)
	if together {
		k.survivor.say(sayRound)
	}
	<-time.NewTimer(time.Duration(k.dice.Int64N(int64(took)))).C
	victim.kill()
	// What it sent last arrives long before its lease is over.
	<-time.NewTimer(100 * time.Millisecond).C
	if !together {
		k.survivor.say(sayRound)
	}
	k.ahead += leap
	k.survivor.say(sayLater)
	said := k.survivor.hear()
	replaced := false
	for _, e := range k.exchanges() {
		if e.by == "victim" {
			k.asked++
			replaced = replaced || e.replaced
		}
	}
	switch {
	case said == wentWell:
		return
	case strings.HasPrefix(said, wentLost):
		k.windows++
	default:
		k.Fatal(said)
	}
	if !replaced {
		k.Errorf("locked out, and the process that died had replaced nothing: %s", said)
	}
	if issued := k.stored(); !issued.Before(expired) {
		k.Errorf("locked out, and what the process that died had got was stored: %s", said)
	}
	k.consent(k.books.Reconnect())
}
