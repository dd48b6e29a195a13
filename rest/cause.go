package rest

import (
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// cause is an error of the network or of a connector whose text has been rebuilt without secrets. It still answers errors.Is
// and errors.As as the original does, but there is no way back to the original's text through Unwrap.
type cause struct {
	text    string
	err     error
	secrets []string
}

// newCause rebuilds an error. An URL inside it is never shown: it would hold the query.
func newCause(err error, secrets []string) error {
	if address, ok := errors.AsType[*url.Error](err); ok {
		secrets = append(slices.Clone(secrets), address.URL)
	}
	return &cause{text: excerpt(err.Error(), secrets...), err: err, secrets: secrets}
}

func (c *cause) Error() string { return c.text }

func (c *cause) Is(target error) bool { return errors.Is(c.err, target) }

func (c *cause) As(target any) bool {
	switch into := target.(type) {
	case **url.Error:
		*into = c.withoutURL()
		return *into != nil
	case *net.Error:
		if !errors.As(c.err, into) {
			return false
		}
		if _, leaks := (*into).(*url.Error); leaks {
			*into = c.withoutURL()
		}
		return true
	}
	return errors.As(c.err, target)
}

func (c *cause) withoutURL() *url.Error {
	var found *url.Error
	if !errors.As(c.err, &found) {
		return nil
	}
	return &url.Error{Op: found.Op, URL: redacted, Err: newCause(found.Err, c.secrets)}
}

// secretsOf lists what must not show of a request as it went out: its credentials, and its query, which may hold anything.
func secretsOf(before, sent *http.Request) []string {
	found := credentialsOf(before, sent)
	for _, values := range sent.URL.Query() {
		found = append(found, values...)
	}
	if sent.URL.RawQuery != "" {
		found = append(found, sent.URL.RawQuery)
	}
	return slices.DeleteFunc(found, tooShort)
}

// credentialsOf lists what Authorize added to a request and what looks like a credential.
func credentialsOf(before, sent *http.Request) []string {
	var found []string
	for name, values := range sent.Header {
		if _, had := before.Header[name]; had && !credentialName(name) {
			continue
		}
		for _, value := range values {
			found = append(found, parts(value)...)
		}
	}
	given := before.URL.Query()
	for name, values := range sent.URL.Query() {
		if given[name] == nil {
			found = append(found, values...)
		}
	}
	return slices.DeleteFunc(found, tooShort)
}

// minSecret keeps page numbers and the like from being blacked out of every text.
const minSecret = 6

func tooShort(secret string) bool { return len(secret) < minSecret }

func credentialName(name string) bool {
	name = lower(name)
	for _, word := range []string{"auth", "key", "token", "secret", "cookie", "signature", "password"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// parts returns a header's value and what is inside it: the token behind its scheme, user and password of Basic.
func parts(value string) []string {
	found := []string{value}
	scheme, token, ok := strings.Cut(value, " ")
	if !ok {
		return found
	}
	found = append(found, token)
	if strings.EqualFold(scheme, "Basic") {
		if plain, err := base64.StdEncoding.DecodeString(token); err == nil {
			user, password, _ := strings.Cut(string(plain), ":")
			found = append(found, string(plain), user, password)
		}
	}
	return found
}
