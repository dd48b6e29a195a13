package qbotest

import (
	"slices"
	"strconv"
)

// custom checks the custom fields of a form and names them.
func (b *books) custom(doc *node) *fault {
	var seen []string
	for _, f := range doc.list("CustomField") {
		id := f.str("DefinitionId")
		n, err := strconv.Atoi(id)
		if err != nil || n < 1 || n > len(b.set.customFields) || slices.Contains(seen, id) {
			return &fault{code: "3000", message: "Invalid Custom Field", detail: "The custom field " + id + " is not valid", element: "CustomField"}
		}
		seen = append(seen, id)
		f.put("Name", str(b.set.customFields[n-1])).put("Type", str("StringType"))
	}
	return nil
}

// customFields shows in the preferences which custom fields are on, and their names.
func (b *books) customFields() *node {
	used, names := arr(), arr()
	for i := range 3 {
		n := strconv.Itoa(i + 1)
		on := i < len(b.set.customFields)
		used.items = append(used.items, obj().put("Name", str("SalesFormsPrefs.UseSalesCustom"+n)).put("Type", str("BooleanType")).put("BooleanValue", flag(on)))
		if on {
			names.items = append(names.items, obj().put("Name", str("SalesFormsPrefs.SalesCustomName"+n)).put("Type", str("StringType")).put("StringValue", str(b.set.customFields[i])))
		}
	}
	out := arr(obj().put("CustomField", used))
	if len(names.items) > 0 {
		out.items = append(out.items, obj().put("CustomField", names))
	}
	return out
}
