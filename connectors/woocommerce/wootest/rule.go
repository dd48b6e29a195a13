package wootest

import (
	"encoding/json"
	"strings"
)

// rule is what the schema says about a value that a client sends.
type rule struct {
	name       string
	types      []string // "" for none that is known
	format     string
	enum       []string
	minimum    *int64
	maximum    *int64
	items      *rule
	properties []rule
	required   bool
	standard   []byte // the default, as JSON
}

// ruleJSON is a rule as OPTIONS gives it.
type ruleJSON struct {
	Type       json.RawMessage   `json:"type"`
	Format     string            `json:"format"`
	Enum       []json.RawMessage `json:"enum"`
	Minimum    *int64            `json:"minimum"`
	Maximum    *int64            `json:"maximum"`
	Items      json.RawMessage   `json:"items"`
	Properties json.RawMessage   `json:"properties"`
	Required   bool              `json:"required"`
	Default    json.RawMessage   `json:"default"`
}

// readRules reads the rules of the members of a JSON object, in their order.
func readRules(document []byte) ([]rule, error) {
	if len(document) == 0 || document[0] == '[' {
		return nil, nil // an empty map
	}
	named, err := parseObject(document)
	if err != nil {
		return nil, err
	}
	rules := make([]rule, 0, len(named))
	for _, m := range named {
		r, err := readRule(m.name, m.value)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func readRule(name string, document []byte) (rule, error) {
	var read ruleJSON
	if err := json.Unmarshal(document, &read); err != nil {
		return rule{}, err
	}
	r := rule{
		name: name, format: read.Format, minimum: read.Minimum, maximum: read.Maximum,
		required: read.Required, standard: read.Default,
	}
	for _, allowed := range read.Enum {
		r.enum = append(r.enum, strings.Trim(string(allowed), `"`))
	}
	if len(read.Type) > 0 {
		if err := json.Unmarshal(read.Type, &r.types); err != nil {
			var one string
			if err := json.Unmarshal(read.Type, &one); err != nil {
				return rule{}, err
			}
			r.types = []string{one}
		}
	}
	var err error
	if r.properties, err = readRules(read.Properties); err != nil {
		return rule{}, err
	}
	if len(read.Items) > 0 && read.Items[0] == '{' {
		items, err := readRule("", read.Items)
		if err != nil {
			return rule{}, err
		}
		r.items = &items
	}
	return r, nil
}

// editing are the rules for a change of what is there: nothing is required, and
// nothing has a default.
func editing(rules []rule) []rule {
	loose := make([]rule, 0, len(rules))
	for _, r := range rules {
		r.required, r.standard = false, nil
		loose = append(loose, r)
	}
	return loose
}

// writeRules are the rules by which a route judges what it is sent. Those for a
// single record follow from those of its list where they were not recorded.
func (s *store) writeRules(route string) []rule {
	if recorded := s.schema(route); recorded.writes != nil {
		return recorded.writes
	}
	if list, single := strings.CutSuffix(route, "/<id>"); single {
		return editing(s.schema(list).writes)
	}
	return nil
}
