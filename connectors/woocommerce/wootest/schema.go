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

// schemas are the recorded OPTIONS answers by route. They are the rules by which
// parameters are judged, and are read when they are first asked for: a shop that
// is made for one request needs one of them.
type schemas struct {
	recorded map[string][]byte
	read     map[string]schema
}

func readSchemas() (*schemas, error) {
	lines, err := readFile(exampleFiles, "example/options")
	if err != nil {
		return nil, err
	}
	all := &schemas{recorded: make(map[string][]byte, len(lines)), read: make(map[string]schema)}
	for _, line := range lines {
		o, err := parseObject(line)
		if err != nil {
			return nil, err
		}
		all.recorded[unquote(o.get("route"))] = o.get("answer")
	}
	return all, nil
}

// of returns the schema of a route, without an answer where none was recorded.
func (all *schemas) of(route string) (schema, error) {
	if known, done := all.read[route]; done {
		return known, nil
	}
	answer := all.recorded[route]
	var read schema
	var err error
	switch {
	case route == "/variations":
		read, err = all.of("/products/<id>/variations")
		read.answer, read.writes = nil, nil
	case answer != nil:
		read.answer = answer
		if read.args, err = readArgs(answer); err == nil {
			read.writes, err = readWriteArgs(answer)
		}
	}
	if err != nil {
		return schema{}, fmt.Errorf("wootest: schema of %s: %w", route, err)
	}
	all.read[route] = read
	return read, nil
}

// schema is the schema of a route. Those of the package can be read, which its
// tests make sure of.
func (s *store) schema(route string) schema {
	read, err := s.schemas.of(route)
	if err != nil {
		return schema{}
	}
	return read
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
