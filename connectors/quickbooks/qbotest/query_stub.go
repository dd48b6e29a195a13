package qbotest

type query struct{ entity string }

func parseQuery(string) (*query, *fault)            { return nil, business("soon") }
func (s *Server) runQuery(*request) (*node, *fault) { return nil, business("soon") }
