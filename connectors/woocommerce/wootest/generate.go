package wootest

import "time"

const generatedHome = "https://wootest.invalid"

type maker struct{ home string }

func newMaker(_ uint64, _ *time.Location, home string) *maker { return &maker{home} }
func (m *maker) fill(_ *store, _ int) error                   { return nil }
func (m *maker) order(_ int64, _ time.Time) []byte            { return nil }
