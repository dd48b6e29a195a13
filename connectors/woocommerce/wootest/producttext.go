package wootest

import (
	"slices"
	"strings"
)

// setProse sets a text that is shown as HTML. What WordPress makes of it is
// known for plain text and for single paragraphs.
func setProse(o object, name string, sent value) (object, *apiError) {
	if !sent.has(name) {
		return o, nil
	}
	text := sent.get(name).scalar()
	if strings.ContainsAny(text, "&[\\") || strings.Contains(text, "<") && name == "name" && !plainTags(text) {
		return nil, notPlayed("a " + name + " with such characters")
	}
	if name == "name" {
		if text == "" {
			text = "Product"
		}
		return o.set(name, mustJSON(text)), nil
	}
	shown, ok := paragraphs(text)
	if !ok {
		return nil, notPlayed("a " + name + " with such HTML")
	}
	return o.set(name, mustJSON(shown)), nil
}

// plainTags says whether all HTML in a text is of the kind that passes.
func plainTags(text string) bool {
	for _, part := range strings.Split(text, "<")[1:] {
		tag, _, closed := strings.Cut(strings.TrimPrefix(part, "/"), ">")
		if !closed || !slices.Contains([]string{"b", "i", "em", "strong"}, tag) {
			return false
		}
	}
	return true
}

// paragraphs is a text as it is shown: in paragraphs, with a line feed behind.
func paragraphs(text string) (string, bool) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", true
	case strings.HasPrefix(text, "<p>") && strings.HasSuffix(text, "</p>") && strings.Count(text, "<p>") == 1 && !strings.Contains(text, "\n"):
		return text + "\n", true
	case strings.ContainsAny(text, "<>\r"):
		return "", false
	}
	var b strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(strings.Trim(part, "\n"), "\n", "<br />\n") + "</p>\n")
	}
	return b.String(), true
}

// typed is a text as somebody typed it who saw it as it is shown: without the
// line feeds that WordPress adds around paragraphs and in lists.
func typed(shown string) string {
	return strings.NewReplacer("<ul>\n", "<ul>", "<ol>\n", "<ol>", "</li>\n", "</li>").Replace(strings.TrimSuffix(shown, "\n"))
}

// editedProduct is a product in the form for editing, which answers to writes
// have: texts as they are stored, and what its slug would be.
func (s *store) editedProduct(raw []byte) []byte {
	o, err := parseObject(raw)
	if err != nil {
		return raw
	}
	links := o.get("_links")
	o = o.without("_links")
	for _, name := range []string{"description", "short_description", "purchase_note"} {
		if o.get(name) != nil {
			o = o.set(name, mustJSON(typed(unquote(o.get(name)))))
		}
	}
	if string(o.get("average_rating")) == `"0.00"` {
		o = o.set("average_rating", mustJSON("0"))
	}
	slug := unquote(o.get("slug"))
	if status := unquote(o.get("status")); slug == "" || status == "trash" {
		slug = s.freeSlug(slugOf(unquote(o.get("name"))), whole(o.get("id")))
	}
	o = o.set("permalink_template", mustJSON(homeOf(unquote(o.get("permalink")))+"/product/%pagename%/")).
		set("generated_slug", mustJSON(shownSlug(slug)))
	return append(o, member{"_links", links}).bytes()
}

// homeOf is the address of the shop in the address of a product.
func homeOf(permalink string) string {
	home, _, _ := strings.Cut(permalink, "/product/")
	home, _, _ = strings.Cut(home, "/?post_type=")
	return home
}
