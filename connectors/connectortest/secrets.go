package connectortest

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// keeps fails the check if an error shows one of the secrets: as it is, escaped
// for a URL, or in base64. The failure does not repeat the secret.
func keeps(tb testing.TB, secrets []string, err error, what string) {
	tb.Helper()
	if err == nil {
		return
	}
	for i, secret := range secrets {
		if secret == "" {
			continue
		}
		forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))}
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err)} {
			for _, form := range forms {
				if strings.Contains(text, form) {
					tb.Errorf("%s: the error shows number %d of the secrets: %s",
						what, i+1, clip(strings.ReplaceAll(text, form, "[THE SECRET]")))
					return
				}
			}
		}
	}
}
