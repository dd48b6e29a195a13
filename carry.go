package woosync

import (
	"context"
	"errors"
)

type streamRun struct{}

type derivedLane[T any] interface{ settle() }

type derivedFlow[T, V, U any] DerivedFlow[T, V, U]

func (f derivedFlow[T, V, U]) streamName() string { return f.Name }
func (f derivedFlow[T, V, U]) check() []error     { return nil }
func (f derivedFlow[T, V, U]) openDerived(*streamRun) derivedLane[T] {
	return nil
}

func (f Flow[T, U]) streamName() string     { return f.Name }
func (f Flow[T, U]) names() []string        { return []string{f.Name} }
func (f Flow[T, U]) check() []error         { return nil }
func (f Flow[T, U]) carry(*streamRun) error { return nil }

func (o *Orchestrator) run(context.Context, Job) (*Report, error) {
	return &Report{}, errors.New("the engine is not in yet")
}
