package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strconv"
)

var errLine = errors.New("the line is not one that an export has here")

// parseRow reads {"kind":"row","link":"…","payload_hash":"…","row":{…},"seq":…,"ts":…}.
func parseRow(line []byte) (link, payload hash, text []byte, seq, ts uint64, err error) {
	const middle, begin = `","payload_hash":"`, `","row":`
	at := len(rowBegin)
	rest := at + 64 + len(middle) + 64 + len(begin)
	if len(line) < rest || !unhex(link[:], line[at:]) || string(line[at+64:at+64+len(middle)]) != middle ||
		!unhex(payload[:], line[at+64+len(middle):]) || string(line[rest-len(begin):rest]) != begin {
		return link, payload, nil, 0, 0, errLine
	}
	line = line[rest:]
	var ok1, ok2, ok3 bool
	line, ok1 = cutEnd(line, "}")
	line, ts, ok2 = cutNumber(line, `,"ts":`)
	line, seq, ok3 = cutNumber(line, `,"seq":`)
	if !ok1 || !ok2 || !ok3 {
		return link, payload, nil, 0, 0, errLine
	}
	return link, payload, line, seq, ts, nil
}

func unhex(into, from []byte) bool {
	for _, c := range from[:2*len(into)] {
		if 'A' <= c && c <= 'F' {
			return false
		}
	}
	_, err := hex.Decode(into, from[:2*len(into)])
	return err == nil
}

func cutEnd(line []byte, end string) ([]byte, bool) {
	return line[:len(line)-min(len(end), len(line))], bytes.HasSuffix(line, []byte(end))
}

func cutNumber(line []byte, name string) ([]byte, uint64, bool) {
	at := len(line)
	for at > 0 && '0' <= line[at-1] && line[at-1] <= '9' {
		at--
	}
	digits := line[at:]
	if len(digits) == 0 || len(digits) > 16 || digits[0] == '0' && len(digits) > 1 {
		return line, 0, false
	}
	value, err := strconv.ParseUint(string(digits), 10, 64)
	rest, ok := cutEnd(line[:at], name)
	return rest, value, ok && err == nil
}
