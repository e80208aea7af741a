package main

import "bytes"

// Verification of ML-DSA-44 (FIPS 204, algorithms 3 and 8), with an empty context. Names follow the standard.
const (
	mldsaPublicBytes    = 1312
	mldsaSignatureBytes = 2420

	q       = 8380417
	degree  = 256
	rows    = 4 // k
	columns = 4 // l
	dropped = 13
	tau     = 39
	gamma1  = 1 << 17
	gamma2  = (q - 1) / 88
	beta    = 78
	omega   = 80
	cBytes  = 32
)

type poly [degree]int32

// mldsaKey is a public key, its matrix and t1 expanded and in the NTT domain.
type mldsaKey struct {
	a  [rows][columns]poly
	t1 [rows]poly
	tr [64]byte
}

var zetas = powersOfZeta()

func powersOfZeta() (zetas [degree]int32) {
	power := int64(1)
	for i := 0; i < degree; i++ {
		reversed := 0
		for bit := 0; bit < 8; bit++ {
			reversed |= i >> bit & 1 << (7 - bit)
		}
		zetas[reversed] = int32(power)
		power = power * 1753 % q
	}
	return
}

func mul(a, b int32) int32 { return int32(int64(a) * int64(b) % q) }

func mod(a int32) int32 {
	if a %= q; a < 0 {
		a += q
	}
	return a
}

func (p *poly) ntt() {
	k := 0
	for length := 128; length >= 1; length /= 2 {
		for start := 0; start < degree; start += 2 * length {
			k++
			for j := start; j < start+length; j++ {
				t := mul(zetas[k], p[j+length])
				p[j+length] = mod(p[j] - t)
				p[j] = mod(p[j] + t)
			}
		}
	}
}

func (p *poly) inverseNTT() {
	k := degree
	for length := 1; length < degree; length *= 2 {
		for start := 0; start < degree; start += 2 * length {
			k--
			for j := start; j < start+length; j++ {
				t := p[j]
				p[j] = mod(t + p[j+length])
				p[j+length] = mul(q-zetas[k], mod(t-p[j+length]))
			}
		}
	}
	for j := range p {
		p[j] = mul(8347681, p[j]) // 256^-1
	}
}

// unpack reads little-endian numbers of so many bits.
func unpack(from []byte, width int, p *poly) {
	for i := range p {
		value := int32(0)
		for bit := 0; bit < width; bit++ {
			at := i*width + bit
			value |= int32(from[at/8]>>(at%8)&1) << bit
		}
		p[i] = value
	}
}

func newMLDSAKey(pk []byte) *mldsaKey {
	key := &mldsaKey{}
	newShake256().write(pk).read(key.tr[:])
	for r := 0; r < rows; r++ {
		for s := 0; s < columns; s++ {
			expand(&key.a[r][s], pk[:32], byte(s), byte(r))
		}
		unpack(pk[32+320*r:], 10, &key.t1[r])
		for i := range key.t1[r] {
			key.t1[r][i] = mod(key.t1[r][i] << dropped)
		}
		key.t1[r].ntt()
	}
	return key
}

// expand is RejNTTPoly.
func expand(p *poly, rho []byte, s, r byte) {
	xof := newShake128().write(rho, []byte{s, r})
	var three [3]byte
	for i := 0; i < degree; {
		xof.read(three[:])
		value := int32(three[0]) | int32(three[1])<<8 | int32(three[2]&0x7f)<<16
		if value < q {
			p[i] = value
			i++
		}
	}
}

// sampleInBall makes the challenge out of its seed.
func sampleInBall(seed []byte) (c poly) {
	xof := newShake256().write(seed)
	var signs [8]byte
	xof.read(signs[:])
	var one [1]byte
	for i := degree - tau; i < degree; i++ {
		for xof.read(one[:]); int(one[0]) > i; {
			xof.read(one[:])
		}
		j := int(one[0])
		c[i] = c[j]
		c[j] = 1
		if n := i + tau - degree; signs[n/8]>>(n%8)&1 == 1 {
			c[j] = q - 1
		}
	}
	return
}

// hints is HintBitUnpack: it accepts one spelling only.
func hints(from []byte) (h [rows]poly, ok bool) {
	index := 0
	for i := 0; i < rows; i++ {
		end := int(from[omega+i])
		if end < index || end > omega {
			return h, false
		}
		for first := index; index < end; index++ {
			if index > first && from[index-1] >= from[index] {
				return h, false
			}
			h[i][from[index]] = 1
		}
	}
	for ; index < omega; index++ {
		if from[index] != 0 {
			return h, false
		}
	}
	return h, true
}

func useHint(hint, r int32) int32 {
	low := r % (2 * gamma2)
	if low > gamma2 {
		low -= 2 * gamma2
	}
	high := (r - low) / (2 * gamma2)
	if r-low == q-1 {
		high = 0
		low--
	}
	switch {
	case hint == 0:
		return high
	case low > 0:
		return (high + 1) % 44
	default:
		return (high + 43) % 44
	}
}

func (key *mldsaKey) verify(message, signature []byte) bool {
	if len(signature) != mldsaSignatureBytes {
		return false
	}
	seed := signature[:cBytes]
	var z [columns]poly
	for s := range z {
		unpack(signature[cBytes+576*s:], 18, &z[s])
		for i := range z[s] {
			value := gamma1 - z[s][i]
			if value >= gamma1-beta || value <= beta-gamma1 {
				return false
			}
			z[s][i] = mod(value)
		}
		z[s].ntt()
	}
	h, ok := hints(signature[cBytes+576*columns:])
	if !ok {
		return false
	}
	var mu [64]byte
	newShake256().write(key.tr[:], []byte{0, 0}, message).read(mu[:])
	c := sampleInBall(seed)
	c.ntt()
	packed := make([]byte, 0, rows*192)
	for r := 0; r < rows; r++ {
		var w poly
		for i := range w {
			sum := int64(0)
			for s := 0; s < columns; s++ {
				sum += int64(key.a[r][s][i]) * int64(z[s][i]) % q
			}
			w[i] = mod(int32(sum%q) - mul(c[i], key.t1[r][i]))
		}
		w.inverseNTT()
		for i := 0; i < degree; i += 4 {
			var v [4]int32
			for j := range v {
				v[j] = useHint(h[r][i+j], w[i+j])
			}
			packed = append(packed, byte(v[0]|v[1]<<6), byte(v[1]>>2|v[2]<<4), byte(v[2]>>4|v[3]<<2))
		}
	}
	var again [cBytes]byte
	newShake256().write(mu[:], packed).read(again[:])
	return bytes.Equal(again[:], seed)
}
