package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
)

// ownRow checks what the log says about itself.
func (c *checker) ownRow(members row, seq uint64, text []byte) error {
	event := ""
	if members.kind == "event" {
		event = members.event
	}
	if (seq == 0) != (event == "audit.opened") {
		return c.here("an opening row is the first of a stream, and only that")
	}
	if (seq == 1 && !c.from.sealed) != (event == "audit.recovered") {
		return c.here("a recovery is recorded where none is due, or not where it is")
	}
	switch event {
	case "audit.opened":
		return c.require(text, map[string]string{
			"stream": c.stream, "previous_stream": c.from.stream, "previous_sealed": strconv.FormatBool(c.from.sealed),
			"previous_rows": fmt.Sprint(c.from.rows), "previous_link": hex.EncodeToString(c.from.link[:])})
	case "audit.recovered":
		return c.require(text, map[string]string{
			"stream": c.from.stream, "rows": fmt.Sprint(c.from.rows), "link": hex.EncodeToString(c.from.link[:])})
	case "audit.checkpoint":
		return c.recorded(text)
	case "audit.stream_sealed", "audit.expired":
		return c.expiryRow(event, c.ts, text)
	case "audit.key_rotated":
		return c.rotated(seq, text)
	case "audit.sealed":
		c.sealed, c.carried = true, 0
		if n, err := strconv.Atoi(fmt.Sprint(decoded(text)["carried_calls"])); err == nil {
			c.carried = n
		}
	}
	return nil
}

func decoded(text []byte) map[string]interface{} {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var members map[string]interface{}
	if decoder.Decode(&members) != nil {
		return nil
	}
	return members
}

func (c *checker) require(text []byte, due map[string]string) error {
	found := decoded(text)
	for name, value := range due {
		if fmt.Sprint(found[name]) != value {
			return c.here(fmt.Sprintf("its %s is '%v', and '%s' is what there is", name, found[name], value))
		}
	}
	return nil
}

func (c *checker) recorded(text []byte) error {
	found := decoded(text)
	number := fmt.Sprint(found["number"])
	if known := c.signed[number]; known == nil || fmt.Sprint(known.rows) != fmt.Sprint(found["rows"]) ||
		hex.EncodeToString(known.root[:]) != fmt.Sprint(found["root"]) {
		return c.here("it speaks of a checkpoint that is not here")
	}
	if c.witness == nil {
		return nil
	}
	n, _ := strconv.Atoi(number)
	kept, err := c.witness.read(c.stream, n)
	if err == nil {
		err = c.signedInForce(kept)
	}
	if err != nil || kept.rows != c.signed[number].rows || kept.root != c.signed[number].root {
		return c.here("it speaks of a checkpoint that differs from the one kept")
	}
	return c.fleetRecorded(found)
}

// pair matches each allowed intent with its outcome.
func (c *checker) pair(members row) error {
	switch {
	case members.kind == "intent" && members.verdict == "allow" && members.callID != "":
		if len(c.open) >= openCallsMax {
			return c.here("too many calls without an outcome")
		}
		if _, twice := c.open[members.callID]; twice {
			return c.here("call " + members.callID + " is allowed twice")
		}
		c.open[members.callID] = c.nextOpen
		c.opened[c.nextOpen] = &broken{c.stream, c.next - 1, "its call was allowed and has no outcome"}
		c.nextOpen++
	case members.kind == "outcome" && members.callID != "":
		place, known := c.open[members.callID]
		if !known {
			return c.here("an outcome of call " + members.callID + ", which is not open")
		}
		delete(c.open, members.callID)
		delete(c.opened, place)
	case members.kind == "event" && members.event == "audit.carried":
		if _, known := c.open[members.callID]; !known {
			return c.here("it carries on call " + members.callID + ", which is not open")
		}
	}
	return nil
}
