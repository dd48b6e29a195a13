package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// environment is what the program is told by environment variables.
type environment struct {
	shopURL, consumerKey, consumerSecret string

	booksURL, tokenURL, realm, clientID, clientSecret, refreshToken string

	database    string
	sealKey     []byte // nil: a key file beside the database
	insecure    bool
	concurrency int
	perMinute   int // requests to QuickBooks
	settle      int // seconds
}

// readEnvironment reads all variables and names every mistake at once.
func readEnvironment(get func(string) string) (environment, error) {
	r := reader{get: get}
	env := environment{
		shopURL:        r.address("WOOCOMMERCE_URL", "home address of the shop, as https://shop.example"),
		consumerKey:    r.required("WOOCOMMERCE_CONSUMER_KEY", "key of the shop's REST API, ck_…"),
		consumerSecret: r.required("WOOCOMMERCE_CONSUMER_SECRET", "its secret, cs_…"),
		booksURL:       r.optionalAddress("QUICKBOOKS_BASE_URL", "sandbox"),
		tokenURL:       r.optionalAddress("QUICKBOOKS_TOKEN_URL", ""),
		realm:          r.digits("QUICKBOOKS_REALM_ID", "ID of the company, digits only"),
		clientID:       r.required("QUICKBOOKS_CLIENT_ID", "of your app at Intuit"),
		clientSecret:   r.required("QUICKBOOKS_CLIENT_SECRET", "of your app at Intuit"),
		refreshToken:   strings.TrimSpace(get("QUICKBOOKS_REFRESH_TOKEN")),
		database:       r.required("WOOSYNC_DB", "path of the SQLite file that keeps the state"),
		sealKey:        r.key("WOOSYNC_SECRET_KEY"),
		insecure:       r.flag("WOOSYNC_ALLOW_INSECURE"),
		concurrency:    r.number("WOOSYNC_CONCURRENCY", 100),
		perMinute:      r.number("QUICKBOOKS_PER_MINUTE", 1_000_000),
		settle:         r.number("QUICKBOOKS_SETTLE_SECONDS", 3_600),
	}
	if len(r.mistakes) > 0 {
		return environment{}, fmt.Errorf("environment variables are missing or malformed:\n  %s",
			strings.Join(r.mistakes, "\n  "))
	}
	return env, nil
}

// reader gathers what is wrong.
type reader struct {
	get      func(string) string
	mistakes []string
}

func (r *reader) wrong(name, why string) {
	r.mistakes = append(r.mistakes, fmt.Sprintf("%-28s %s", name, why))
}

func (r *reader) required(name, what string) string {
	value := strings.TrimSpace(r.get(name))
	if value == "" {
		r.wrong(name, "is not set: "+what)
	}
	return value
}

func (r *reader) address(name, what string) string {
	value := r.required(name, what)
	if value == "" {
		return ""
	}
	if err := checkAddress(value); err != nil {
		r.wrong(name, err.Error())
	}
	return value
}

func (r *reader) optionalAddress(name, word string) string {
	value := strings.TrimSpace(r.get(name))
	if value == "" || word != "" && value == word {
		return value
	}
	if err := checkAddress(value); err != nil {
		r.wrong(name, err.Error())
	}
	return value
}

func checkAddress(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("is no address that begins with https://")
	}
	return nil
}

func (r *reader) digits(name, what string) string {
	value := r.required(name, what)
	if strings.Trim(value, "0123456789") != "" {
		r.wrong(name, "must consist of digits: "+what)
	}
	return value
}

func (r *reader) key(name string) []byte {
	value := strings.TrimSpace(r.get(name))
	if value == "" {
		return nil
	}
	key, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(key) != 32 {
		r.wrong(name, "must be 32 bytes in base64 (openssl rand -base64 32)")
		return nil
	}
	return key
}

func (r *reader) flag(name string) bool {
	switch r.get(name) {
	case "", "0":
		return false
	case "1":
		return true
	}
	r.wrong(name, "must be 1 or not set")
	return false
}

func (r *reader) number(name string, most int) int {
	value := strings.TrimSpace(r.get(name))
	if value == "" {
		return 0
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		r.wrong(name, fmt.Sprintf("must be a number from 1 to %d", most))
	}
	return n
}
