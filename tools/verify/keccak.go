package main

import "math/bits"

// shake is SHAKE128 or SHAKE256 (FIPS 202), which Go's library has only since 1.24.
type shake struct {
	state   [25]uint64
	rate    int
	at      int
	reading bool
}

func newShake128() *shake { return &shake{rate: 168} }

func newShake256() *shake { return &shake{rate: 136} }

func (s *shake) xor(at int, b byte) { s.state[at/8] ^= uint64(b) << (8 * (at % 8)) }

func (s *shake) write(parts ...[]byte) *shake {
	for _, part := range parts {
		for _, b := range part {
			s.xor(s.at, b)
			if s.at++; s.at == s.rate {
				keccakF(&s.state)
				s.at = 0
			}
		}
	}
	return s
}

func (s *shake) read(out []byte) []byte {
	if !s.reading {
		s.xor(s.at, 0x1f)
		s.xor(s.rate-1, 0x80)
		s.at, s.reading = s.rate, true
	}
	for i := range out {
		if s.at == s.rate {
			keccakF(&s.state)
			s.at = 0
		}
		out[i] = byte(s.state[s.at/8] >> (8 * (s.at % 8)))
		s.at++
	}
	return out
}

var keccakRotations, keccakTargets, keccakConstants = keccakTables()

// keccakTables derives the tables from their definitions (FIPS 202 section 3.2).
func keccakTables() (rotations, targets [24]int, constants [24]uint64) {
	x, y := 1, 0
	for t := 0; t < 24; t++ {
		rotations[t] = (t + 1) * (t + 2) / 2 % 64
		x, y = y, (2*x+3*y)%5
		targets[t] = x + 5*y
	}
	lfsr := byte(1)
	for round := 0; round < 24; round++ {
		for j := 0; j < 7; j++ {
			if lfsr&1 == 1 {
				constants[round] |= 1 << (1<<j - 1)
			}
			carry := lfsr >> 7
			lfsr = lfsr<<1 ^ carry*0x71
		}
	}
	return
}

func keccakF(a *[25]uint64) {
	for round := 0; round < 24; round++ {
		var c [5]uint64
		for x := 0; x < 5; x++ {
			c[x] = a[x] ^ a[x+5] ^ a[x+10] ^ a[x+15] ^ a[x+20]
		}
		for x := 0; x < 5; x++ {
			d := c[(x+4)%5] ^ bits.RotateLeft64(c[(x+1)%5], 1)
			for y := 0; y < 25; y += 5 {
				a[x+y] ^= d
			}
		}
		moved := a[1]
		for t := 0; t < 24; t++ {
			a[keccakTargets[t]], moved = bits.RotateLeft64(moved, keccakRotations[t]), a[keccakTargets[t]]
		}
		for y := 0; y < 25; y += 5 {
			var row [5]uint64
			copy(row[:], a[y:y+5])
			for x := 0; x < 5; x++ {
				a[y+x] = row[x] ^ ^row[(x+1)%5]&row[(x+2)%5]
			}
		}
		a[0] ^= keccakConstants[round]
	}
}
