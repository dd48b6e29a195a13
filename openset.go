package woosync

import "hash/maphash"

// maxOpen bounds an openSet.
const maxOpen = 100_000

// An openSet knows which records of a run are failed or uncertain as yet, by 8
// bytes each. Of more than it has room for it believes that they stay so, and
// counts them whenever they are noted.
type openSet struct {
	seed   maphash.Seed
	hashes map[uint64]struct{}
}

func newOpenSet() openSet {
	return openSet{seed: maphash.MakeSeed(), hashes: make(map[uint64]struct{})}
}

// note takes in how a record stands now and returns by how many more are open.
func (s *openSet) note(stream, id string, open bool) int {
	var hash maphash.Hash
	hash.SetSeed(s.seed)
	for _, part := range []string{stream, "\x00", id} {
		_, _ = hash.WriteString(part)
	}
	sum := hash.Sum64()
	_, known := s.hashes[sum]
	switch {
	case open == known:
		return 0
	case !open:
		delete(s.hashes, sum)
		return -1
	case len(s.hashes) < maxOpen:
		s.hashes[sum] = struct{}{}
	}
	return 1
}
