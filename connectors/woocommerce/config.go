package woocommerce

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// homeOf returns the normal form of a shop's home address.
func homeOf(address string, allowInsecure bool) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		// The text stays out of the error: somebody may have pasted a key into it.
		return "", errors.New("URL: want the shop's home address, such as https://shop.example")
	}
	var mistakes []error
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		mistakes = append(mistakes, errors.New("URL: must have no user, query or fragment; the key belongs into ConsumerKey and ConsumerSecret"))
	}
	if u.Scheme == "http" && !(allowInsecure && loopback(u.Hostname())) {
		mistakes = append(mistakes, errors.New("URL: with plain http anybody on the way could read the key: use https"+
			" (AllowInsecure allows http to this machine only)"))
	}
	path := strings.TrimRight(u.Path, "/")
	if strings.Contains(path+"/", "/wp-json/") {
		mistakes = append(mistakes, errors.New("URL: want the shop's home address without /wp-json"))
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	return u.Scheme + "://" + host + path, errors.Join(mistakes...)
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
