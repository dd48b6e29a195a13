package wootest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// schema is what a route answers to OPTIONS, and what it takes.
type schema struct {
	answer []byte
	args   []arg
	writes []rule // of what POST is sent; nil where it is not known
}

// arg is a parameter of a route, in the order in which errors name them.
type arg struct {
	name   string
	Type   typeName `json:"type"`
	Format string   `json:"format"`
	Enum   []string `json:"enum"`
	Min    *int64   `json:"minimum"`
	Max    *int64   `json:"maximum"`
	Items  struct {
		Type typeName `json:"type"`
		Enum []string `json:"enum"`
	} `json:"items"`
}

// typeName is the type of a parameter; "" where it may be one of several, which
// is not judged.
type typeName string

// UnmarshalJSON reads a name or a list of names.
func (t *typeName) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		*t = ""
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// readSchemas reads the recorded OPTIONS answers. They are the rules by which
// parameters are judged.
func readSchemas() (map[string]schema, error) {
	lines, err := readFile(exampleFiles, "example/options")
	if err != nil {
		return nil, err
	}
	schemas := make(map[string]schema, len(lines))
	for _, line := range lines {
		var recorded struct {
			Route  string          `json:"route"`
			Answer json.RawMessage `json:"answer"`
		}
		if err := json.Unmarshal(line, &recorded); err != nil {
			return nil, err
		}
		args, err := readArgs(recorded.Answer)
		if err != nil {
			return nil, fmt.Errorf("wootest: schema of %s: %w", recorded.Route, err)
		}
		writes, err := readWriteArgs(recorded.Answer)
		if err != nil {
			return nil, fmt.Errorf("wootest: schema of writes to %s: %w", recorded.Route, err)
		}
		schemas[recorded.Route] = schema{recorded.Answer, args, writes}
	}
	schemas["/variations"] = schema{args: schemas["/products/<id>/variations"].args}
	return schemas, nil
}

// readArgs reads the parameters of the first endpoint, which is GET.
func readArgs(answer []byte) ([]arg, error) {
	top, err := parseObject(answer)
	if err != nil {
		return nil, err
	}
	endpoints := parseArray(top.get("endpoints"))
	if len(endpoints) == 0 {
		return nil, nil
	}
	endpoint, err := parseObject(endpoints[0])
	if err != nil {
		return nil, err
	}
	named, err := parseObject(endpoint.get("args"))
	if err != nil {
		return nil, err
	}
	args := make([]arg, len(named))
	for i, m := range named {
		if err := json.Unmarshal(m.value, &args[i]); err != nil {
			return nil, err
		}
		args[i].name = m.name
	}
	return args, nil
}

// readWriteArgs reads the parameters of the endpoint that takes POST.
func readWriteArgs(answer []byte) ([]rule, error) {
	var read struct {
		Endpoints []struct {
			Methods []string        `json:"methods"`
			Args    json.RawMessage `json:"args"`
		} `json:"endpoints"`
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		return nil, err
	}
	for _, endpoint := range read.Endpoints {
		if slices.Contains(endpoint.Methods, "POST") {
			return readRules(endpoint.Args)
		}
	}
	return nil, nil
}
