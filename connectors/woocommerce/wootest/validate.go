package wootest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// complaint is what is wrong with one parameter.
type complaint struct {
	code, message string
	param         string // named in the data of a wrong type
}

// validate judges the parameters a route knows and returns the query with their
// values in plain form. All complaints come in one error.
func (sc schema) validate(q query) (query, *apiError) {
	var c complaints
	for i := range sc.args {
		a := &sc.args[i]
		at := q.find(a.name)
		if at < 0 {
			continue
		}
		plain, wrong := a.check(q[at])
		if wrong == nil {
			q = q.with(plain)
			continue
		}
		c.add(a.name, wrong)
	}
	if refusal := c.refusal(); refusal != nil {
		return nil, refusal
	}
	return q, nil
}

func (a *arg) check(p param) (param, *complaint) {
	switch {
	case a.Type == "array" && a.Items.Type == "integer":
		return a.checkIDs(p), nil
	case a.Type == "array":
		return a.checkList(p)
	case p.list:
		return p, wrongType(a.name, string(a.Type))
	case a.name == "search":
		return param{p.name, []string{cleanText(p.text())}, false}, nil
	case a.Type == "integer":
		return a.checkNumber(p)
	case a.Type == "boolean":
		return a.checkFlag(p)
	case a.Format == "date-time":
		if !dateForm().MatchString(p.text()) {
			return p, &complaint{code: "rest_invalid_date", message: "Invalid date."}
		}
	case len(a.Enum) > 0 && !slices.Contains(a.Enum, p.text()):
		return p, notOneOf(a.name, a.Enum)
	}
	return p, nil
}

// checkIDs takes anything: what is no number is 0.
func (a *arg) checkIDs(p param) param {
	texts := p.values
	if !p.list {
		texts = splitList(p.text())
	}
	ids := make([]string, 0, len(texts))
	for _, text := range texts {
		digits := strings.TrimLeft(strings.TrimSpace(text), "-+")
		if end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
			digits = digits[:end]
		}
		n, _ := strconv.ParseInt(digits, 10, 64)
		if id := strconv.FormatInt(n, 10); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return param{p.name, ids, true}
}

func (a *arg) checkList(p param) (param, *complaint) {
	values := p.values
	if !p.list {
		values = splitList(p.text())
	}
	for i, value := range values {
		if len(a.Items.Enum) > 0 && !slices.Contains(a.Items.Enum, value) {
			return p, notOneOf(fmt.Sprintf("%s[%d]", a.name, i), a.Items.Enum)
		}
	}
	return param{p.name, values, true}, nil
}

func (a *arg) checkNumber(p param) (param, *complaint) {
	n, err := strconv.ParseInt(p.text(), 10, 64)
	switch {
	case err != nil:
		return p, wrongType(a.name, "integer")
	case a.Min != nil && a.Max != nil && (n < *a.Min || n > *a.Max):
		return p, outOfBounds("%s must be between %d (inclusive) and %d (inclusive)", a.name, *a.Min, *a.Max)
	case a.Min != nil && n < *a.Min:
		return p, outOfBounds("%s must be greater than or equal to %d", a.name, *a.Min)
	case a.Max != nil && n > *a.Max:
		return p, outOfBounds("%s must be less than or equal to %d", a.name, *a.Max)
	}
	return param{p.name, []string{strconv.FormatInt(n, 10)}, false}, nil
}

func (a *arg) checkFlag(p param) (param, *complaint) {
	switch strings.ToLower(p.text()) {
	case "true", "1":
		return param{p.name, []string{"1"}, false}, nil
	case "false", "0":
		return param{p.name, []string{""}, false}, nil
	}
	return p, wrongType(a.name, "boolean")
}

func wrongType(name, wanted string) *complaint {
	return &complaint{code: "rest_invalid_type", message: name + " is not of type " + wanted + ".", param: name}
}

func outOfBounds(format string, args ...any) *complaint {
	return &complaint{code: "rest_out_of_bounds", message: fmt.Sprintf(format, args...)}
}

func notOneOf(name string, allowed []string) *complaint {
	words := slices.Clone(allowed)
	last := len(words) - 1
	listed := words[0] + " and " + words[last]
	if last > 1 {
		listed = strings.Join(words[:last], ", ") + ", and " + words[last]
	}
	return &complaint{code: "rest_not_in_enum", message: name + " is not one of " + listed + "."}
}

func dateForm() *regexp.Regexp {
	return regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}(?::\d{2})?)?$`)
}
