package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A fleet log says where all streams of a directory stand; its checkpoints' lines behind the root are its leaves.

var fleetForm = regexp.MustCompile(`\Agatehouse\.audit/(fleet/[A-Za-z0-9._-]+)\n([1-9][0-9]{0,8})\n([A-Za-z0-9+/]{43}=)\n` +
	`((?s:time [^\n]+Z\n.*))\z`)

var tipForm = regexp.MustCompile(`\Atip ([A-Za-z0-9._-]+) ([1-9][0-9]{0,17}) ([0-9a-f]{64})\z`)

type fleetTip struct {
	log, stream string
	number      int
	rows        uint64
	link        hash
}

type fleetCheckpoint struct {
	log       string
	number    int
	statement string
	rotation  string
	tips      []fleetTip
	signed    checkpoint
}

// fleets is what all fleet logs of a witness say.
type fleets struct {
	tips  map[string][]fleetTip
	roots map[string][]hash
	times *stamps
}

func readFleetNote(note string) (*fleetCheckpoint, error) {
	split := strings.Index(note, "\n\n")
	if split < 0 || !strings.HasSuffix(note, "\n") {
		return nil, errors.New("no signature")
	}
	text := note[:split+1]
	parts := fleetForm.FindStringSubmatch(text)
	if parts == nil {
		return nil, errors.New("its text is not in the usual form")
	}
	f := &fleetCheckpoint{log: parts[1], statement: parts[4]}
	f.number, _ = strconv.Atoi(parts[2])
	f.signed = checkpoint{stream: parts[1], text: text, rows: uint64(f.number),
		signatures: strings.Split(note[split+2:len(note)-1], "\n")}
	root, err := base64.StdEncoding.Strict().DecodeString(parts[3])
	if err != nil {
		return nil, errors.New("a root that is not base64")
	}
	copy(f.signed.root[:], root)
	lines := strings.Split(strings.TrimSuffix(f.statement, "\n"), "\n")
	if f.signed.at, err = time.Parse(time.RFC3339Nano, strings.TrimPrefix(lines[0], "time ")); err != nil {
		return nil, errors.New("a time that cannot be read")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "keys ") {
		f.rotation, lines = strings.TrimPrefix(lines[0], "keys "), lines[1:]
	}
	for _, line := range lines {
		tip := tipForm.FindStringSubmatch(line)
		if tip == nil || !streamForm.MatchString(tip[1]) {
			return nil, errors.New("a line 'tip STREAM ROWS LINK' was due")
		}
		t := fleetTip{log: f.log, stream: tip[1], number: f.number}
		t.rows, _ = strconv.ParseUint(tip[2], 10, 64)
		link, _ := hex.DecodeString(tip[3])
		copy(t.link[:], link)
		if n := len(f.tips); n > 0 && f.tips[n-1].stream >= t.stream {
			return nil, errors.New("its tips are not in the order of their streams")
		}
		f.tips = append(f.tips, t)
	}
	return f, nil
}

// openFleets checks every fleet log of a witness from its first checkpoint to its last.
func openFleets(w *witness, trusted []*key, times *stamps) (*fleets, error) {
	all := &fleets{map[string][]fleetTip{}, map[string][]hash{}, times}
	entries, _ := os.ReadDir(filepath.Join(w.dir, "fleet"))
	for _, entry := range entries {
		if entry.IsDir() {
			if err := all.read(w, "fleet/"+entry.Name(), trusted); err != nil {
				return nil, err
			}
		}
	}
	for _, tips := range all.tips {
		sort.SliceStable(tips, func(i, j int) bool { return tips[i].rows < tips[j].rows })
	}
	return all, nil
}

func (all *fleets) read(w *witness, log string, trusted []*key) error {
	var t tree
	var at time.Time
	var lastRotation string
	inForce, first := trusted, true
	said := map[string]uint64{}
	for number, last := 1, w.last(log); number <= last; number++ {
		bad := func(what string) error { return &broken{log, uint64(number), what} }
		note, err := w.text(fmt.Sprintf("%s/%08d.note", log, number))
		if err != nil {
			return bad("the checkpoint is missing")
		}
		f, err := readFleetNote(note)
		if err != nil {
			return bad(err.Error())
		}
		if f.number != number || f.log != log {
			return bad("another checkpoint under this name")
		}
		if f.rotation != "" && f.rotation != lastRotation {
			from, to, err := checkRotation([]byte(f.rotation))
			if err != nil {
				return bad("a change of keys that does not hold: " + err.Error())
			}
			for _, k := range from {
				if !holds(inForce, k) {
					return bad("a change of other keys than those in force")
				}
			}
			inForce, first, lastRotation = to, false, f.rotation
		}
		pair, err := f.signed.signedBy(inForce)
		if err != nil {
			return bad(err.Error())
		}
		if first {
			inForce, first = pair, false
		}
		if f.signed.at.Before(at) {
			return bad("its time lies before the one before it")
		}
		at = f.signed.at
		t.add(sha256.Sum256(append([]byte{0}, f.statement...)))
		if t.root() != f.signed.root {
			return bad("it does not continue the checkpoints before it")
		}
		all.roots[log] = append(all.roots[log], f.signed.root)
		for _, tip := range f.tips {
			if before, known := said[tip.stream]; known && before >= tip.rows {
				return bad(fmt.Sprintf("%s has %d rows here, and had %d before", tip.stream, tip.rows, before))
			}
			said[tip.stream] = tip.rows
			all.tips[tip.stream] = append(all.tips[tip.stream], tip)
		}
		if err := all.times.takeFile(w, log, number, note, f.signed.at); err != nil {
			return bad(err.Error())
		}
	}
	return nil
}

func (all *fleets) streams() (names []string) {
	for name := range all.tips {
		names = append(names, name)
	}
	sort.Strings(names)
	return
}

// meetFleets holds the rows so far against what the fleet logs say of the stream.
func (c *checker) meetFleets() error {
	for len(c.fleetDue) > 0 && c.fleetDue[0].rows <= c.next {
		due := c.fleetDue[0]
		c.fleetDue = c.fleetDue[1:]
		if due.link != c.link {
			return c.here(fmt.Sprintf("checkpoint %d of %s was signed over another row than lies here", due.number, due.log))
		}
	}
	return nil
}

// fleetRecorded holds a checkpoint's row against the fleet log that its writer keeps.
func (c *checker) fleetRecorded(found map[string]interface{}) error {
	if _, there := found["fleet_number"]; !there || c.witness == nil {
		return nil
	}
	log := "fleet/" + c.lineage
	roots := c.fleets.roots[log]
	number, err := strconv.Atoi(fmt.Sprint(found["fleet_number"]))
	if err != nil || number < 1 || number > len(roots) ||
		hex.EncodeToString(roots[number-1][:]) != fmt.Sprint(found["fleet_root"]) {
		return c.here(fmt.Sprintf("it speaks of checkpoint %v of %s, which the witness does not have", found["fleet_number"], log))
	}
	return nil
}
