package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

const expiredBegin = `{"kind":"expired","row":`

// expiredRow is what stays of a stream whose rows are gone.
type expiredRow struct {
	Type, Event, Stream, Link, By string
	V                             int
	Rows, Ts                      uint64
	Sealed                        bool
	OpenCalls                     []string `json:"open_calls"`
	Rotations, Carried            []string
}

type gone struct {
	stream, digest string
	carried        []string
}

type seal struct{ until, hold string }

// expiries says which streams of a lineage are gone, and which of them rows say are.
type expiries struct {
	gone  []gone
	said  map[string]bool
	seals map[string]seal
}

func digestOf(row string) string {
	sum := sha256.Sum256([]byte(row))
	return hex.EncodeToString(sum[:])
}

// expired takes what stays of a stream in the place of its rows.
func (c *checker) expired(line string) error {
	bad := func(what string) error { return &broken{c.stream, 0, what} }
	if c.next > 0 {
		return c.due("the line is not one that an export has here")
	}
	text := strings.TrimSuffix(strings.TrimPrefix(line, expiredBegin), "}")
	var row expiredRow
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&row); err != nil || len(decoded([]byte(text))) != 12 ||
		row.V != 1 || row.Type != "event" || row.Event != "audit.expired" || row.Stream != c.stream ||
		row.Rows == 0 || len(row.Link) != 64 || row.Link != strings.ToLower(row.Link) {
		return bad("what is said of its end is not in the usual form")
	}
	link, err := hex.DecodeString(row.Link)
	if err != nil {
		return bad("what is said of its end is not in the usual form")
	}
	for _, rotation := range row.Rotations {
		if rotation == c.lastRotation {
			continue
		}
		from, to, err := checkRotation([]byte(rotation))
		if err != nil {
			return bad("a change of keys that does not hold: " + err.Error())
		}
		for _, k := range from {
			if !holds(c.signers(), k) {
				return bad("a change of other keys than those in force")
			}
		}
		c.inForce, c.lastRotation = to, rotation
	}
	meets := func(rows uint64, tip string) bool { return rows < row.Rows || rows == row.Rows && tip == row.Link }
	if c.witness != nil {
		if last := c.witness.last(c.stream); last > 0 {
			kept, err := c.witness.read(c.stream, last)
			if err == nil {
				err = c.signedInForce(kept)
			}
			if err != nil || !meets(kept.rows, hex.EncodeToString(kept.link[:])) {
				return bad(fmt.Sprintf("checkpoint %d as kept does not meet what is said of its end", last))
			}
		}
		for _, each := range c.fleetDue {
			if !meets(each.rows, hex.EncodeToString(each.link[:])) {
				return bad(fmt.Sprintf("checkpoint %d of %s does not meet what is said of its end", each.number, each.log))
			}
		}
		c.fleetDue = nil
	}
	c.bodies.expired = true
	c.resetCalls() // those from before it are not open: it recorded their outcomes when it recovered
	for _, call := range row.OpenCalls {
		c.open[call] = c.nextOpen
		c.opened[c.nextOpen] = &broken{c.stream, 0, "its call was allowed and has no outcome"}
		c.nextOpen++
	}
	c.expiries.gone = append(c.expiries.gone, gone{c.stream, digestOf(text), row.Carried})
	c.from = tip{c.stream, c.epoch, row.Sealed, row.Rows, hash{}, row.Ts}
	copy(c.from.link[:], link)
	c.stream = ""
	return nil
}

// expiryRow takes a row about a seal, or about the end of a stream's time.
func (c *checker) expiryRow(event string, ts uint64, text []byte) error {
	found := decoded(text)
	of := func(name string) string { value, _ := found[name].(string); return value }
	if event == "audit.stream_sealed" {
		c.expiries.seals[of("stream")] = seal{of("until"), of("hold")}
		return nil
	}
	if s, sealed := c.expiries.seals[of("stream")]; sealed {
		day, err := time.Parse(time.DateOnly, s.until)
		if err != nil || s.hold != "" || time.UnixMicro(int64(ts)).Before(day) {
			return c.here("it says that " + of("stream") + " expired, against its seal")
		}
	}
	c.expiries.said[digestOf(string(text))] = true
	return nil
}

// allSaid checks that rows, there or gone, say of each stream that is gone that it is.
func (c *checker) allSaid() error {
	for i := len(c.expiries.gone) - 1; i >= 0; i-- {
		each := c.expiries.gone[i]
		if !c.expiries.said[each.digest] {
			return &broken{each.stream, 0, "its rows are gone, and no row says that they expired"}
		}
		for _, carried := range each.carried {
			c.expiries.said[carried] = true
		}
	}
	c.expiries = expiries{nil, map[string]bool{}, map[string]seal{}}
	return nil
}
