package main

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const depthMax = 128

var errNotCanonical = errors.New("it is not canonical JSON")

// row is what pairs rows with each other; the texts are as they stand, escapes included.
type row struct {
	kind, callID, verdict, event string
	commits                      bool // to values that do not stand in it
	keepsBody                    bool // what it has the digest of is kept beside it
}

type scanner struct {
	json []byte
	at   int
	row  row
}

// scan checks that the bytes are an object in RFC 8785 form whose numbers are integers of at most 2^53-1.
func scan(json []byte) (row, error) {
	s := &scanner{json: json}
	if len(json) == 0 || json[0] != '{' || !s.value(0) || s.at != len(json) {
		return row{}, errNotCanonical
	}
	return s.row, nil
}

func (s *scanner) peek() byte {
	if s.at < len(s.json) {
		return s.json[s.at]
	}
	return 0
}

func (s *scanner) eat(text string) bool {
	if !bytes.HasPrefix(s.json[s.at:], []byte(text)) {
		return false
	}
	s.at += len(text)
	return true
}

func (s *scanner) value(depth int) bool {
	if depth > depthMax {
		return false
	}
	switch s.peek() {
	case '{':
		return s.object(depth)
	case '[':
		return s.array(depth)
	case '"':
		return s.text()
	case 't':
		return s.eat("true")
	case 'f':
		return s.eat("false")
	case 'n':
		return s.eat("null")
	}
	return s.integer()
}

func (s *scanner) array(depth int) bool {
	s.at++
	if s.eat("]") {
		return true
	}
	for s.value(depth + 1) {
		if s.eat("]") {
			return true
		}
		if !s.eat(",") {
			return false
		}
	}
	return false
}

func (s *scanner) object(depth int) bool {
	s.at++
	if s.eat("}") {
		return true
	}
	var last []byte
	for first := true; ; first = false {
		from := s.at
		if s.peek() != '"' || !s.text() {
			return false
		}
		name := s.json[from+1 : s.at-1]
		if !first && !before(last, name) {
			return false
		}
		last = name
		if !s.eat(":") {
			return false
		}
		from = s.at
		if !s.value(depth + 1) {
			return false
		}
		if depth == 0 && s.json[from] == '"' {
			s.note(name, s.json[from+1:s.at-1])
		}
		if depth == 0 && s.json[from] == '{' && string(name) == "committed" {
			s.row.commits = true
		}
		if s.eat("}") {
			return true
		}
		if !s.eat(",") {
			return false
		}
	}
}

func (s *scanner) note(name, value []byte) {
	switch string(name) {
	case "type":
		s.row.kind = string(value)
	case "body":
		s.row.keepsBody = string(value) == "kept"
	case "call_id":
		s.row.callID = string(value)
	case "verdict":
		s.row.verdict = string(value)
	case "event":
		s.row.event = string(value)
	}
}

func (s *scanner) integer() bool {
	from := s.at
	s.eat("-")
	digits := s.at
	for s.at < len(s.json) && '0' <= s.json[s.at] && s.json[s.at] <= '9' {
		s.at++
	}
	text := s.json[digits:s.at]
	if len(text) == 0 || len(text) > 16 || text[0] == '0' && s.at-from > 1 {
		return false
	}
	value, err := strconv.ParseInt(string(text), 10, 64)
	return err == nil && value < 1<<53
}

func (s *scanner) text() bool {
	for s.at++; s.at < len(s.json); {
		c := s.json[s.at]
		switch {
		case c == '"':
			s.at++
			return true
		case c == '\\':
			if !s.escape() {
				return false
			}
		case c < 0x20:
			return false
		case c < 0x80:
			s.at++
		default:
			_, size := utf8.DecodeRune(s.json[s.at:])
			if size == 1 {
				return false
			}
			s.at += size
		}
	}
	return false
}

// escape takes the shortest escapes only, and only where one is needed.
func (s *scanner) escape() bool {
	if s.at+2 > len(s.json) {
		return false
	}
	switch s.json[s.at+1] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		s.at += 2
		return true
	case 'u':
		if s.at+6 > len(s.json) {
			return false
		}
		code, err := strconv.ParseUint(string(s.json[s.at+2:s.at+6]), 16, 16)
		usual := bytes.Equal(s.json[s.at+2:s.at+6], hex4(code))
		if err != nil || code >= 0x20 || !usual || bytes.IndexByte([]byte("\b\f\n\r\t"), byte(code)) >= 0 {
			return false
		}
		s.at += 6
		return true
	}
	return false
}

func hex4(code uint64) []byte {
	text := strconv.FormatUint(code, 16)
	return []byte("0000"[:4-min(4, len(text))] + text)
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// before compares names as UTF-16, as RFC 8785 section 3.2.3 says.
func before(a, b []byte) bool {
	if plain(a) && plain(b) {
		return bytes.Compare(a, b) < 0
	}
	x, y := units(a), units(b)
	for i := 0; i < min(len(x), len(y)); i++ {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return len(x) < len(y)
}

func plain(raw []byte) bool {
	for _, c := range raw {
		if c >= 0x80 || c == '\\' {
			return false
		}
	}
	return true
}

// units decodes a name that was scanned; its escapes are ones that Go has too.
func units(raw []byte) []uint16 {
	text, err := strconv.Unquote(`"` + string(raw) + `"`)
	if err != nil {
		text = string(raw)
	}
	return utf16.Encode([]rune(text))
}
