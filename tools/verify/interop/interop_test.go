// Package interop holds what Gatehouse signs and proves against golang.org/x/mod, which knows nothing of it.
package interop

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Link, Row, Checkpoint, Older string
	Seq                          int64
	TS                           uint64
	Path                         []string
}

func read(t *testing.T, file string) (p proof) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(os.Getenv("LEFT"), pattern))
	if len(files) == 0 {
		t.Fatal("no " + pattern + " in $LEFT; run the Java tests first")
	}
	return files
}

// open opens a checkpoint by the one key that this library can read, the Ed25519 one.
func open(t *testing.T, text string) (size int64, root tlog.Hash) {
	t.Helper()
	keys, err := os.ReadFile(filepath.Join(os.Getenv("LEFT"), "keys.pub"))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(strings.Fields(string(keys))[0])
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 1 {
		t.Fatalf("%d signatures verified and %d not known", len(n.Sigs), len(n.UnverifiedSigs))
	}
	lines := strings.Split(n.Text, "\n")
	if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		t.Fatal(err)
	}
	if root, err = tlog.ParseHash(lines[2]); err != nil {
		t.Fatal(err)
	}
	return size, root
}

func path(t *testing.T, p proof) (path []tlog.Hash) {
	t.Helper()
	for _, text := range p.Path {
		h, err := tlog.ParseHash(text)
		if err != nil {
			t.Fatal(err)
		}
		path = append(path, h)
	}
	return path
}

func TestInclusionProofs(t *testing.T) {
	for _, file := range files(t, "inclusion-*.json") {
		p := read(t, file)
		size, root := open(t, p.Checkpoint)
		record := make([]byte, 16, 80)
		binary.BigEndian.PutUint64(record, uint64(p.Seq))
		binary.BigEndian.PutUint64(record[8:], p.TS)
		link, err := hex.DecodeString(p.Link)
		if err != nil {
			t.Fatal(err)
		}
		payload := sha256.Sum256([]byte(p.Row))
		record = append(append(record, link...), payload[:]...)
		if err := tlog.CheckRecord(path(t, p), size, root, p.Seq, tlog.RecordHash(record)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if tlog.CheckRecord(path(t, p), size, root, p.Seq, tlog.RecordHash(record[1:])) == nil {
			t.Errorf("%s: another record passes", file)
		}
	}
}

func TestConsistencyProofs(t *testing.T) {
	for _, file := range files(t, "consistency-*.json") {
		p := read(t, file)
		size, root := open(t, p.Checkpoint)
		olderSize, olderRoot := open(t, p.Older)
		if err := tlog.CheckTree(path(t, p), size, root, olderSize, olderRoot); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
