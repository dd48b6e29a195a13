// Package alone keeps a second process away from a file, so that a program may
// do without leases: unlike a lease, the lock of a killed process is gone at once.
package alone

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Lock takes the lock that goes with a database file, or says that another
// process has it. The lock ends with the returned function, or with the process.
func Lock(database string) (unlock func() error, err error) {
	file, err := os.OpenFile(database+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another process works with %s: wait for it to end", database), file.Close())
	}
	return file.Close, nil
}
