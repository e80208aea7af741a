package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
)

const (
	lineBytesMax = 4<<20 + 1024
	openCallsMax = 1000000
	header       = `{"format":1,"kind":"export"}`
	rowBegin     = `{"kind":"row","link":"`
)

var streamForm = regexp.MustCompile(`\A([A-Za-z0-9][A-Za-z0-9._-]{0,63})-([1-9][0-9]{0,17})-([a-z0-9_]{1,32})\z`)

// broken says which row is the first that does not hold, and why.
type broken struct {
	stream string
	seq    uint64
	what   string
}

func (b *broken) Error() string { return fmt.Sprintf("%s/%d: %s", b.stream, b.seq, b.what) }

// tip is where a stream ends.
type tip struct {
	stream string
	epoch  uint64
	sealed bool
	rows   uint64
	link   hash
	ts     uint64
}

type checker struct {
	keys     []*key // trusted; nil trusts those that the export brings along
	witness  *witness
	stamps   stamps
	progress func(rows uint64)

	brought     []*key
	seen        []string
	lineages    map[string]bool
	from        tip
	lineage     string
	open        map[string]uint64 // call to its place in order
	opened      map[uint64]*broken
	nextOpen    uint64
	streams     int
	rows        uint64
	checkpoints int
	openCalls   int
	ended       bool

	// of the lineage: the pair of keys that may sign, nil before its first checkpoint
	inForce      []*key
	lastRotation string

	// the stream at hand
	stream  string
	epoch   uint64
	next    uint64
	ts      uint64
	link    hash
	tree    tree
	sealed  bool
	carried int // open calls that its seal says go on
	signed  map[string]*checkpoint
	kept    int
	keptDue *checkpoint
	keptMax int

	fleets   *fleets
	fleetDue []fleetTip

	expiries expiries
	bodies   bodies

	// the commitments of the row right before the line at hand
	committed map[string]interface{}
}

func (c *checker) due(what string) error {
	if c.stream == "" {
		return &broken{"export", 0, what}
	}
	return &broken{c.stream, c.next, what}
}

func (c *checker) here(what string) error {
	if c.next == 0 {
		return &broken{c.stream, 0, what}
	}
	return &broken{c.stream, c.next - 1, what}
}

func (c *checker) trusted() []*key {
	if c.keys == nil {
		return c.brought
	}
	return c.keys
}

// signers are the keys that may sign here: the pair in force, or before there is one any that is trusted.
func (c *checker) signers() []*key {
	if c.inForce != nil {
		return c.inForce
	}
	return c.trusted()
}

// rotated takes a row that records a change of keys, signed by those in force and those that follow.
func (c *checker) rotated(seq uint64, text []byte) error {
	place := uint64(1)
	if !c.from.sealed {
		place = 2
	}
	if seq == place && string(text) == c.lastRotation {
		return nil // who said it was interrupted, and the next start says it again
	}
	from, to, err := checkRotation(text)
	if err != nil {
		return c.here("a change of keys that does not hold: " + err.Error())
	}
	before := c.signers()
	for _, k := range from {
		if !holds(before, k) {
			return c.here("a change of other keys than those in force")
		}
	}
	c.inForce, c.lastRotation = to, string(text)
	return nil
}

func holds(keys []*key, k *key) bool {
	for _, other := range keys {
		if other.text == k.text {
			return true
		}
	}
	return false
}

// run checks an export; the error is a *broken, or that of a file.
func (c *checker) run(in io.Reader) error {
	c.lineages = map[string]bool{}
	c.resetCalls()
	c.bodies = newBodies()
	c.expiries = expiries{nil, map[string]bool{}, map[string]seal{}}
	if c.witness != nil {
		var err error
		if c.fleets, err = openFleets(c.witness, c.keys, &c.stamps); err != nil {
			return err
		}
	}
	lines := bufio.NewReaderSize(in, 1<<20)
	if magic, _ := lines.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		plain, err := gzip.NewReader(lines)
		if err != nil {
			return c.due("the compressed data is damaged")
		}
		lines = bufio.NewReaderSize(plain, 1<<20)
	}
	var long []byte
	for first := true; ; first = false {
		line, err := lines.ReadSlice('\n')
		for long = long[:0]; err == bufio.ErrBufferFull && len(long) <= lineBytesMax; {
			long = append(long, line...)
			line, err = lines.ReadSlice('\n')
		}
		if len(long) > 0 {
			long = append(long, line...)
			line = long
		}
		switch {
		case len(line) > lineBytesMax:
			return c.due("a line that is too long")
		case err == io.EOF && len(line) == 0 && c.ended:
			if err := c.requireWitnessed(); err != nil {
				return err
			}
			return c.bodiesEnd()
		case err == io.EOF:
			return c.due("the export ends too early")
		case err != nil:
			return c.due("the export cannot be read: " + err.Error())
		}
		line = line[:len(line)-1]
		if first {
			if string(line) != header {
				return c.due("this is no export of format 1")
			}
			continue
		}
		if err := c.line(line); err != nil {
			return err
		}
	}
}

func (c *checker) line(line []byte) error {
	if c.ended {
		return c.due("a line behind the end")
	}
	if bytes.HasPrefix(line, []byte(rowBegin)) {
		return c.row(line)
	}
	committed := c.committed
	c.committed = nil
	if _, err := scan(line); err != nil {
		return c.due("the line is not one that an export has here")
	}
	var members map[string]interface{}
	if err := json.Unmarshal(line, &members); err != nil {
		return c.due("the line is not one that an export has here")
	}
	text := func(name string) string { s, _ := members[name].(string); return s }
	if !behindRow(text("kind")) {
		if err := c.bodyGiven(); err != nil {
			return err
		}
	}
	switch text("kind") {
	case "bodies":
		if c.stream != "" || len(c.seen) > 0 || len(members) != 1 || c.bodies.said {
			return c.due("the line is not one that an export has here")
		}
		c.bodies.said = true
		return nil
	case "body", "body_erased", "body_gone":
		seq, isNumber := members["seq"].(float64)
		if !c.bodies.due || !isNumber || uint64(seq) != c.next-1 {
			return c.due("a body stands right behind its row, when the row keeps it")
		}
		return c.body(text("kind"), members)
	case "key":
		k, err := parseKey(text("key"))
		if err != nil || c.stream != "" || len(members) != 2 {
			return c.due("a key that cannot be read, or in a wrong place")
		}
		for _, other := range c.brought {
			if other.text == k.text {
				return c.due("a key twice")
			}
		}
		c.brought = append(c.brought, k)
		return nil
	case "stream":
		if len(members) != 2 {
			return c.due("a stream's name that cannot be")
		}
		return c.begin(text("name"))
	case "checkpoint":
		if c.stream == "" || len(members) != 2 {
			return c.due("a checkpoint before its stream")
		}
		return c.checkpoint(text("note"))
	case "expired":
		if c.stream == "" || len(members) != 2 {
			return c.due("the line is not one that an export has here")
		}
		return c.expired(string(line))
	case "stamp":
		if c.stream == "" || len(members) != 3 {
			return c.due("a time-stamp before its stream")
		}
		return c.stamped(text("note"), text("response"))
	case "disclosed", "erased":
		seq, isNumber := members["seq"].(float64)
		if c.stream == "" || c.next == 0 || !isNumber || uint64(seq) != c.next-1 {
			return c.due("disclosures stand right behind their row")
		}
		return c.disclosed(committed, members)
	case "end":
		if err := c.finishStream(); err != nil {
			return err
		}
		if err := c.finishLineage(); err != nil {
			return err
		}
		due := fmt.Sprintf(`{"checkpoints":%d,"kind":"end","rows":%d,"streams":%d}`, c.checkpoints, c.rows, c.streams)
		if string(line) != due {
			return c.due("the end speaks of another number of streams, rows or checkpoints")
		}
		c.ended = true
		return nil
	}
	return c.due("the line is not one that an export has here")
}

func (c *checker) resetCalls() {
	c.open, c.opened, c.nextOpen = map[string]uint64{}, map[uint64]*broken{}, 0
}

func (c *checker) begin(name string) error {
	parts := streamForm.FindStringSubmatch(name)
	if parts == nil {
		return c.due("a stream's name that cannot be")
	}
	if err := c.finishStream(); err != nil {
		return err
	}
	lineage := parts[1] + "-" + parts[3]
	if lineage != c.lineage {
		if err := c.finishLineage(); err != nil {
			return err
		}
		if c.lineages[lineage] {
			return &broken{name, 0, "the stream stands apart from the others of its node and class"}
		}
	}
	epoch, _ := strconv.ParseUint(parts[2], 10, 64)
	if epoch != c.from.epoch+1 {
		return &broken{name, 0, fmt.Sprintf("epoch %d was due", c.from.epoch+1)}
	}
	c.lineages[lineage], c.lineage = true, lineage
	c.seen = append(c.seen, name)
	c.stream, c.epoch, c.next, c.ts = name, epoch, 0, 0
	c.link, c.tree, c.sealed = genesis(c.from.link, name), tree{}, false
	c.signed, c.kept, c.keptDue, c.keptMax = map[string]*checkpoint{}, 0, nil, 0
	if c.witness != nil {
		c.keptMax = c.witness.last(name)
		c.fleetDue = c.fleets.tips[name]
	}
	return nil
}

func (c *checker) finishStream() error {
	if c.stream == "" {
		return nil
	}
	if c.next == 0 {
		return c.due("the stream has no row")
	}
	if err := c.meetKept(); err != nil {
		return err
	}
	if c.keptDue != nil {
		if err := c.signedInForce(c.keptDue); err != nil {
			return c.here(fmt.Sprintf("checkpoint %d as kept: %v", c.kept, err))
		}
		return c.due(fmt.Sprintf("checkpoint %d covers %d rows, and only %d are here: rows were removed",
			c.kept, c.keptDue.rows, c.next))
	}
	if len(c.fleetDue) > 0 {
		due := c.fleetDue[0]
		return c.due(fmt.Sprintf("checkpoint %d of %s covers %d rows, and only %d are here: rows were removed",
			due.number, due.log, due.rows, c.next))
	}
	if c.sealed && len(c.open) > c.carried {
		first := uint64(math.MaxUint64)
		for _, place := range c.open {
			if place < first {
				first = place
			}
		}
		return c.opened[first]
	}
	if len(c.open) < c.carried {
		return c.here(fmt.Sprintf("it carries on %d calls, and fewer are open", c.carried))
	}
	c.carried = 0
	c.streams++
	c.checkpoints += len(c.signed)
	c.from = tip{c.stream, c.epoch, c.sealed, c.next, c.link, c.ts}
	return nil
}

func (c *checker) finishLineage() error {
	if err := c.allSaid(); err != nil {
		return err
	}
	c.openCalls += len(c.open)
	c.resetCalls()
	c.inForce, c.lastRotation = nil, ""
	c.from = tip{sealed: true}
	return nil
}

func (c *checker) row(line []byte) error {
	if c.stream == "" {
		return c.due("a row before its stream")
	}
	if err := c.bodyGiven(); err != nil {
		return err
	}
	link, payload, text, seq, ts, err := parseRow(line)
	if err != nil {
		return c.due(err.Error())
	}
	if seq != c.next {
		return c.due(fmt.Sprintf("row %d stands where row %d was due", seq, c.next))
	}
	if ts < c.ts {
		return c.due("its time lies before the time of the row before it")
	}
	if sha256.Sum256(text) != payload {
		return c.due("the row's text does not match its payload hash")
	}
	if linked(c.link, seq, ts, payload) != link {
		return c.due("its link does not follow from the row before it")
	}
	members, err := scan(text)
	if err != nil {
		return c.due(err.Error())
	}
	if seq == 0 && ts < c.from.ts {
		return c.due("its time lies before the end of the stream before")
	}
	if c.sealed {
		return c.due("a row behind the seal")
	}
	c.link, c.ts = link, ts
	c.next++
	c.rows++
	c.tree.add(leaf(seq, ts, link, payload))
	c.committed = nil
	if err := c.ownRow(members, seq, text); err != nil {
		return err
	}
	if err := c.pair(members); err != nil {
		return err
	}
	c.bodyRow(members, text)
	if members.commits {
		c.committed, _ = decoded(text)["committed"].(map[string]interface{})
	}
	if c.progress != nil && c.rows%(1<<16) == 0 {
		c.progress(c.rows)
	}
	if err := c.meetKept(); err != nil {
		return err
	}
	return c.meetFleets()
}

func (c *checker) checkpoint(note string) error {
	number := len(c.signed) + 1
	signed, err := readNote(note)
	if err == nil {
		err = c.signedInForce(signed)
	}
	if err != nil {
		return c.here(fmt.Sprintf("checkpoint %d: %v", number, err))
	}
	if signed.number != number || signed.stream != c.stream {
		return c.here(fmt.Sprintf("another checkpoint than number %d is here", number))
	}
	if !c.met(signed) {
		return c.here(fmt.Sprintf("checkpoint %d was signed over other rows than lie here", number))
	}
	c.signed[strconv.Itoa(number)] = signed
	return nil
}

// signedInForce checks that the keys in force signed a checkpoint; the first one of a lineage says which these are.
func (c *checker) signedInForce(signed *checkpoint) error {
	pair, err := signed.signedBy(c.signers())
	if err == nil {
		c.inForce = pair
	}
	return err
}

func (c *checker) met(signed *checkpoint) bool {
	return signed.rows == c.next && signed.link == c.link && signed.root == c.tree.root()
}

// meetKept holds the rows so far against the witness's checkpoints, all of them.
func (c *checker) meetKept() error {
	for {
		if c.keptDue == nil {
			if c.kept == c.keptMax {
				return nil
			}
			c.kept++
			kept, err := c.witness.read(c.stream, c.kept)
			if err != nil {
				return c.here(fmt.Sprintf("checkpoint %d as kept: %v", c.kept, err))
			}
			c.keptDue = kept
		}
		if c.keptDue.rows > c.next {
			return nil
		}
		// Only now, since rows in front of it may say that the keys changed.
		if err := c.signedInForce(c.keptDue); err != nil {
			return c.here(fmt.Sprintf("checkpoint %d as kept: %v", c.kept, err))
		}
		if !c.met(c.keptDue) {
			return c.here(fmt.Sprintf("checkpoint %d as kept was signed over other rows than lie here", c.kept))
		}
		c.keptDue = nil
	}
}

func (c *checker) requireWitnessed() error {
	if c.witness == nil {
		return nil
	}
	for _, name := range append(c.witness.streams(), c.fleets.streams()...) {
		found := false
		for _, seen := range c.seen {
			found = found || seen == name
		}
		if !found {
			return &broken{name, 0, "the witness knows this stream, and it is not here"}
		}
	}
	return nil
}
