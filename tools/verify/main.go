// Verify checks what a Gatehouse gateway exports, with none of the gateway's code: rows, chain, tree, signatures,
// checkpoints. It needs Go's library alone.
//
//	verify [-keys FILE] [-witness DIR] [-tsa-root FILE] EXPORT
//	                                              exit 1 names the first bad row
//	verify [-keys FILE] -proof FILE               a proof that `gatehouse audit prove` wrote
//	verify -verdicts DIR                          a line for each export in DIR; for its own tests
//	verify -flips EXPORT < PLACES                 a line for each of these bytes, changed; for its own tests
package main

import (
	"bytes"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	keysFile := flag.String("keys", "", "trust only the public keys in this `file`")
	witnessDir := flag.String("witness", "", "the `directory` where checkpoints were kept")
	rootFile := flag.String("tsa-root", "", "believe time-stamps by authorities whose certificates lead to one in this PEM `file`")
	isProof := flag.Bool("proof", false, "the file is a proof")
	verdicts := flag.Bool("verdicts", false, "check all exports in a directory")
	flips := flag.Bool("flips", false, "check the export with some of its bytes changed")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	var keys []*key
	if *keysFile != "" {
		text, err := os.ReadFile(*keysFile)
		fail(err)
		keys, err = parseKeys(string(text))
		fail(err)
	}
	switch {
	case *isProof:
		text, err := os.ReadFile(flag.Arg(0))
		fail(err)
		what, err := checkProof(text, keys)
		fail(err)
		fmt.Println("proved: " + what)
	case *verdicts:
		listVerdicts(flag.Arg(0))
	case *flips:
		listFlips(flag.Arg(0))
	default:
		roots, err := readRoots(*rootFile)
		fail(err)
		c, err := check(flag.Arg(0), keys, *witnessDir, roots, func(rows uint64) {
			fmt.Fprintf(os.Stderr, "\r%d rows hold", rows)
		})
		var bad *broken
		if errors.As(err, &bad) {
			fmt.Fprintln(os.Stderr, "\rBROKEN at "+bad.Error())
			os.Exit(1)
		}
		fail(err)
		fmt.Fprintf(os.Stderr, "\r")
		fmt.Printf("sound: %d rows in %d streams, %d checkpoints, %d calls still open\n",
			c.rows, c.streams, c.checkpoints, c.openCalls)
		if c.stamps.held > 0 {
			fmt.Printf("%d time-stamps hold; the last is of %s\n", c.stamps.held, c.stamps.last)
			if roots == nil {
				fmt.Println("note: for its authority nobody here vouches; name its root with -tsa-root FILE")
			}
		}
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "verify: "+err.Error())
		os.Exit(1)
	}
}

// readRoots reads certificates; nil when no file is named.
func readRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	roots := x509.NewCertPool()
	if err == nil && !roots.AppendCertsFromPEM(text) {
		err = errors.New(file + ": no certificate in PEM form is there")
	}
	return roots, err
}

func check(file string, keys []*key, witnessDir string, roots *x509.CertPool, progress func(uint64)) (*checker, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	c := &checker{keys: keys, progress: progress, stamps: stamps{roots: roots}}
	if witnessDir != "" {
		if c.witness, err = openWitness(witnessDir); err != nil {
			return nil, err
		}
		if keys == nil {
			c.keys = append([]*key{}, c.witness.keys...)
		}
	}
	return c, c.run(in)
}

func verdict(err error) string {
	var bad *broken
	switch {
	case err == nil:
		return "sound"
	case errors.As(err, &bad):
		return fmt.Sprintf("%s/%d", bad.stream, bad.seq)
	}
	return err.Error()
}

// listVerdicts checks each NAME.ndjson in the directory by the keys in NAME.pub or else in keys.pub, against the witness NAME.witness if
// there is one.
func listVerdicts(dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "keys.pub"))
	fail(err)
	keys, err := parseKeys(string(text))
	fail(err)
	rootFile := filepath.Join(dir, "tsa-root.pem")
	if _, err := os.Stat(rootFile); err != nil {
		rootFile = ""
	}
	roots, err := readRoots(rootFile)
	fail(err)
	files, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	fail(err)
	sort.Strings(files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ndjson")
		witnessDir := filepath.Join(dir, name+".witness")
		if _, err := os.Stat(witnessDir); err != nil {
			witnessDir = ""
		}
		trusted := keys
		if own, err := os.ReadFile(filepath.Join(dir, name+".pub")); err == nil {
			trusted, err = parseKeys(string(own))
			fail(err)
		}
		_, err := check(file, trusted, witnessDir, roots, nil)
		fmt.Printf("%s\t%s\n", name, verdict(err))
	}
}

// listFlips changes one bit of each byte whose place standard input names, one after the other.
func listFlips(file string) {
	text, err := os.ReadFile(file)
	fail(err)
	for {
		var at int
		if _, err := fmt.Scan(&at); err != nil {
			return
		}
		text[at] ^= 1 << (at % 8)
		fmt.Printf("%d\t%s\n", at, verdict((&checker{}).run(bytes.NewReader(text))))
		text[at] ^= 1 << (at % 8)
	}
}
