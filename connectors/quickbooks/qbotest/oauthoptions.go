package qbotest

import "time"

// WithRotation has every refresh issue a new refresh token, instead of the first one after 24 hours.
func WithRotation() Option { return func(s *settings) { s.everyRefresh = true } }

// WithTheftRevocation has the use of a superseded refresh token revoke the token that superseded it, and so for an authorization code
// that is used again and for a refresh token that is used twice at a time. Intuit says that it may; it is the default.
func WithTheftRevocation() Option { return func(s *settings) { s.theft = true } }

// WithoutTheftRevocation has such a use be refused and do no more harm.
func WithoutTheftRevocation() Option { return func(s *settings) { s.theft = false } }

// WithRefreshGrace has a superseded refresh token work for d more, as was said in 2018; it gives the token that superseded it. By
// default it is dead at once.
func WithRefreshGrace(d time.Duration) Option { return func(s *settings) { s.grace = d } }

// WithRefreshLife sets how long a refresh token lives that is not used; the answers have said 100 days, which is the default, 101 and
// others.
func WithRefreshLife(d time.Duration) Option { return func(s *settings) { s.refreshLife = d } }

// WithShortGrantErrors leaves the description out of invalid_grant, as older servers did.
func WithShortGrantErrors() Option { return func(s *settings) { s.shortErrors = true } }

// WithInvalidClient400 answers an app that is not known with 400 instead of 401. Both have been reported.
func WithInvalidClient400() Option { return func(s *settings) { s.client400 = true } }
