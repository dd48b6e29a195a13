package badinput_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// set gives a member of an order another value, in JSON.
func set(member, value string) spoiler {
	return one(func(order string) string { return with(order, member, value) })
}

func with(order, member, value string) string {
	members := make(map[string]json.RawMessage)
	if err := json.Unmarshal([]byte(order), &members); err != nil {
		return order
	}
	members[member] = json.RawMessage("@")
	text := make([]string, 0, len(members))
	for name, old := range members {
		if name == member {
			old = json.RawMessage(value)
		}
		text = append(text, fmt.Sprintf("%q:%s", name, old))
	}
	return "{" + strings.Join(text, ",") + "}"
}

// also puts a member in front, whether or not there is one of that name.
func also(member string) spoiler {
	return one(func(order string) string { return "{" + member + "," + strings.TrimPrefix(order, "{") })
}

func line(quantity, more string) string {
	return `[{"id":1,"name":"Thing","product_id":0,"variation_id":0,"quantity":` + quantity +
		`,"tax_class":"","subtotal":"1.00","subtotal_tax":"0.00","total":"1.00","total_tax":"0.00","taxes":[],"meta_data":[],"sku":null,"price":1` + more + `}]`
}

func recordRows() []row {
	return []row{
		{n: 23, name: "a string of 10 MB", want: accepted, spoil: set("customer_note", `"`+strings.Repeat("x", 10<<20)+`"`)},
		{n: 40, name: "a total that comes twice", want: failed, says: "total", spoil: also(`"total":"1.00"`)},
		{n: 40, name: "an ID that comes twice", want: failed, says: "id", spoil: also(`"id":99`)},
		{n: 41, name: "names in another case", want: failed, says: "more than once", spoil: also(`"ID":99,"Total":"1.00","TOTAL":"2.00"`)},
		{n: 42, name: "an ID in quotes", want: accepted, spoil: one(func(o string) string { return strings.Replace(o, `"id":13`, `"id":"13"`, 1) })},
		{n: 43, name: "an ID with a decimal", want: accepted, spoil: one(func(o string) string { return strings.Replace(o, `"id":13`, `"id":13.0`, 1) })},
		{n: 44, name: "ID 0", want: failed, spoil: set("id", "0")},
		{n: 44, name: "ID null", want: failed, spoil: set("id", "null")},
		{n: 44, name: "ID negative", want: failed, spoil: set("id", "-7")},
		{n: 45, name: "an ID of 64 bits", want: failed, spoil: set("id", "9223372036854775808")},
		{n: 46, name: "an ID beyond what a float holds", want: accepted, spoil: one(func(o string) string { return with(o, "id", "9007199254740993") })},
		{n: 47, name: "no total", want: failed, says: "total", spoil: set("total", `""`)},
		{n: 48, name: "a total that is a number", want: accepted, spoil: set("total", "12.5")},
		{n: 49, name: "a total with thousands", want: failed, says: "total", spoil: set("total", `"1,234.50"`)},
		{n: 49, name: "a total with a comma", want: failed, says: "total", spoil: set("total", `"1.234,50"`)},
		{n: 49, name: "a total of three decimals", want: accepted, spoil: set("total", `"10.005"`)},
		{n: 49, name: "a total without end", want: failed, says: "total", spoil: set("total", `"1e400"`)},
		{n: 49, name: "minus nothing", want: accepted, spoil: set("total", `"-0"`)},
		{n: 49, name: "not a number", want: failed, says: "total", spoil: set("total", `"NaN"`)},
		{n: 49, name: "a blank before the total", want: failed, says: "total", spoil: set("total", `" 10"`)},
		{n: 50, name: "lines that miss the total by a cent", want: elsewhere, test: "books TestReceipt"},
		{n: 51, name: "a negative total", want: accepted, spoil: set("total", `"-5.00"`)},
		{n: 52, name: "an order without lines", want: accepted, spoil: set("line_items", "[]")},
		{n: 53, name: "a currency without decimals", want: accepted, spoil: set("currency", `"JPY"`)},
		{n: 53, name: "a currency of three decimals", want: accepted, spoil: set("currency", `"KWD"`)},
		{n: 54, name: "a currency nobody knows", want: accepted, spoil: set("currency", `"XXX"`)},
		{n: 54, name: "no currency", want: accepted, spoil: set("currency", `""`)},
		{n: 55, name: "the status of a plug-in", want: accepted, spoil: set("status", `"on-the-truck"`)},
		{n: 56, name: "a deleted product", want: accepted, spoil: set("line_items", line("1", ""))},
		{n: 57, name: "a quantity of nothing", want: accepted, spoil: set("line_items", line("0", ""))},
		{n: 57, name: "a third of a thing", want: accepted, spoil: set("line_items", line("0.333", ""))},
		{n: 57, name: "a thing given back", want: accepted, spoil: set("line_items", line("-1", ""))},
		{n: 58, name: "10,000 lines", want: accepted, spoil: set("line_items", "["+strings.TrimSuffix(strings.Repeat(strings.Trim(line("1", ""), "[]")+",", 10_000), ",")+"]")},
		{n: 59, name: "a tax class nobody knows", want: accepted, spoil: set("line_items", strings.Replace(line("1", ""), `"tax_class":""`, `"tax_class":"moon"`, 1))},
		{n: 60, name: "no date of change", want: accepted, spoil: set("date_modified_gmt", "null")},
		{n: 60, name: "an empty date of change", want: accepted, spoil: set("date_modified_gmt", `""`)},
		{n: 60, name: "a date of zeros", want: accepted, spoil: set("date_modified_gmt", `"0000-00-00 00:00:00"`)},
		{n: 60, name: "a date of 9999", want: accepted, spoil: set("date_created_gmt", `"9999-12-31T23:59:59"`)},
		{n: 60, name: "changed before it was made", want: accepted, spoil: set("date_created_gmt", `"2035-01-01T00:00:00"`)},
		{n: 61, name: "customers of one name", want: elsewhere, test: "connectors/quickbooks TestCustomersOfEqualNames"},
		{n: 62, name: "guests of one address", want: elsewhere, test: "books TestWhoBought"},
		{n: 63, name: "names with colons, tabs and overrides", want: elsewhere, test: "connectors/quickbooks TestNames"},
		{n: 64, name: "quotes in a query", want: elsewhere, test: "connectors/quickbooks TestCustomerNamesWithQuotes"},
		{n: 65, name: "invalid UTF-8", want: accepted, spoil: set("customer_note", "\"\xff\xfe\"")},
		{n: 66, name: "a NUL", want: accepted, spoil: set("customer_note", `"a\u0000b"`)},
		{n: 67, name: "a status that forges a log line", want: accepted, spoil: set("status", `"x\r\nlevel=INFO msg=paid"`)},
		{n: 68, name: "a script in a note", want: accepted, spoil: set("customer_note", `"<script>alert(1)</script>"`)},
		{n: 69, name: "meta data that is an object", want: accepted, spoil: set("meta_data", `{"7":{"id":1,"key":"k","value":"v"}}`)},
		{n: 69, name: "meta data of 5 MB", want: accepted, spoil: set("meta_data", `[{"id":1,"key":"k","value":"`+strings.Repeat("x", 5<<20)+`"}]`)},
		{n: 70, name: "members nobody knows", want: accepted, spoil: also(`"of_a_plugin":{"a":[1,2,{"b":null}]}`)},
		{n: 71, name: "an order that changes while it is read", want: elsewhere, test: "connectors/woocommerce TestReadingABusyShop"},
		{n: 72, name: "an order on two pages", want: elsewhere, test: ". TestRepeatsAreDroppedAndCounted"},
		{n: 73, name: "what was found in a record that is gone", want: elsewhere, test: ". TestDerivedFailureIsRetriedThroughItsParent"},
		{n: 74, name: "numbers that are not the ID, are long, or come twice", want: elsewhere, test: "connectors/quickbooks TestReceiptNumberTaken"},
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	for _, c := range recordRows() {
		if c.want == elsewhere {
			continue
		}
		t.Run(fmt.Sprintf("%d %s", c.n, c.name), func(t *testing.T) {
			t.Parallel()
			newSite(t, c.spoil).verdict(t, c.want, c.says)
		})
	}
}
