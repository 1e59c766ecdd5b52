// Reads a log as Go's own checksum database is read: with sumdb/note and sumdb/tlog, from a folder
// that holds what is served under /log/. Arguments: folder, the city's key, the witness's key.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func require(ok bool, what string) {
	if !ok {
		must(fmt.Errorf("%s", what))
	}
}

// cosigner checks tlog-cosignature v1, which sumdb/note does not know itself.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }
func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return ed25519.Verify(c.key, []byte(signed), signature[8:])
}

func witness(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	id, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	require(key[0] == 4, "not a witness's key")
	return cosigner{parts[0], uint32(id), key[1:]}
}

// tree reads a checkpoint and gives what it says, once both have signed it.
func tree(file string, verifiers note.Verifiers) tlog.Tree {
	message, err := os.ReadFile(file)
	must(err)
	opened, err := note.Open(message, verifiers)
	must(err)
	require(len(opened.Sigs) == 2 && len(opened.UnverifiedSigs) == 0, "not signed by both")
	lines := strings.Split(opened.Text, "\n")
	require(len(lines) == 4 && lines[0] == opened.Sigs[0].Name, "not three lines of this log")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// folder reads tiles by their C2SP paths, which leave the height out.
type folder string

func (f folder) Height() int { return 8 }
func (f folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		read, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		data = append(data, read)
	}
	return data, nil
}
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads the bundles in their order.
func entries(f folder, size int64) (found [][]byte) {
	for first := int64(0); first < size; first += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: first / 256, W: int(min(256, size-first))}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		packed, err := os.Open(filepath.Join(string(f), path))
		must(err)
		opened, err := gzip.NewReader(packed)
		must(err)
		data, err := io.ReadAll(opened)
		must(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			found = append(found, data[2:2+length])
			data = data[2+length:]
		}
	}
	return found
}

func main() {
	city, err := note.NewVerifier(os.Args[2])
	must(err)
	verifiers := note.VerifierList(city, witness(os.Args[3]))
	where := folder(os.Args[1])
	newest := tree(filepath.Join(os.Args[1], "checkpoint"), verifiers)
	older := tree(filepath.Join(os.Args[1], "older"), verifiers)
	reader := tlog.TileHashReader(newest, where)
	root, err := tlog.TreeHash(newest.N, reader)
	must(err)
	require(root == newest.Hash, "another root")
	proof, err := tlog.ProveTree(newest.N, older.N, reader)
	must(err)
	must(tlog.CheckTree(proof, newest.N, newest.Hash, older.N, older.Hash))
	read := entries(where, newest.N)
	require(int64(len(read)) == newest.N, "another number of entries")
	for index, entry := range read {
		at := int64(index)
		path, err := tlog.ProveRecord(newest.N, at, reader)
		must(err)
		must(tlog.CheckRecord(path, newest.N, newest.Hash, at, tlog.RecordHash(entry)))
	}
	ours, err := os.ReadFile(filepath.Join(os.Args[1], "proofs"))
	must(err)
	var theirs bytes.Buffer
	for _, hash := range proof {
		fmt.Fprintln(&theirs, hash)
	}
	last, err := tlog.ProveRecord(newest.N, older.N, reader)
	must(err)
	for _, hash := range last {
		fmt.Fprintln(&theirs, hash)
	}
	require(bytes.Equal(ours, theirs.Bytes()), "other proofs")
	fmt.Printf("%d entries, %d before\n", newest.N, older.N)
}
