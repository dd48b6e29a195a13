// Package alone keeps a second process away from a file, so that a program may
// do without leases: unlike a lease, the lock of a killed process is gone at once.
package alone

import (
	"errors"
	"fmt"
)

var errTaken = errors.New("taken")

// Lock takes the lock that goes with a database file, or says that another
// process has it. The lock ends with the returned function, or with the process.
func Lock(database string) (unlock func() error, err error) {
	unlock, err = lock(database + ".lock")
	if errors.Is(err, errTaken) {
		return nil, fmt.Errorf("another process works with %s: wait for it to end", database)
	}
	return unlock, err
}
