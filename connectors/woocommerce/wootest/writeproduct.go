package wootest

import (
	"fmt"
	"slices"
	"strings"
)

func (x *exchange) productWriter() *writer {
	const code = "woocommerce_rest_product_invalid_id"
	return &writer{
		table: x.data.products, list: "/products", location: "/products", noun: "product",
		create: (*exchange).createProduct, update: (*exchange).updateProduct, remove: (*exchange).removeProduct,
		invalid: code, words: "Invalid ID.", updating: badRequest(code, "Invalid ID."),
	}
}

// createProduct makes a product of whatever is sent: nothing gives a published
// one with the name "Product".
func (x *exchange) createProduct(sent value) (*record, *apiError) {
	s := x.data
	id, w := s.next(s.products), x.server.write(Inserted)
	o, err := parseObject([]byte(emptyProduct))
	if err != nil {
		return nil, failed(err)
	}
	home := first(s.home, x.server.home())
	o = s.stamp(o, w).set("id", number(id)).
		set("_links", recordLinks(home+root+"/wc/v3/products", id, "")).set("categories", s.standardCategory())
	if kind := sent.get("type").scalar(); slices.Contains([]string{"simple", "grouped", "external", "variable"}, kind) {
		o = o.set("type", mustJSON(kind)) // anything else, which only a batch can ask for, is a simple one
	}
	o, refusal := s.setProduct(o, id, home, sent)
	if refusal != nil {
		return nil, refusal
	}
	o = o.set("related_ids", s.related(id, o.get("categories")))
	r, err := s.put(s.products, o.bytes(), w)
	return r, failed(err)
}

// updateProduct changes a product; its modification time moves even when
// nothing is sent.
func (x *exchange) updateProduct(r *record, sent value) (*record, *apiError) {
	s := x.data
	o, err := parseObject(r.raw)
	if err != nil {
		return nil, failed(err)
	}
	if kind := sent.get("type").scalar(); kind != "" && kind != r.kind {
		return nil, notPlayed("a change of a product's type")
	}
	o, refusal := s.setProduct(slices.Clone(o), r.id, first(s.home, x.server.home()), sent)
	if refusal != nil {
		return nil, refusal
	}
	changed, err := s.patch(s.products, r.id, o.without("date_modified", "date_modified_gmt").bytes(), x.server.write(Edited))
	return changed, failed(err)
}

// without leaves members out.
func (o object) without(names ...string) object {
	return slices.DeleteFunc(slices.Clone(o), func(m member) bool { return slices.Contains(names, m.name) })
}

func (x *exchange) removeProduct(r *record, force bool) *apiError {
	s := x.data
	if force {
		return failed(s.remove(s.products, r.id, x.server.write(Deleted)))
	}
	_, err := s.trash(s.products, r.id, x.server.write(Trashed))
	return failed(err)
}

// recordLinks are the links of a record in a list.
func recordLinks(list string, id int64, up string) []byte {
	links := object{
		{"self", joinArray([][]byte{object{
			{"href", mustJSON(fmt.Sprintf("%s/%d", list, id))}, {"targetHints", []byte(`{"allow":["GET","POST","PUT","PATCH","DELETE"]}`)},
		}.bytes()})},
		{"collection", linkTo(list)},
	}
	if up != "" {
		links = append(links, member{"up", linkTo(up)})
	}
	return links.bytes()
}

// standardCategory is that of products that were put into none.
func (s *store) standardCategory() []byte {
	for _, raw := range s.fixed["/products/categories"] {
		if o, err := parseObject(raw); err == nil && unquote(o.get("slug")) == "uncategorized" {
			return joinArray([][]byte{object{{"id", o.get("id")}, {"name", o.get("name")}, {"slug", o.get("slug")}}.bytes()})
		}
	}
	return []byte(`[{"id":15,"name":"Uncategorized","slug":"uncategorized"}]`)
}

// related are up to five other products of a category. A real shop draws lots.
func (s *store) related(own int64, categories []byte) []byte {
	const most = 5
	var ids [][]byte
	for _, r := range slices.Backward(s.products.rows) {
		o, err := parseObject(r.raw)
		if err == nil && r.id != own && r.status == "publish" && string(o.get("categories")) == string(categories) && len(ids) < most {
			ids = append(ids, number(r.id))
		}
	}
	return joinArray(ids)
}

// setProduct sets what was sent, and what follows from it.
func (s *store) setProduct(o object, id int64, home string, sent value) (object, *apiError) {
	o, refusal := s.setGoods(o, id, sent)
	if refusal != nil {
		return nil, refusal
	}
	for _, name := range []string{"name", "description", "short_description", "purchase_note"} {
		if o, refusal = setProse(o, name, sent); refusal != nil {
			return nil, refusal
		}
	}
	for _, name := range []string{"catalog_visibility", "external_url", "button_text"} {
		if sent.has(name) {
			o = o.set(name, mustJSON(sent.get(name).scalar()))
		}
	}
	for _, name := range []string{"featured", "sold_individually", "reviews_allowed"} {
		if sent.has(name) {
			o = o.set(name, flag(sent.get(name).yes()))
		}
	}
	for _, name := range []string{"upsell_ids", "cross_sell_ids", "grouped_products"} {
		if sent.has(name) {
			o = o.set(name, idList(sent.get(name)))
		}
	}
	for _, name := range []string{"categories", "tags"} {
		if o, refusal = s.setTerms(o, name, sent); refusal != nil {
			return nil, refusal
		}
	}
	if sent.has("attributes") && len(sent.get("attributes").list) > 0 {
		return nil, notPlayed("attributes of products")
	}
	for _, name := range []string{"brands", "images", "default_attributes", "date_created", "date_created_gmt", "post_password"} {
		if sent.has(name) && !sent.get(name).falsy() {
			return nil, notPlayed(name + " of products")
		}
	}
	if !sent.get("parent_id").falsy() {
		return nil, notPlayed("products with a parent")
	}
	return s.setAddressOfProduct(o, id, home, sent)
}

// setAddressOfProduct sets status, slug and what shows them.
func (s *store) setAddressOfProduct(o object, id int64, home string, sent value) (object, *apiError) {
	if status := sent.get("status").scalar(); status != "" {
		if !slices.Contains([]string{"draft", "pending", "private", "publish"}, status) {
			return nil, notPlayed("products with the status " + status)
		}
		if unquote(o.get("status")) == "trash" {
			o = o.set("slug", mustJSON(strings.TrimSuffix(unquote(o.get("slug")), "__trashed")))
		}
		o = o.set("status", mustJSON(status))
	}
	status := unquote(o.get("status"))
	public := status == "publish" || status == "private"
	switch {
	case sent.has("slug") && sent.get("slug").scalar() != "":
		o = o.set("slug", mustJSON(s.freeSlug(slugOf(sent.get("slug").scalar()), id)))
	case public && unquote(o.get("slug")) == "":
		o = o.set("slug", mustJSON(s.freeSlug(slugOf(unquote(o.get("name"))), id)))
	}
	permalink := fmt.Sprintf("%s/?post_type=product&p=%d", home, id)
	if public {
		permalink = home + "/product/" + unquote(o.get("slug")) + "/"
	}
	return o.set("permalink", mustJSON(permalink)), nil
}

func idList(sent value) []byte {
	var ids [][]byte
	for _, id := range sent.list {
		ids = append(ids, number(id.whole()))
	}
	return joinArray(ids)
}

// setTerms puts a product into categories or tags by their IDs.
func (s *store) setTerms(o object, name string, sent value) (object, *apiError) {
	if !sent.has(name) {
		return o, nil
	}
	var terms [][]byte
	for _, wanted := range sent.get(name).list {
		at := slices.IndexFunc(s.fixed["/products/"+name], func(raw []byte) bool {
			term, err := parseObject(raw)
			return err == nil && whole(term.get("id")) == wanted.get("id").whole()
		})
		if at < 0 {
			return nil, notPlayed(name + " that the shop has not")
		}
		term, err := parseObject(s.fixed["/products/"+name][at])
		if err != nil {
			return nil, failed(err)
		}
		terms = append(terms, object{{"id", term.get("id")}, {"name", term.get("name")}, {"slug", term.get("slug")}}.bytes())
	}
	if len(terms) == 0 && name == "categories" {
		return o.set(name, s.standardCategory()), nil
	}
	return o.set(name, joinArray(terms)), nil
}
