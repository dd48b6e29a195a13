package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// keyFile reads the key that seals tokens from a file beside the database, and
// makes the file if there is none. A key beside what it seals protects backups
// of the database alone, so the program says that it did so.
func keyFile(database string, warn io.Writer) ([]byte, error) {
	path := database + ".key"
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(key) != 32 {
			return nil, fmt.Errorf("%s does not hold 32 bytes in base64: "+
				"restore it, or delete it and connect the company again", path)
		}
		return key, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := writeNew(path, base64.StdEncoding.EncodeToString(key)+"\n"); err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(warn, "warning: WOOSYNC_SECRET_KEY is not set; tokens are sealed with a key in %s\n", path)
	return key, err
}

// writeNew makes a file that only its owner may read, and has it on disk before
// anything relies on it.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}
