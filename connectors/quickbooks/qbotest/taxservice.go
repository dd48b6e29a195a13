package qbotest

import "strconv"

// addTaxCode answers POST /taxservice/taxcode, the only way to make a tax code. The answer has no name around it.
func addTaxCode(b *books, c *change) (*node, *fault) {
	if f := formats(c.body, c.schema.fields, ""); f != nil {
		return nil, f
	}
	name := c.body.str("TaxCode")
	if name == "" {
		return nil, missing("TaxCode")
	}
	details := c.body.list("TaxRateDetails")
	if len(details) == 0 {
		return nil, missing("TaxRateDetails")
	}
	if f := b.open(c); f != nil {
		return nil, f
	}
	if f := b.unique(b.byName("TaxCode"), obj().put("Name", str(name)), ""); f != nil {
		return nil, f
	}
	var rates []*node
	for _, d := range details {
		rate, f := b.newRate(d)
		if f != nil {
			return nil, f
		}
		for _, other := range rates {
			if rate.str("Id") == "" && nameKey(other.str("Name")) == nameKey(rate.str("Name")) {
				return nil, duplicateName("null")
			}
		}
		rates = append(rates, rate)
	}
	lists := map[string]*node{"Sales": arr(), "Purchase": arr()}
	shown := arr()
	for i, rate := range rates {
		if rate.str("Id") == "" {
			b.builtin("TaxRate", rate, c.now)
		}
		on := details[i].str("TaxApplicableOn")
		lists[on].items = append(lists[on].items, obj().put("TaxRateRef", ref(rate.str("Id"), rate.str("Name"))).
			put("TaxTypeApplicable", str(string(TaxOnAmount))).put("TaxOrder", &node{shape: number, chars: strconv.Itoa(len(lists[on].items))}))
		shown.items = append(shown.items, obj().put("TaxRateName", str(rate.str("Name"))).put("TaxRateId", str(rate.str("Id"))).
			put("RateValue", num(rate.dec("RateValue"))).put("TaxAgencyId", str(rate.str("AgencyRef", "value"))).put("TaxApplicableOn", str(on)))
	}
	id := b.builtin("TaxCode", obj().put("Name", str(name)).put("Description", str(name)).put("Active", flag(true)).put("Hidden", flag(false)).
		put("Taxable", flag(true)).put("TaxGroup", flag(true)).put("SalesTaxRateList", obj().put("TaxRateDetail", lists["Sales"])).
		put("PurchaseTaxRateList", obj().put("TaxRateDetail", lists["Purchase"])), c.now)
	return obj().put("TaxCode", str(name)).put("TaxCodeId", str(id)).put("TaxRateDetails", shown), nil
}

// newRate reads a rate of a new code: one that exists, or one to be made.
func (b *books) newRate(d *node) (*node, *fault) {
	if !d.has("TaxApplicableOn") {
		return nil, missing("TaxRateDetails.TaxApplicableOn")
	}
	if id := d.str("TaxRateId"); id != "" {
		rate := b.get("TaxRate", id)
		if rate == nil {
			return nil, noReference("TaxRates", id)
		}
		return rate, nil
	}
	for _, name := range []string{"TaxRateName", "RateValue", "TaxAgencyId"} {
		if d.str(name) == "" {
			return nil, missing("TaxRateDetails." + name)
		}
	}
	if value := d.dec("RateValue"); value.IsNegative() || value.String() != "0" && value.IsZero() || value.GreaterThan(hundred()) {
		return nil, badFormat("2150", "Invalid Percent", "RateValue", d.str("RateValue"))
	}
	if b.lookup("TaxAgency", d.str("TaxAgencyId")) == nil {
		return nil, noReference("TaxAgencies", d.str("TaxAgencyId"))
	}
	rate := obj().put("Name", str(d.str("TaxRateName"))).put("Description", str(d.str("TaxRateName"))).put("Active", flag(true)).
		put("RateValue", num(d.dec("RateValue"))).put("AgencyRef", ref(d.str("TaxAgencyId"), "")).put("SpecialTaxType", str("NONE")).put("DisplayType", str("ReadOnly"))
	return rate, b.unique(b.byName("TaxRate"), rate, "")
}
