package qbotest

type fieldKind uint8

const (
	textField fieldKind = iota
	decimalField
	boolField
	dateField
	timeField
	emailField
	urlField
	enumField
	refField
	objectField
	listField
)

// field describes one property of an entity.
type field struct {
	name     string
	kind     fieldKind
	max      int      // characters of a text; the greatest value of a number
	strict   bool     // a name: no colon, tab or newline
	loose    bool     // a number or boolean that may come as a text
	decimals int32    // digits behind the point; 0 for any
	values   []string // of an enumeration
	to       string   // the entity a reference leads to
	fields   []field  // of an object or of the items of a list
	filter   bool     // may stand in a query's condition
}

// schema describes an entity: what it has, and what the server makes of it.
type schema struct {
	name      string
	plural    string // as errors about references name it
	list      bool   // a list entity: never deleted, made inactive
	txn       bool   // a transaction: numbered in one sequence with the others, and deletable
	voids     bool
	formVoids bool // can be voided by a user only
	writable  bool // through the API
	fixed     bool // created and never changed
	notes     bool // no transaction, but deletable
	links     bool // its lines refer to other transactions
	required  []string
	fields    []field

	// also says what else is missing, if anything.
	also func(b *books, doc *node) *fault

	// complete applies the rules of the entity to a document to be stored and fills in what the server computes.
	complete func(b *books, c *change, doc *node) *fault

	// perform executes a write that is not one of an object with an Id.
	perform func(b *books, c *change) (*node, *fault)
}

// fieldIn finds a field by name. Case counts: the real server reads JSON case-sensitively.
func fieldIn(fields []field, name string) *field {
	for i := range fields {
		if fields[i].name == name {
			return &fields[i]
		}
	}
	return nil
}

func words(name string, most int) field { return field{name: name, kind: textField, max: most} }

func label(name string, most int) field {
	return field{name: name, kind: textField, max: most, strict: true}
}

func digits(name string, places int32) field {
	return field{name: name, kind: decimalField, decimals: places}
}

func yesno(names ...string) []field {
	var out []field
	for _, name := range names {
		out = append(out, field{name: name, kind: boolField})
	}
	return out
}

func date(name string) field { return field{name: name, kind: dateField} }

func enum(name string, values ...string) field {
	return field{name: name, kind: enumField, values: values}
}

func refTo(name, entity string) field { return field{name: name, kind: refField, to: entity} }

func group(name string, fields ...field) field {
	return field{name: name, kind: objectField, fields: fields}
}

func many(name string, fields ...field) field {
	return field{name: name, kind: listField, fields: fields}
}

func (f field) filtered() field {
	f.filter = true
	return f
}

func filtered(fields ...field) []field {
	for i := range fields {
		fields[i].filter = true
	}
	return fields
}

func join(parts ...[]field) []field {
	var out []field
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// common are the properties that every entity has and the server owns.
func common() []field {
	return []field{
		words("Id", 0).filtered(), words("SyncToken", 0), words("domain", 0),
		{name: "sparse", kind: boolField},
		words("status", 0),
		group("MetaData",
			field{name: "CreateTime", kind: timeField, filter: true},
			field{name: "LastUpdatedTime", kind: timeField, filter: true},
		),
	}
}

func address(name string) field {
	return group(name, words("Id", 0), words("Line1", 500), words("Line2", 500), words("Line3", 500), words("Line4", 500), words("Line5", 500),
		words("City", 255), words("Country", 255), words("CountryCode", 255), words("CountrySubDivisionCode", 255), words("PostalCode", 30),
		words("Lat", 50), words("Long", 50), words("Note", 500), words("Tag", 50))
}

func phone(name string) field { return group(name, words("FreeFormNumber", 30)) }

func email(name string) field {
	return group(name, field{name: "Address", kind: emailField, max: 100})
}

func customFields() field {
	return many("CustomField", words("DefinitionId", 0), words("Name", 0), enum("Type", "StringType"), words("StringValue", 31))
}
