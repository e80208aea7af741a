package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

const (
	kindEd25519 = 1
	kindMLDSA44 = 6
	origin      = "gatehouse.audit/"
)

type key struct {
	text, name string
	id         []byte
	kind       byte
	ed25519    ed25519.PublicKey
	mldsa      *mldsaKey
}

var parsedKeys = map[string]*key{}

func parseKey(text string) (*key, error) {
	if k := parsedKeys[text]; k != nil {
		return k, nil
	}
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 || parts[0] == "" || strings.ContainsAny(parts[0], " \t\n\r") {
		return nil, errors.New("a key has the form name+hash+base64")
	}
	typed, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(typed) == 0 {
		return nil, errors.New("a key that is not base64")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	k := &key{text: text, name: parts[0], id: sum[:4], kind: typed[0]}
	if hex.EncodeToString(k.id) != parts[1] {
		return nil, errors.New("a key whose hash does not match it")
	}
	switch {
	case k.kind == kindEd25519 && len(typed) == 1+ed25519.PublicKeySize:
		k.ed25519 = typed[1:]
	case k.kind == kindMLDSA44 && len(typed) == 1+mldsaPublicBytes:
		k.mldsa = newMLDSAKey(typed[1:])
	default:
		return nil, errors.New("not a kind of key known here")
	}
	parsedKeys[text] = k
	return k, nil
}

func parseKeys(text string) ([]*key, error) {
	var keys []*key
	for _, line := range strings.Fields(text) {
		k, err := parseKey(line)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// checkpoint is a signed statement that a stream has so many rows, with this tree and this last link.
type checkpoint struct {
	stream     string
	rows       uint64
	root, link hash
	number     int
	at         time.Time

	text       string
	signatures []string
}

var noteForm = regexp.MustCompile(`\Agatehouse\.audit/(\S+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n` +
	`link ([0-9a-f]{64})\nnumber ([1-9][0-9]{0,8})\ntime (\S+Z)\n\z`)

// readNote reads what a note says, whoever signed it.
func readNote(note string) (*checkpoint, error) {
	split := strings.Index(note, "\n\n")
	if split < 0 || !strings.HasSuffix(note, "\n") {
		return nil, errors.New("no signature")
	}
	text := note[:split+1]
	parts := noteForm.FindStringSubmatch(text)
	if parts == nil {
		return nil, errors.New("its text is not in the usual form")
	}
	c := &checkpoint{stream: parts[1], text: text, signatures: strings.Split(note[split+2:len(note)-1], "\n")}
	c.rows, _ = strconv.ParseUint(parts[2], 10, 64)
	root, err := base64.StdEncoding.Strict().DecodeString(parts[3])
	if err != nil {
		return nil, errors.New("a root that is not base64")
	}
	copy(c.root[:], root)
	link, _ := hex.DecodeString(parts[4])
	copy(c.link[:], link)
	c.number, _ = strconv.Atoi(parts[5])
	if c.at, err = time.Parse(time.RFC3339Nano, parts[6]); err != nil {
		return nil, errors.New("a time that cannot be read")
	}
	return c, nil
}

// openNote reads a note that one key of each kind signed.
func openNote(note string, keys []*key) (*checkpoint, error) {
	c, err := readNote(note)
	if err == nil {
		_, err = c.signedBy(keys)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// signedBy finds the first key of each kind among these that signed it.
func (c *checkpoint) signedBy(keys []*key) ([]*key, error) {
	for _, line := range c.signatures {
		if !strings.HasPrefix(line, "\u2014 ") {
			return nil, errors.New("a line behind its text is no signature")
		}
	}
	var pair []*key
	for _, kind := range []byte{kindEd25519, kindMLDSA44} {
		before := len(pair)
		for _, k := range keys {
			for _, line := range c.signatures {
				if k.kind == kind && len(pair) == before && k.signed(line, c.text, c) {
					pair = append(pair, k)
				}
			}
		}
		if len(pair) == before {
			return nil, errors.New("known keys of both kinds must sign it")
		}
	}
	return pair, nil
}

// checkRotation reads a row that says which keys follow which, and checks that all four signed that.
func checkRotation(text []byte) (from, to []*key, err error) {
	var row struct {
		From  []string `json:"from"`
		To    []string `json:"to"`
		FromS []string `json:"from_signatures"`
		ToS   []string `json:"to_signatures"`
	}
	if err := json.Unmarshal(text, &row); err != nil {
		return nil, nil, err
	}
	message := "gatehouse.audit key rotation v1\n"
	for _, each := range append(append([]string{}, row.From...), row.To...) {
		message += each + "\n"
	}
	if from, err = pairOf(row.From, row.FromS, message); err != nil {
		return nil, nil, err
	}
	if to, err = pairOf(row.To, row.ToS, message); err != nil {
		return nil, nil, err
	}
	if from[0].text == to[0].text && from[1].text == to[1].text {
		return nil, nil, errors.New("a key does not follow itself")
	}
	return from, to, nil
}

func pairOf(texts, signatures []string, message string) ([]*key, error) {
	if len(texts) != 2 || len(signatures) != 2 {
		return nil, errors.New("one key of each kind is due, and its signature")
	}
	var pair []*key
	for i, kind := range []byte{kindEd25519, kindMLDSA44} {
		k, err := parseKey(texts[i])
		if err != nil {
			return nil, err
		}
		signature, err := base64.StdEncoding.Strict().DecodeString(signatures[i])
		if err != nil || k.kind != kind ||
			kind == kindEd25519 && (len(signature) != ed25519.SignatureSize || !ed25519.Verify(k.ed25519, []byte(message), signature)) ||
			kind == kindMLDSA44 && !k.mldsa.verify([]byte(message), signature) {
			return nil, errors.New("not all of its four keys signed it")
		}
		pair = append(pair, k)
	}
	return pair, nil
}

func (k *key) signed(line, text string, c *checkpoint) bool {
	begin := "\u2014 " + k.name + " "
	if !strings.HasPrefix(line, begin) {
		return false
	}
	payload, err := base64.StdEncoding.Strict().DecodeString(line[len(begin):])
	if err != nil || len(payload) < 12 || !bytes.Equal(payload[:4], k.id) {
		return false
	}
	if k.kind == kindEd25519 {
		return len(payload) == 4+ed25519.SignatureSize && ed25519.Verify(k.ed25519, []byte(text), payload[4:])
	}
	if int64(binary.BigEndian.Uint64(payload[4:12])) != c.at.Unix() {
		return false
	}
	// C2SP tlog-cosignature, cosigned_message.
	log := origin + c.stream
	message := []byte("subtree/v1\n\x00")
	message = append(append(message, byte(len(k.name))), k.name...)
	message = append(message, payload[4:12]...)
	message = append(append(message, byte(len(log))), log...)
	var numbers [16]byte
	binary.BigEndian.PutUint64(numbers[8:], c.rows)
	message = append(append(message, numbers[:]...), c.root[:]...)
	return k.mldsa.verify(message, payload[12:])
}

// witness is a directory of checkpoints that were kept out of the log's reach: under plain names, or under those that they
// have in a bucket, with their hash before the suffix.
type witness struct {
	dir   string
	keys  []*key
	files map[string]string // where each lies, by its plain name
	lasts map[string]int    // the highest number of each folder
}

// A bucket's name for a file: the plain name, and the SHA-256 of the content.
var bucketForm = regexp.MustCompile(`^(.*[0-9a-f]{8})-([0-9a-f]{64})(\.note|\.pub|\.tsr)$`)

func openWitness(dir string) (*witness, error) {
	w := &witness{dir: dir, files: map[string]string{}, lasts: map[string]int{}}
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		return w.add(filepath.ToSlash(name), file)
	})
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(w.files))
	for name := range w.files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !strings.HasSuffix(name, ".pub") || strings.Contains(name, "/") {
			continue
		}
		text, err := w.text(name)
		if err != nil {
			return nil, err
		}
		keys, err := parseKeys(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %v", name, err)
		}
		w.keys = append(w.keys, keys...)
	}
	return w, nil
}

// add takes a file of the directory; one that has a bucket's name must hold what its name says, and no two claim one place.
func (w *witness) add(name, file string) error {
	if parts := bucketForm.FindStringSubmatch(name); parts != nil {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if hex.EncodeToString(sum(content)) != parts[2] {
			return fmt.Errorf("%s holds something else than its name says", name)
		}
		name = parts[1] + parts[3]
	}
	if _, taken := w.files[name]; taken {
		return fmt.Errorf("two files lie at %s", name)
	}
	w.files[name] = file
	folder, last := path.Split(name)
	number, err := strconv.Atoi(strings.TrimSuffix(last, ".note"))
	if folder = strings.TrimSuffix(folder, "/"); err == nil && strings.HasSuffix(last, ".note") && number > w.lasts[folder] {
		w.lasts[folder] = number
	}
	return nil
}

func sum(content []byte) []byte {
	hash := sha256.Sum256(content)
	return hash[:]
}

// text returns what lies under a plain name.
func (w *witness) text(name string) (string, error) {
	file, known := w.files[name]
	if !known {
		return "", fmt.Errorf("%s is missing", name)
	}
	text, err := os.ReadFile(file)
	return string(text), err
}

func (w *witness) streams() (names []string) {
	entries, _ := os.ReadDir(w.dir)
	for _, entry := range entries {
		if entry.IsDir() && streamForm.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return
}

func (w *witness) last(folder string) int { return w.lasts[folder] }

// read reads a checkpoint as it was kept, whoever signed it.
func (w *witness) read(stream string, number int) (*checkpoint, error) {
	text, err := w.text(fmt.Sprintf("%s/%08d.note", stream, number))
	if err != nil {
		return nil, fmt.Errorf("checkpoint %d is missing", number)
	}
	c, err := readNote(text)
	if err == nil && (c.number != number || c.stream != stream) {
		err = errors.New("another checkpoint under this name")
	}
	return c, err
}
