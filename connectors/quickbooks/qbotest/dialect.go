package qbotest

// Dialect says how the query language is read where sources differ. The zero value is the strictest reading.
type Dialect struct {
	Or         bool // accepts OR, which binds less than AND
	Numbers    bool // accepts numbers without quotes
	ZeroStart  bool // accepts STARTPOSITION 0, as 1
	NoColumns  bool // refuses to return single properties, as the page says
	ExactNames bool // tells upper from lower case in the names of entities, as the page's table says
	RefuseBig  bool // refuses MAXRESULTS above 1000 instead of returning 1000 in silence
	TotalCount bool // adds a totalCount to every page, which is no more than the number of its rows

	// PlainBackslash takes a backslash for itself unless an apostrophe follows: only \' is documented. Otherwise it must be doubled.
	PlainBackslash bool
}

// WithDialect sets how the query language is read.
func WithDialect(d Dialect) Option { return func(s *settings) { s.dialect = d } }

// check refuses what the dialect does not have and the grammar does.
func (d Dialect) check(q *query, s *schema) *fault {
	switch {
	case d.NoColumns && len(q.columns) > 0:
		return parserFault(`Encountered " <IDENTIFIER> "` + q.columns[0] + ` "" at line 1, column 8.`)
	case d.ExactNames && q.entity != s.name:
		return invalidQuery("Entity " + q.entity + " not found")
	case d.RefuseBig && q.limit > maxPage:
		return invalidQuery("value for maxResults is too large. Max allowed value is 1000")
	case q.start == 0 && !d.ZeroStart || q.limit == 0:
		return invalidQuery("value 0 is too small. Min allowed value is 1")
	}
	return nil
}
