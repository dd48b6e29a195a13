package rest

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

const (
	sealVersion = 1
	sealHeader  = 1 + 4 // version and length of the plaintext
	keyBytes    = 32
)

var (
	// ErrKey says that the key of [Seal] or [Open] does not have 32 bytes.
	ErrKey = errors.New("rest: the sealing key must have 32 bytes")
	// ErrSealed says that [Open] was given another key or other associated data than Seal, or altered bytes; which, nobody can tell.
	ErrSealed = errors.New("rest: wrong key, other associated data, or altered value")
	// ErrSealVersion says that [Open] was given something that this version of Seal has not written.
	ErrSealVersion = errors.New("rest: not a sealed value of a known version")
)

// Seal encrypts plaintext under a key of 32 bytes with AES-256-GCM and a random nonce. The associated data (tenant and
// account, say) is not stored but must be the same for [Open], so that a value copied to another tenant stays shut. One key
// is good for 2^32 values. The result is longer by 33 bytes. It fails with [ErrKey], or for a plaintext of 4 GiB.
func Seal(key, plaintext, associated []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if uint64(len(plaintext)) > 1<<32-1 {
		return nil, fmt.Errorf("rest: a value of %d bytes is too large to seal", len(plaintext))
	}
	header := binary.BigEndian.AppendUint32([]byte{sealVersion}, uint32(len(plaintext)))
	return aead.Seal(header, nil, plaintext, slices.Concat(header, associated)), nil
}

// Open returns what [Seal] was given. It fails with [ErrKey], [ErrSealVersion], [ErrTruncated] if bytes are missing at
// the end (or too many), and else with [ErrSealed]; no error tells anything about key or content.
func Open(key, sealed, associated []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 {
		return nil, fmt.Errorf("rest: sealed value: %w", ErrTruncated)
	}
	if sealed[0] != sealVersion {
		return nil, ErrSealVersion
	}
	if len(sealed) < sealHeader {
		return nil, fmt.Errorf("rest: sealed value: %w", ErrTruncated)
	}
	header, box := sealed[:sealHeader], sealed[sealHeader:]
	if uint64(len(box)) != uint64(binary.BigEndian.Uint32(header[1:]))+uint64(aead.Overhead()) {
		return nil, fmt.Errorf("rest: sealed value: %w", ErrTruncated)
	}
	plaintext, err := aead.Open(nil, nil, box, slices.Concat(header, associated))
	if err != nil {
		return nil, ErrSealed
	}
	return plaintext, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != keyBytes {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, ErrKey
	}
	return cipher.NewGCMWithRandomNonce(block)
}
