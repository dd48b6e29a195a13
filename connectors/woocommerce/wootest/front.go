package wootest

import (
	"html"
	"net/http"
	"net/url"
	"strings"
)

// root is where documents have the REST API.
const root = "/wp-json"

// place is where in the site a request leads.
type place struct {
	route *route // never nil
	ids   []int64
	path  string // below the REST API, such as /wc/v3/orders; "" for a page of the site
}

// locate finds out where a request leads. REST routes answer below their
// prefix where permalinks are pretty, and always as ?rest_route= of the home
// page.
func (s *Server) locate(r *http.Request) place {
	path := s.withinHome(r.URL.Path)
	if path == "/" || path == "/index.php" {
		if rest := r.URL.Query().Get("rest_route"); rest != "" {
			return s.placeOf(rest)
		}
	}
	rest, below := strings.CutPrefix(path, "/"+s.config.prefix)
	if !below || s.config.permalinks == Plain || rest != "" && rest[0] != '/' {
		return place{route: &route{}}
	}
	return s.placeOf(rest)
}

func (s *Server) placeOf(rest string) place {
	p := place{path: "/" + strings.Trim(rest, "/")}
	p.route, p.ids = match(p.path, s.config.noWooCommerce)
	return p
}

// home is the address the shop gives as its own.
func (s *Server) home() string { return first(s.config.home, s.URL) }

// withinHome cuts the path of the home address off, as WordPress does where it
// stands there.
func (s *Server) withinHome(path string) string {
	home, err := url.Parse(s.home())
	if err != nil {
		return path
	}
	if rest, found := strings.CutPrefix(path, strings.TrimSuffix(home.Path, "/")); found {
		path = rest
	}
	return "/" + strings.TrimLeft(path, "/")
}

// restURL is the address of a REST route as the shop gives it.
func (s *Server) restURL(path string) string {
	if s.config.permalinks == Plain {
		return s.home() + "/index.php?rest_route=" + path
	}
	return s.home() + "/" + s.config.prefix + path
}

// front answers what does not reach the REST API, nil for what does.
func (s *Server) front(r *http.Request, p place) *answer {
	if to := s.config.redirect; to != "" && !strings.EqualFold(originOf(r), to) {
		a := htmlAnswer(http.StatusMovedPermanently, "301 Moved Permanently", "")
		a.header.Set("Location", to+r.URL.RequestURI())
		return &a
	}
	if status := s.config.noWordPress; status != 0 {
		a := htmlAnswer(status, "Welcome", "")
		return &a
	}
	if p.path != "" {
		return nil
	}
	status, title := http.StatusNotFound, "Page not found"
	switch s.withinHome(r.URL.Path) {
	case "/":
		status, title = http.StatusOK, "wootest"
	case "/wp-login.php":
		status, title = http.StatusOK, "Log In"
	}
	api := s.restURL("/")
	a := htmlAnswer(status, title, `<link rel="https://api.w.org/" href="`+html.EscapeString(api)+`" />`)
	a.header.Set("Link", "<"+api+`>; rel="https://api.w.org/"`)
	return &a
}

// originOf is the scheme and host a request was sent to.
func originOf(r *http.Request) string {
	if https(r) {
		return "https://" + strings.TrimSuffix(r.Host, ":443")
	}
	return "http://" + strings.TrimSuffix(r.Host, ":80")
}

func htmlAnswer(status int, title, head string) answer {
	page := "<!DOCTYPE html>\n<html><head><title>" + title + "</title>" + head + "</head><body><h1>" + title + "</h1></body></html>\n"
	return answer{status: status, header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, body: []byte(page)}
}
