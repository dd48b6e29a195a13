package wootest

import (
	"net/http"
	"strings"
)

// Permalinks is how the site writes its addresses.
type Permalinks int

// The permalinks of a site. The zero value is [Pretty].
const (
	Pretty Permalinks = iota // the REST API is at /wp-json/
	Plain                    // it only answers at /?rest_route=, where keys do not count
)

// WithPermalinks says how the site writes its addresses. Default [Pretty]. With
// [Plain] everything below /wp-json/ is a 404 page; ?rest_route= answers, but
// nobody looks at keys there (measured on 10.9.2), so the shop's routes are 401.
func WithPermalinks(p Permalinks) Option { return func(c *config) { c.permalinks = p } }

// WithRESTPrefix moves the REST API from /wp-json/ to another path, as some
// sites do. The home page names it in its Link header, relation
// https://api.w.org/.
func WithRESTPrefix(prefix string) Option {
	return func(c *config) { c.prefix = strings.Trim(prefix, "/") }
}

// WithHome gives the shop another home address than the one it is reached at,
// as behind a proxy, with and without www., on another port, or in a folder:
// its links and its index name it, and OAuth signatures must be over it.
// Default: [Server.URL].
func WithHome(home string) Option {
	return func(c *config) { c.home = strings.TrimSuffix(home, "/") }
}

// WithRedirect answers every request that was not sent to the scheme and host
// of an address, such as "https://www.shop.test", with 301 to the same path
// there.
func WithRedirect(to string) Option {
	return func(c *config) { c.redirect = strings.TrimSuffix(to, "/") }
}

// WithoutWooCommerce serves a WordPress without the shop: its index does not
// name wc/v3, whose routes are 404 rest_no_route.
func WithoutWooCommerce() Option { return func(c *config) { c.noWooCommerce = true } }

// WithoutWordPress serves a site that is something else: one page of HTML with
// the status for every path, such as 200 or 404.
func WithoutWordPress(status int) Option { return func(c *config) { c.noWordPress = status } }

// WithoutAuthorizationHeader plays a host that does not hand the Authorization
// header on. Keys in the query still count, over https.
func WithoutAuthorizationHeader() Option { return func(c *config) { c.stripAuthorization = true } }

// WithTLSTerminated plays a proxy that takes https off and does not tell the
// shop. The shop takes every request for plain http: key and secret count for
// nothing, and signatures must be over
// http://, though the address in use is https://.
func WithTLSTerminated() Option { return func(c *config) { c.tlsTerminated = true } }

// Firewall is the HTML page with status 403 of a firewall in front of the shop.
func Firewall() Fault {
	return Fault{
		Status: http.StatusForbidden,
		Header: http.Header{"Content-Type": {"text/html"}},
		Body: "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n" +
			"<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n",
	}
}
