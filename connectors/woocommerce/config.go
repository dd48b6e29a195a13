package woocommerce

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// home returns the normal form of URL.
func (c Config) home() (string, error) {
	home, err := normalAddress(c.URL)
	if err != nil {
		return "", fmt.Errorf("URL: %w", err)
	}
	u, err := url.Parse(home)
	if err == nil && u.Scheme == "http" && !c.AllowHTTP && !(c.AllowInsecure && loopback(u.Hostname())) {
		err = errors.New("URL: with plain http anybody on the way could read the shop's records: use https" +
			" (AllowInsecure allows http to this machine only, AllowHTTP to any)")
	}
	return home, err
}

// normalAddress returns the normal form of a shop's home address: scheme and
// host in lower case, no default port, no slash at the end.
func normalAddress(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		// The text stays out of the error: somebody may have pasted a key into it.
		return "", errors.New("want the shop's home address, such as https://shop.example")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("must have no user, query or fragment; the key belongs into ConsumerKey and ConsumerSecret")
	}
	path := (&url.URL{Path: strings.TrimRight(u.Path, "/")}).EscapedPath()
	if strings.Contains(path+"/", "/"+defaultPrefix+"/") {
		return "", errors.New("want the shop's home address without /wp-json")
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	return u.Scheme + "://" + host + path, nil
}

// prefixOf returns the path of the REST API without slashes around it.
func prefixOf(prefix string) (string, error) {
	prefix = strings.Trim(prefix, "/")
	if prefix == "" {
		return defaultPrefix, nil
	}
	for part := range strings.SplitSeq(prefix, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsFunc(part, func(c rune) bool { return notPlain(c) && c != '.' && c != '~' }) {
			return "", errors.New(`APIPrefix: want a path below URL, such as "wp-json", without /wc/v3`)
		}
	}
	if strings.HasSuffix("/"+prefix, apiVersion) {
		return "", errors.New(`APIPrefix: want it without /wc/v3`)
	}
	return prefix, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func (c Config) checkKey() error {
	var mistakes []error
	if bad := keyMistake(c.ConsumerKey, "cs_"); bad != "" {
		mistakes = append(mistakes, errors.New("ConsumerKey: "+bad))
	}
	if bad := keyMistake(c.ConsumerSecret.Reveal(), "ck_"); bad != "" {
		mistakes = append(mistakes, errors.New("ConsumerSecret: "+bad))
	}
	return errors.Join(mistakes...)
}

// keyMistake says what is wrong with a half of a key, without showing it.
func keyMistake(half, other string) string {
	switch {
	case half == "":
		return "missing"
	case strings.ContainsAny(half, " \t\r\n:"):
		return "has a blank, a colon or a line break in it"
	case strings.HasPrefix(half, other):
		return "begins with " + other + ": key and secret are swapped"
	}
	return ""
}

func (c Config) checkNumbers() error {
	if c.InFlight < 0 || c.Timeout < 0 {
		return errors.New("InFlight and Timeout must not be negative")
	}
	return nil
}
