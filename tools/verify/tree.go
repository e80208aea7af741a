package main

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

type hash = [32]byte

func node(left, right hash) hash {
	var input [65]byte
	input[0] = 1
	copy(input[1:], left[:])
	copy(input[33:], right[:])
	return sha256.Sum256(input[:])
}

func leaf(seq, ts uint64, link, payload hash) hash {
	var input [81]byte
	binary.BigEndian.PutUint64(input[1:], seq)
	binary.BigEndian.PutUint64(input[9:], ts)
	copy(input[17:], link[:])
	copy(input[49:], payload[:])
	return sha256.Sum256(input[:])
}

func linked(previous hash, seq, ts uint64, payload hash) hash {
	var input [81]byte
	input[0] = 2
	copy(input[1:], previous[:])
	binary.BigEndian.PutUint64(input[33:], seq)
	binary.BigEndian.PutUint64(input[41:], ts)
	copy(input[49:], payload[:])
	return sha256.Sum256(input[:])
}

func genesis(previous hash, stream string) hash {
	return sha256.Sum256(append(append([]byte{3}, previous[:]...), stream...))
}

// tree is an RFC 6962 tree, kept as the roots of its complete subtrees.
type tree struct {
	size  uint64
	roots []hash
}

func (t *tree) add(h hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		h = node(t.roots[len(t.roots)-1], h)
		t.roots = t.roots[:len(t.roots)-1]
	}
	t.roots = append(t.roots, h)
	t.size++
}

func (t *tree) root() hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	h := t.roots[len(t.roots)-1]
	for i := len(t.roots) - 2; i >= 0; i-- {
		h = node(t.roots[i], h)
	}
	return h
}

// included follows RFC 6962 section 2.1.1 from the top: returns the root to which the path leads.
func included(index, size uint64, h hash, path []hash) (root hash, ok bool) {
	if size == 1 {
		return h, len(path) == 0
	}
	if len(path) == 0 {
		return h, false
	}
	last := len(path) - 1
	half := uint64(1) << (bits.Len64(size-1) - 1)
	if index < half {
		root, ok = included(index, half, h, path[:last])
		return node(root, path[last]), ok
	}
	root, ok = included(index-half, size-half, h, path[:last])
	return node(path[last], root), ok
}

// extended follows section 2.1.2 from the top: returns the two roots to which the path leads.
func extended(older, size uint64, olderRoot hash, whole bool, path []hash) (small, large hash, ok bool) {
	if older == size {
		if whole {
			return olderRoot, olderRoot, len(path) == 0
		}
		if len(path) != 1 {
			return small, large, false
		}
		return path[0], path[0], true
	}
	if len(path) == 0 {
		return small, large, false
	}
	last := len(path) - 1
	half := uint64(1) << (bits.Len64(size-1) - 1)
	if older <= half {
		small, large, ok = extended(older, half, olderRoot, whole, path[:last])
		return small, node(large, path[last]), ok
	}
	small, large, ok = extended(older-half, size-half, olderRoot, false, path[:last])
	return node(path[last], small), node(path[last], large), ok
}
