package main

import (
	"bytes"
	"crypto"
	_ "crypto/sha1"
	"crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"
)

// Time-stamps (RFC 3161) of fleet checkpoints. Revocation is not looked up.

const (
	stampBytesMax = 64 << 10
	stampAhead    = 5 * time.Minute
	stampBehind   = 15 * time.Minute
)

var (
	oidSignedData  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidDigest      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningV1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningV2   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidEKU         = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidSHA256      = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
)

var digests = map[string]crypto.Hash{
	oidSHA256.String():       crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

var signatures = map[string]x509.SignatureAlgorithm{
	"1.2.840.113549.1.1.11": x509.SHA256WithRSA, "1.2.840.113549.1.1.12": x509.SHA384WithRSA,
	"1.2.840.113549.1.1.13": x509.SHA512WithRSA, "1.2.840.10045.4.3.2": x509.ECDSAWithSHA256,
	"1.2.840.10045.4.3.3": x509.ECDSAWithSHA384, "1.2.840.10045.4.3.4": x509.ECDSAWithSHA512,
}

var rsaSignatures = map[crypto.Hash]x509.SignatureAlgorithm{
	crypto.SHA256: x509.SHA256WithRSA, crypto.SHA384: x509.SHA384WithRSA, crypto.SHA512: x509.SHA512WithRSA}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type stampResponse struct {
	Status struct{ Status int }
	Token  contentInfo `asn1:"optional"`
}

type signedData struct {
	Version      int
	Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
	Content      contentInfo
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version int
	ID      struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	Digest    pkix.AlgorithmIdentifier
	Attrs     asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
}

type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Serial *big.Int
	Time   time.Time `asn1:"generalized"`
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

// stamps counts the time-stamps that hold.
type stamps struct {
	roots *x509.CertPool // nil believes nobody
	held  int
	last  string
}

func (s *stamps) take(response []byte, note string, noted time.Time) error {
	at, signer, certificates, err := checkStamp(response, note)
	if err != nil {
		return err
	}
	if at.Before(noted.Add(-stampAhead)) || at.After(noted.Add(stampBehind)) {
		return fmt.Errorf("it says %v, and its time-stamp %v, which is not plausible", noted, at)
	}
	if s.roots != nil {
		between := x509.NewCertPool()
		for _, each := range certificates {
			between.AddCert(each)
		}
		if _, err := signer.Verify(x509.VerifyOptions{Roots: s.roots, Intermediates: between, CurrentTime: at,
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}}); err != nil {
			return err
		}
	}
	s.held++
	s.last = fmt.Sprintf("%s, says %s", at.UTC().Format(time.RFC3339), signer.Subject)
	return nil
}

// takeFile takes the stamp beside a fleet checkpoint of a witness, if there is one.
func (s *stamps) takeFile(w *witness, log string, number int, note string, noted time.Time) error {
	file, stamped := w.files[fmt.Sprintf("%s/%08d.tsr", log, number)]
	if !stamped {
		return nil
	}
	if info, err := os.Stat(file); err != nil {
		return err
	} else if info.Size() > stampBytesMax {
		return errors.New("a time-stamp that is too long")
	}
	response, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return s.take(response, note, noted)
}

// checkStamp checks all that a time-stamp says by itself: of what it is, and that its signer signed it.
func checkStamp(response []byte, note string) (at time.Time, signer *x509.Certificate, certificates []*x509.Certificate, err error) {
	bad := func(what string) (time.Time, *x509.Certificate, []*x509.Certificate, error) {
		return time.Time{}, nil, nil, errors.New("its time-stamp does not hold: " + what)
	}
	var r stampResponse
	if rest, err := asn1.Unmarshal(response, &r); err != nil || len(rest) > 0 || len(response) > stampBytesMax {
		return bad("it cannot be read")
	}
	if r.Status.Status > 1 || !r.Token.Type.Equal(oidSignedData) {
		return bad("the authority refused it")
	}
	var data signedData
	if _, err := asn1.Unmarshal(r.Token.Content.Bytes, &data); err != nil || len(data.Signers) != 1 ||
		!data.Content.Type.Equal(oidTSTInfo) {
		return bad("it is not signed data of one signer")
	}
	var content []byte
	if _, err := asn1.Unmarshal(data.Content.Content.Bytes, &content); err != nil {
		return bad("it has no content")
	}
	var info tstInfo
	if _, err := asn1.Unmarshal(content, &info); err != nil {
		return bad("its content cannot be read")
	}
	due := sha256.Sum256([]byte(note))
	if !info.Imprint.Algorithm.Algorithm.Equal(oidSHA256) || !bytes.Equal(info.Imprint.Digest, due[:]) {
		return bad("it is of something else")
	}
	if certificates, err = x509.ParseCertificates(data.Certificates.Bytes); err != nil {
		return bad("a certificate that cannot be read")
	}
	who := data.Signers[0]
	for _, each := range certificates {
		if each.SerialNumber.Cmp(who.ID.Serial) == 0 && bytes.Equal(each.RawIssuer, who.ID.Issuer.FullBytes) {
			signer = each
		}
	}
	if signer == nil || !stampsOnly(signer) || info.Time.Before(signer.NotBefore) || info.Time.After(signer.NotAfter) {
		return bad("no certificate of a time-stamping authority, valid then, signed it")
	}
	if err := who.signed(content, signer); err != nil {
		return bad(err.Error())
	}
	return info.Time, signer, certificates, nil
}

// stampsOnly says whether a certificate is for time-stamping, critically, and for nothing else.
func stampsOnly(c *x509.Certificate) bool {
	for _, each := range c.Extensions {
		if each.Id.Equal(oidEKU) {
			return each.Critical && len(c.UnknownExtKeyUsage) == 0 && len(c.ExtKeyUsage) == 1 &&
				c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping
		}
	}
	return false
}

func (who signerInfo) signed(content []byte, signer *x509.Certificate) error {
	hash, known := digests[who.Digest.Algorithm.String()]
	if !known || len(who.Attrs.FullBytes) == 0 {
		return errors.New("a digest that is not known here, or no signed attributes")
	}
	set := append([]byte{}, who.Attrs.FullBytes...)
	set[0] = 0x31 // signed as a SET OF
	var digested, typed, named bool
	for rest := who.Attrs.Bytes; len(rest) > 0; {
		var each attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &each); err != nil {
			return errors.New("a signed attribute that cannot be read")
		}
		switch {
		case each.Type.Equal(oidDigest):
			var found []byte
			sum := hash.New()
			sum.Write(content)
			_, err = asn1.Unmarshal(each.Values.Bytes, &found)
			digested = err == nil && bytes.Equal(found, sum.Sum(nil))
		case each.Type.Equal(oidContentType):
			var found asn1.ObjectIdentifier
			_, err = asn1.Unmarshal(each.Values.Bytes, &found)
			typed = err == nil && found.Equal(oidTSTInfo)
		case each.Type.Equal(oidSigningV1), each.Type.Equal(oidSigningV2):
			named = namesSigner(each, signer)
		}
	}
	if !digested || !typed || !named {
		return errors.New("its signed attributes are of something else")
	}
	algorithm, known := signatures[who.Algorithm.Algorithm.String()]
	if who.Algorithm.Algorithm.Equal(oidRSA) {
		algorithm, known = rsaSignatures[hash]
	}
	if !known {
		return errors.New("a kind of signature that is not known here")
	}
	return signer.CheckSignature(algorithm, set, who.Signature)
}

// namesSigner holds the hash of the signer's certificate, among what it signed, against the certificate.
func namesSigner(each attribute, signer *x509.Certificate) bool {
	var signing struct{ Certs []asn1.RawValue }
	if _, err := asn1.Unmarshal(each.Values.Bytes, &signing); err != nil || len(signing.Certs) == 0 {
		return false
	}
	hash := crypto.SHA256
	if each.Type.Equal(oidSigningV1) {
		hash = crypto.SHA1
	}
	rest := signing.Certs[0].Bytes
	var first asn1.RawValue
	rest, err := asn1.Unmarshal(rest, &first)
	if err == nil && first.Tag == asn1.TagSequence {
		var algorithm pkix.AlgorithmIdentifier
		if _, err := asn1.Unmarshal(first.FullBytes, &algorithm); err != nil {
			return false
		}
		if hash = digests[algorithm.Algorithm.String()]; hash == 0 {
			return false
		}
		_, err = asn1.Unmarshal(rest, &first)
	}
	if err != nil || first.Tag != asn1.TagOctetString {
		return false
	}
	sum := hash.New()
	sum.Write(signer.Raw)
	return bytes.Equal(first.Bytes, sum.Sum(nil))
}

// stamped takes a line of an export that brings a time-stamp along, with the fleet checkpoint that it is of.
func (c *checker) stamped(note, response string) error {
	bad := func(err error) error { return c.here("a stamped fleet checkpoint: " + err.Error()) }
	f, err := readFleetNote(note)
	if err != nil {
		return bad(err)
	}
	if err := c.signedInForce(&f.signed); err != nil {
		return bad(err)
	}
	same := false
	for _, tip := range f.tips {
		same = same || f.log == "fleet/"+c.lineage && tip.stream == c.stream && tip.rows == c.next && tip.link == c.link
	}
	if !same {
		return bad(errors.New("it is of other rows than lie here"))
	}
	der, err := base64.StdEncoding.Strict().DecodeString(response)
	if err == nil {
		err = c.stamps.take(der, note, f.signed.at)
	}
	if err != nil {
		return bad(err)
	}
	return nil
}
