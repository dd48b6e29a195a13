package wootest

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Unavailable is the HTML page with status 503 of a shop that is down for
// maintenance, with a Retry-After of ten minutes, as WordPress gives it.
func Unavailable() Fault {
	return Fault{
		Status: http.StatusServiceUnavailable,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Retry-After": {"600"}},
		Body: "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head>" +
			"<body>Briefly unavailable for scheduled maintenance. Check back in a minute.</body></html>",
	}
}

// PHPWarning is a warning of a plug-in in front of the JSON.
func PHPWarning() Fault {
	return Fault{Prefix: "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/wp-content/plugins/x/x.php</b> on line <b>12</b><br />\n"}
}

// ByteOrderMark is a UTF-8 byte order mark in front of the JSON.
func ByteOrderMark() Fault { return Fault{Prefix: "\uFEFF"} }

// htmlFault is a page of HTML instead of an answer.
func htmlFault(status int, title, text string, header http.Header) Fault {
	if header == nil {
		header = make(http.Header)
	}
	header.Set("Content-Type", "text/html; charset=UTF-8")
	return Fault{
		Status: status, Header: header,
		Body: "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body>" + text + "</body></html>\n",
	}
}

// Maintenance is a page of HTML with status 200, as plug-ins serve it that put a
// "coming soon" over the whole site.
func Maintenance() Fault { return htmlFault(http.StatusOK, "Coming soon", "<h1>Back soon.</h1>", nil) }

// Challenge is the page with status 403 of a content delivery network that
// wants to see a browser.
func Challenge() Fault {
	return htmlFault(http.StatusForbidden, "Just a moment...", `<noscript>Enable JavaScript and cookies to continue</noscript>`,
		http.Header{"Cf-Mitigated": {"challenge"}, "Server": {"cloudflare"}})
}

// LoginRedirect sends everybody to the login page, as plug-ins do that close a
// site to the public. The page itself answers 200 with HTML.
func LoginRedirect() Fault { return Redirect(http.StatusFound, "/wp-login.php") }

// RedirectLoop sends a request back to where it came from, for ever.
func RedirectLoop() Fault { return Redirect(http.StatusFound, "?again=1") }

// Redirect answers with a redirect to an address, absolute or relative to that
// of the request.
func Redirect(status int, to string) Fault {
	return htmlFault(status, "Moved", "", http.Header{"Location": {to}})
}

// TryLater refuses requests with a Retry-After as it is given: "120", a date, or
// nonsense; "" sends none. The status is 429 or 503.
func TryLater(status int, retryAfter string) Fault {
	f := htmlFault(status, http.StatusText(status), "", nil)
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// Refused is an error of the REST API with its code and message, whatever the
// status: with 200 it is what some plug-ins make of an error, with 404 and
// rest_no_route a shop whose routes are gone, with 401 or 403 and
// woocommerce_rest_cannot_view a key that lost its rights.
func Refused(status int, code, message string) Fault {
	e := apiError{status: status, code: code, message: message}
	return Fault{Status: status, Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, Body: string(e.body())}
}

// bodyFault rewrites the body alone.
func bodyFault(rewrite func(body []byte) []byte) Fault {
	return Fault{Rewrite: func(a *Answer) { a.Body = rewrite(a.Body) }}
}

// WithBody replaces the body and leaves status and headers: "null", "{}", "".
func WithBody(body string) Fault { return bodyFault(func([]byte) []byte { return []byte(body) }) }

// BlankLines are two empty lines in front of the JSON, of a plug-in's file that
// begins with them.
func BlankLines() Fault { return Fault{Prefix: "\r\n\r\n"} }

// PHPNotice is a notice of a plug-in behind the JSON.
func PHPNotice() Fault {
	return bodyFault(func(body []byte) []byte {
		return append(bytes.Clone(body), "<br />\n<b>Notice</b>:  Undefined index: x in <b>/wp-content/plugins/x/x.php</b> on line <b>7</b><br />\n"...)
	})
}

// NumericKeys is an object with numbers for names instead of a list, as PHP
// writes an array out of which something was taken.
func NumericKeys() Fault {
	return bodyFault(func(body []byte) []byte {
		var o object
		for i, element := range parseArray(body) {
			o = append(o, member{strconv.Itoa(i + 1), element})
		}
		return o.bytes()
	})
}

// Truncated leaves the last third of the body out, with a Content-Length that
// fits: PHP ran out of memory or time.
func Truncated() Fault {
	return bodyFault(func(body []byte) []byte { return body[:len(body)*2/3] })
}

// WrongLength promises more bytes than come, so that the connection ends too
// early.
func WrongLength() Fault { return Fault{Claim: 100} }

// ResetAfter resets the connection after so many bytes of the body.
func ResetAfter(bytes int) Fault { return Fault{Cut: bytes, Reset: true} }

// Gzipped packs the body and says so, as any host may that was asked for it.
func Gzipped() Fault { return gzipFault(true, func(packed []byte) []byte { return packed }) }

// TruncatedGzip packs the body and leaves the last third out.
func TruncatedGzip() Fault {
	return gzipFault(true, func(packed []byte) []byte { return packed[:len(packed)*2/3] })
}

// UnnamedGzip packs the body and does not say so.
func UnnamedGzip() Fault { return gzipFault(false, func(packed []byte) []byte { return packed }) }

// GzipBomb is an answer that becomes so many mebibytes when it is unpacked, of
// which little more than a thousandth is sent.
func GzipBomb(mebibytes int) Fault {
	return Fault{Rewrite: func(a *Answer) {
		var b bytes.Buffer
		packer := gzip.NewWriter(&b)
		chunk := bytes.Repeat([]byte(" "), 1<<20)
		for range mebibytes {
			_, _ = packer.Write(chunk) // into memory, which does not fail
		}
		_ = packer.Close()
		a.Body = b.Bytes()
		a.Header.Set("Content-Encoding", "gzip")
	}}
}

func gzipFault(named bool, spoil func([]byte) []byte) Fault {
	return Fault{Rewrite: func(a *Answer) {
		var b bytes.Buffer
		packer := gzip.NewWriter(&b)
		_, _ = packer.Write(a.Body) // into memory, which does not fail
		_ = packer.Close()
		a.Body = spoil(b.Bytes())
		if named {
			a.Header.Set("Content-Encoding", "gzip")
		}
	}}
}

// EndlessBody never stops sending.
func EndlessBody() Fault { return Fault{Endless: true} }

// Dripping sends one byte of the body a pause.
func Dripping(pause time.Duration) Fault { return Fault{Drip: pause} }

// HugeHeader adds a header of so many bytes.
func HugeHeader(bytes int) Fault {
	return Fault{Header: http.Header{"X-Debug": {strings.Repeat("x", bytes)}}}
}

// ManyHeaders adds the same header so many times.
func ManyHeaders(n int) Fault {
	values := make([]string, n)
	for i := range values {
		values[i] = "1"
	}
	return Fault{Header: http.Header{"X-Debug": values}}
}

// Nested is a list within a list within a list, so many levels deep.
func Nested(levels int) Fault {
	return WithBody(strings.Repeat("[", levels) + strings.Repeat("]", levels))
}

// LongText puts a string of so many bytes into the first record of a list, as
// the value of a field that there is not.
func LongText(bytes int) Fault {
	return bodyFault(func(body []byte) []byte {
		records := parseArray(body)
		if len(records) > 0 {
			if first, err := parseObject(records[0]); err == nil {
				records[0] = first.set("long", mustJSON(strings.Repeat("x", bytes))).bytes()
			}
		}
		return joinArray(records)
	})
}

// ExtraRecord gives the last record of a list once more, so that a page has one
// more than was asked for.
func ExtraRecord() Fault {
	return bodyFault(func(body []byte) []byte {
		records := parseArray(body)
		if n := len(records); n > 0 {
			records = append(records, records[n-1])
		}
		return joinArray(records)
	})
}

// MissingRecord leaves the last record of a list out without counting it off.
// [Server.Hide] does so to a record of your choice.
func MissingRecord() Fault {
	return bodyFault(func(body []byte) []byte {
		records := parseArray(body)
		return joinArray(records[:max(0, len(records)-1)])
	})
}

// Totals gives another X-WP-Total and X-WP-TotalPages: "0", "-1", "abc"; "" takes
// them out.
func Totals(total, pages string) Fault {
	header := http.Header{"X-Wp-Total": {total}, "X-Wp-Totalpages": {pages}}
	for name, values := range header {
		if values[0] == "" {
			header[name] = nil
		}
	}
	return Fault{Header: header}
}

// CachedPage gives the first page that was asked for again and again, as a
// cache in front of the shop that takes no notice of the query.
func CachedPage() Fault { return Fault{Replay: true, Header: http.Header{"X-Cache": {"HIT"}}} }

// BeyondTheEnd answers a page beyond the last with 400, as lists of WordPress
// itself do, and those of shops behind some plug-ins.
func BeyondTheEnd() Fault {
	return Fault{Rewrite: func(a *Answer) {
		if page := a.Request.URL.Query().Get("page"); page == "" || page == "1" || string(a.Body) != "[]" {
			return
		}
		e := apiError{
			status: http.StatusBadRequest, code: "rest_post_invalid_page_number",
			message: "The page number requested is larger than the number of pages available.",
		}
		a.Status, a.Body = http.StatusBadRequest, e.body()
		a.Header.Del("X-WP-Total")
		a.Header.Del("X-WP-TotalPages")
	}}
}
