package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

const rotationsMax = 1000

type proof struct {
	Proof, Stream, Link, Row, Checkpoint, Older string
	Seq, TS                                     uint64
	Path, Keys, Rotations                       []string
}

// checkProof checks a proof file; nil keys trusts those that it brings along.
func checkProof(text []byte, keys []*key) (string, error) {
	var p proof
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&p); err != nil {
		return "", err
	}
	if keys == nil {
		for _, line := range p.Keys {
			k, err := parseKey(line)
			if err != nil {
				return "", err
			}
			keys = append(keys, k)
		}
	}
	if len(p.Rotations) > rotationsMax {
		return "", errors.New("too many changes of keys")
	}
	for _, text := range p.Rotations {
		from, to, err := checkRotation([]byte(text))
		if err != nil {
			return "", fmt.Errorf("a change of keys: %v", err)
		}
		if holds(keys, from[0]) && holds(keys, from[1]) {
			keys = append(keys, to...)
		}
	}
	signed, err := openNote(p.Checkpoint, keys)
	if err != nil {
		return "", fmt.Errorf("the checkpoint: %v", err)
	}
	path := make([]hash, len(p.Path))
	for i, text := range p.Path {
		bytes, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(bytes) != len(path[i]) {
			return "", errors.New("a path that is not made of hashes")
		}
		copy(path[i][:], bytes)
	}
	if signed.stream != p.Stream {
		return "", errors.New("the checkpoint is one of another stream")
	}
	switch p.Proof {
	case "gatehouse.inclusion/1":
		link, err := hex.DecodeString(p.Link)
		if _, bad := scan([]byte(p.Row)); err != nil || len(link) != 32 || bad != nil || p.Seq >= signed.rows {
			return "", errors.New("a row that cannot be")
		}
		var h hash
		copy(h[:], link)
		root, ok := included(p.Seq, signed.rows, leaf(p.Seq, p.TS, h, sha256.Sum256([]byte(p.Row))), path)
		if !ok || root != signed.root {
			return "", errors.New("the path does not lead from the row to the checkpoint")
		}
		return fmt.Sprintf("row %d of %s is in the record as signed at %s", p.Seq, p.Stream, signed.at), nil
	case "gatehouse.consistency/1":
		older, err := openNote(p.Older, keys)
		if err != nil || older.stream != signed.stream || older.rows < 1 || older.rows > signed.rows {
			return "", errors.New("an earlier checkpoint that cannot be")
		}
		small, large, ok := extended(older.rows, signed.rows, older.root, true, path)
		if !ok || small != older.root || large != signed.root {
			return "", errors.New("the path does not lead from one checkpoint to the other")
		}
		return fmt.Sprintf("the %d rows of %s begin with the %d rows signed at %s",
			signed.rows, p.Stream, older.rows, older.at), nil
	}
	return "", errors.New("it is no proof of a kind known here")
}
