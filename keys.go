package woosync

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
)

// Lengths of the two parts of a Key: 100 bits name the record, 75 bits what is
// done to it. With the dash between them they are 36 characters.
const (
	markLength = 20
	partLength = 15
)

// markOf returns the part of every Key that names the record.
func markOf(tenant, origin, account, stream, sourceID string) string {
	return digest(markLength, "mark", tenant, origin, account, stream, sourceID)
}

// keyOf returns the Key of a change. A create's is free of content: however the
// record is edited between two attempts, the target recognises the same create.
func keyOf[U any](mark string, change Change[U], generation int) string {
	parts := []string{change.Action.String(), strconv.Itoa(generation)}
	switch change.Action {
	case Create:
	case Update:
		parts = append(parts, change.TargetID, change.TargetVersion, change.Hash)
	case Remove:
		parts = append(parts, change.TargetID, change.TargetVersion)
	}
	return mark + "-" + digest(partLength, parts...)
}

// digest hashes parts so that no two lists of parts look alike.
func digest(length int, parts ...string) string {
	hash := sha256.New()
	var size [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		hash.Write(size[:])
		hash.Write([]byte(part))
	}
	letters := base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	return letters.EncodeToString(hash.Sum(nil))[:length]
}

// jsonHash is the default of Flow.Hash. A value of which JSON shows nothing
// would make every record look unchanged, so it is refused.
func jsonHash[U any](value U) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("the mapped value has no JSON form: %w", err)
	}
	if s := string(text); s == "{}" || s == "null" {
		return "", fmt.Errorf("the mapped value (%T) encodes to %s, so changes to it would go unseen: "+
			"export its fields or set Hash", value, s)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
