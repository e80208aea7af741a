package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
)

const noBody = "its body is not here, and no row says that it was "

// goneBodies are the rows of a stream without their bodies: those up to the first one that has it, then the next one.
type goneBodies struct {
	first, last, hole *broken
	present           bool
}

// bodies holds what rows say was kept against what the export brings along, and what it lacks against the rows that say why. Those come
// later, so the end settles it.
type bodies struct {
	said    bool
	due     bool
	digest  string // of the body that is due
	streams []string
	gone    map[string]*goneBodies
	letGo   map[string]uint64
	keys    []string
	erased  map[string]*broken
	orders  map[string]bool
	expired bool
}

func newBodies() bodies {
	return bodies{gone: map[string]*goneBodies{}, letGo: map[string]uint64{}, erased: map[string]*broken{}, orders: map[string]bool{}}
}

// behindRow says which lines stand behind a row before anything else does.
func behindRow(kind string) bool {
	switch kind {
	case "disclosed", "erased", "body", "body_erased", "body_gone":
		return true
	}
	return false
}

// bodyGiven refuses what stands where the body of the row before is due.
func (c *checker) bodyGiven() error {
	if c.bodies.due {
		return c.here("its body is due right behind it")
	}
	return nil
}

// bodyRow takes a row that holds.
func (c *checker) bodyRow(members row, text []byte) {
	if members.kind == "event" && (members.event == "audit.erased" || members.event == "audit.bodies_let_go") {
		found := decoded(text)
		of := func(name string) string { value, _ := found[name].(string); return value }
		if members.event == "audit.erased" {
			c.bodies.orders[of("key")] = true
		} else if below, isNumber := found["below"].(json.Number); isNumber {
			if number, err := strconv.ParseUint(below.String(), 10, 64); err == nil && number > c.bodies.letGo[of("stream")] {
				c.bodies.letGo[of("stream")] = number
			}
		}
	}
	c.bodies.due = c.bodies.said && members.keepsBody && (members.kind == "intent" || members.kind == "outcome")
	if c.bodies.due {
		member := "request_digest"
		if members.kind == "outcome" {
			member = "result_digest"
		}
		c.bodies.digest, _ = decoded(text)[member].(string)
	}
}

func (b *bodies) of(stream string) *goneBodies {
	if b.gone[stream] == nil {
		b.gone[stream] = &goneBodies{}
		b.streams = append(b.streams, stream)
	}
	return b.gone[stream]
}

// body takes a line about the body of the row before it.
func (c *checker) body(kind string, line map[string]interface{}) error {
	b := &c.bodies
	b.due = false
	at := b.of(c.stream)
	here := &broken{c.stream, c.next - 1, noBody}
	body, isBody := line["body"].(string)
	key, isKey := line["key"].(string)
	switch {
	case kind == "body_gone" && len(line) == 2:
		here.what += "let go"
		if at.present && at.hole == nil {
			at.hole = here
		} else if !at.present {
			if at.first == nil {
				at.first = here
			}
			at.last = here
		}
	case kind == "body" && len(line) == 3 && isBody:
		digest := sha256.Sum256([]byte(body))
		if hex.EncodeToString(digest[:]) != b.digest {
			return c.here("its body is not what its digest is of")
		}
		at.present = true
	case kind == "body_erased" && len(line) == 3 && isKey:
		here.what += "erased"
		at.present = true
		if b.erased[key] == nil {
			b.erased[key] = here
			b.keys = append(b.keys, key)
		}
	default:
		return c.here("the line is not one that an export has here")
	}
	return nil
}

// bodiesEnd refuses bodies that are not there for no reason that a row gives.
func (c *checker) bodiesEnd() error {
	b := &c.bodies
	for _, stream := range b.streams {
		at, below := b.gone[stream], b.letGo[stream]
		switch {
		case at.last != nil && at.last.seq >= below && at.first.seq >= below:
			return at.first
		case at.last != nil && at.last.seq >= below:
			return at.last
		case at.hole != nil && at.hole.seq >= below:
			return at.hole
		}
	}
	for _, key := range b.keys {
		if !b.orders[key] && !b.expired {
			return b.erased[key]
		}
	}
	return nil
}
