package wootest

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// taxRate is a rate of the shop's table.
type taxRate struct {
	ID        int64    `json:"id"`
	Country   string   `json:"country"`
	State     string   `json:"state"`
	Postcode  string   `json:"postcode"`
	City      string   `json:"city"`
	Rate      string   `json:"rate"`
	Name      string   `json:"name"`
	Priority  int64    `json:"priority"`
	Compound  bool     `json:"compound"`
	Shipping  bool     `json:"shipping"`
	Order     int64    `json:"order"`
	Class     string   `json:"class"`
	Postcodes []string `json:"postcodes"`
	Cities    []string `json:"cities"`

	percent *big.Rat
}

// taxPlace is where tax is due.
type taxPlace struct{ country, state, postcode, city string }

// taxPlace is where the tax of an order is due: where it is sent to, else who
// pays, else the shop.
func (s *store) taxPlace(d *orderDraft) taxPlace {
	for _, list := range []string{"shipping", "billing"} {
		if country := d.address(list, "country"); country != "" {
			return taxPlace{country, d.address(list, "state"), d.address(list, "postcode"), d.address(list, "city")}
		}
	}
	country, state, _ := strings.Cut(first(s.setting("woocommerce_default_country"), "DE"), ":")
	return taxPlace{country, state, s.setting("woocommerce_store_postcode"), s.setting("woocommerce_store_city")}
}

// taxSetting is a setting of the group tax.
func (s *store) taxSetting(id string) string {
	for _, raw := range s.fixed["/settings/tax"] {
		var one struct {
			ID    string          `json:"id"`
			Value json.RawMessage `json:"value"`
		}
		if err := json.Unmarshal(raw, &one); err == nil && one.ID == id {
			return unquote(one.Value)
		}
	}
	return ""
}

// computesTax refuses what was not measured.
func (s *store) computesTax() *apiError {
	switch {
	case s.setting("woocommerce_calc_taxes") != "yes":
		return notPlayed("totals of a shop without taxes")
	case s.taxSetting("woocommerce_prices_include_tax") == "yes":
		return notPlayed("totals of a shop whose prices include tax")
	case s.taxSetting("woocommerce_tax_round_at_subtotal") == "yes":
		return notPlayed("totals of a shop that rounds tax at the subtotal")
	case s.taxSetting("woocommerce_tax_based_on") != "shipping":
		return notPlayed("totals of a shop whose tax is not that of the shipping address")
	case s.taxSetting("woocommerce_shipping_tax_class") != "inherit":
		return notPlayed("totals of a shop with a tax class for shipping")
	case s.setting("woocommerce_calc_discounts_sequentially") == "yes":
		return notPlayed("totals of a shop that applies one coupon after the other")
	}
	return nil
}

// ratesFor are the rates of a tax class at a place, one of each priority.
func (s *store) ratesFor(class string, at taxPlace) ([]taxRate, *apiError) {
	var found []taxRate
	for _, r := range s.taxes.rows {
		var rate taxRate
		if err := json.Unmarshal(r.raw, &rate); err != nil {
			return nil, failed(err)
		}
		applies, refusal := rate.applies(class, at)
		if refusal != nil {
			return nil, refusal
		}
		if applies {
			found = append(found, rate)
		}
	}
	slices.SortStableFunc(found, taxOrder)
	return slices.CompactFunc(found, func(a, b taxRate) bool { return a.Priority == b.Priority }), nil
}

func (rate *taxRate) applies(class string, at taxPlace) (bool, *apiError) {
	own := rate.Class
	if own == "standard" {
		own = ""
	}
	if own != class || rate.Country != "" && rate.Country != at.country || rate.State != "" && rate.State != at.state {
		return false, nil
	}
	for _, code := range append([]string{rate.Postcode}, rate.Postcodes...) {
		if strings.ContainsAny(code, "*.") {
			return false, notPlayed("tax rates for ranges of postcodes")
		}
	}
	among := func(listed []string, one, own string) bool {
		listed = append(slices.Clone(listed), one)
		listed = slices.DeleteFunc(listed, func(word string) bool { return word == "" })
		return len(listed) == 0 || slices.ContainsFunc(listed, func(word string) bool { return strings.EqualFold(word, own) })
	}
	percent, ok := parseNumber(rate.Rate)
	if !ok {
		return false, notPlayed("a tax rate of " + rate.Rate)
	}
	rate.percent = percent
	return among(rate.Postcodes, rate.Postcode, at.postcode) && among(rate.Cities, rate.City, at.city), nil
}

// taxOrder sorts by priority, and the most particular first.
func taxOrder(a, b taxRate) int {
	if a.Priority != b.Priority {
		return compare(a.Priority, b.Priority)
	}
	for _, pair := range [][2]string{{a.Country, b.Country}, {a.State, b.State}} {
		if (pair[0] == "") != (pair[1] == "") {
			return compare(int64(btoi(pair[0] == "")), int64(btoi(pair[1] == "")))
		}
	}
	if len(a.Postcodes) != len(b.Postcodes) {
		return compare(int64(len(b.Postcodes)), int64(len(a.Postcodes)))
	}
	if len(a.Cities) != len(b.Cities) {
		return compare(int64(len(b.Cities)), int64(len(a.Cities)))
	}
	if a.Order != b.Order {
		return compare(a.Order, b.Order)
	}
	return compare(a.ID, b.ID)
}

// code is what the tax lines of orders call the rate.
func (rate *taxRate) code() string {
	var parts []string
	for _, part := range []string{rate.Country, rate.State, first(rate.Name, "TAX"), strconv.FormatInt(rate.Priority, 10)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.ToUpper(strings.Join(parts, "-"))
}

// taxesOf computes the tax of a net amount by each rate, not rounded to cents:
// compound rates come on top of the others.
func taxesOf(amount *big.Rat, rates []taxRate) []*big.Rat {
	taxes := make([]*big.Rat, len(rates))
	share := func(of *big.Rat, rate *taxRate) *big.Rat {
		tax := new(big.Rat).Mul(of, rate.percent)
		return rounded(tax.Quo(tax, big.NewRat(100, 1)), places6)
	}
	base := new(big.Rat).Set(amount)
	for i := range rates {
		if !rates[i].Compound {
			taxes[i] = share(amount, &rates[i])
			base.Add(base, taxes[i])
		}
	}
	for i := range rates {
		if rates[i].Compound {
			taxes[i] = share(base, &rates[i])
			base = sumOf(base, taxes[i])
		}
	}
	return taxes
}
