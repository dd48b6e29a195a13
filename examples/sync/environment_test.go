package main

import (
	"bytes"
	"encoding/base64"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func complete() map[string]string {
	return map[string]string{
		"WOOCOMMERCE_URL": "https://shop.example", "WOOCOMMERCE_CONSUMER_KEY": "ck", "WOOCOMMERCE_CONSUMER_SECRET": "cs",
		"QUICKBOOKS_REALM_ID": "123", "QUICKBOOKS_CLIENT_ID": "id", "QUICKBOOKS_CLIENT_SECRET": "secret",
		"WOOSYNC_DB": "sync.db",
	}
}

func TestEnvironmentNamesEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	_, err := readEnvironment(func(string) string { return "" })
	for name := range complete() {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	malformed := map[string]string{
		"WOOCOMMERCE_URL": "shop.example", "QUICKBOOKS_BASE_URL": "staging", "QUICKBOOKS_TOKEN_URL": "ftp://x",
		"QUICKBOOKS_REALM_ID": "12a", "WOOSYNC_SECRET_KEY": "c2hvcnQ=", "WOOSYNC_ALLOW_INSECURE": "yes",
		"WOOSYNC_CONCURRENCY": "many", "QUICKBOOKS_PER_MINUTE": "0",
	}
	env := complete()
	maps.Copy(env, malformed)
	_, err = readEnvironment(func(name string) string { return env[name] })
	for name := range malformed {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "WOOCOMMERCE_CONSUMER_KEY") {
		t.Errorf("a good variable is named: %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	env := complete()
	key := bytes.Repeat([]byte{7}, 32)
	env["WOOSYNC_SECRET_KEY"] = base64.StdEncoding.EncodeToString(key)
	env["QUICKBOOKS_BASE_URL"] = "sandbox"
	env["WOOSYNC_CONCURRENCY"] = "8"
	env["WOOSYNC_ALLOW_INSECURE"] = "1"
	got, err := readEnvironment(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if got.booksURL != "sandbox" || got.concurrency != 8 || !got.insecure || !bytes.Equal(got.sealKey, key) {
		t.Errorf("%+v", got)
	}
}

func TestKeyFileIsMadeOnceAndOnlyForItsOwner(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.ArtifactDir(), "sync.db")
	var warning bytes.Buffer
	first, err := keyFile(database, &warning)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(warning.String(), database+".key") {
		t.Errorf("the warning does not name the file: %q", warning.String())
	}
	info, err := os.Stat(database + ".key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	warning.Reset()
	second, err := keyFile(database, &warning)
	if err != nil || !bytes.Equal(first, second) || warning.Len() > 0 {
		t.Errorf("second time: %v, %q", err, warning.String())
	}
	if err := os.WriteFile(database+".key", []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keyFile(database, &warning); err == nil {
		t.Error("a broken key file was accepted")
	}
}

func TestWrongUseEndsWithOne(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-nope"}, {"extra"}, {}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, func(string) string { return "" }, &out, &errs); code != 1 {
			t.Errorf("%q: exit status %d", args, code)
		}
		if errs.Len() == 0 {
			t.Errorf("%q: no word on standard error", args)
		}
	}
}
