package rest

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted stands for a secret wherever one would be shown.
const redacted = "[redacted]"

// Secret is a credential that does not show itself: printed with any verb, logged or marshalled it is [redacted]. Only
// [Secret.Reveal] returns it. It is a value, safe for concurrent use; the zero value is no secret and also prints as
// [redacted]. Two places are out of its reach: package fmt calls no methods of unexported fields, so give a struct that has
// a Secret in one a String method of its own; and encoding/json takes the key of a map for what it is.
type Secret string

var (
	_ fmt.Formatter  = Secret("")
	_ fmt.GoStringer = Secret("")
	_ slog.LogValuer = Secret("")
)

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String returns [redacted].
func (Secret) String() string { return redacted }

// GoString returns [redacted].
func (Secret) GoString() string { return redacted }

// Format writes [redacted], whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns [redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns [redacted]. Reading a Secret from JSON or text works as for any string.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON returns "[redacted]".
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// Key is a key for [Seal], of 32 bytes. It shows itself as little as a [Secret] does.
type Key []byte

// Format writes [redacted], whatever the verb.
func (Key) Format(f fmt.State, verb rune) { Secret("").Format(f, verb) }

// MarshalText returns [redacted], for JSON too.
func (Key) MarshalText() ([]byte, error) { return Secret("").MarshalText() }
