package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// stateFile keeps the state of an account in a file.
type stateFile struct {
	path    string
	written []byte

	mu  sync.Mutex
	err error // of the last write
}

// restoreFile reads a state and reports whether there is one.
func (e *Emulator) restoreFile(path string) (restored bool, err error) {
	text, err := os.ReadFile(path) //nolint:gosec // The user chooses the file.
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the state: %w", err)
	}
	var state account.State
	if err := decodeFile(text, &state); err != nil {
		return false, brokenState(path, err)
	}
	if err := e.Restore(state); err != nil {
		return false, brokenState(path, err)
	}
	return true, nil
}

func brokenState(path string, err error) error {
	return fmt.Errorf("the state in %s cannot be used: %w; restore the file, or delete it to start without a state", path, err)
}

// ReadSeed reads a seed from a file.
func ReadSeed(path string) (Seed, error) {
	var seed Seed
	text, err := os.ReadFile(path) //nolint:gosec // The user chooses the file.
	if err != nil {
		return seed, fmt.Errorf("read the seed: %w", err)
	}
	if err := decodeFile(text, &seed); err != nil {
		return seed, fmt.Errorf("the seed in %s cannot be used: %w", path, err)
	}
	return seed, nil
}

// decodeFile decodes JSON. Its error contains the line of the mistake, if that is known.
func decodeFile(text []byte, value any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errors.New("the file is empty")
	}
	err := strictjson.Decode(text, value)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		line := 1 + bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}

// save writes the state if it has changed.
func (f *stateFile) save(state account.State) {
	text, err := json.MarshalIndent(state, "", "  ")
	if err == nil && !bytes.Equal(text, f.written) {
		if err = writeAtomically(f.path, append(text, '\n')); err == nil {
			f.written = text
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// error returns the error of the last write.
func (f *stateFile) error() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return fmt.Errorf("write the state: %w", f.err)
	}
	return nil
}

// writeAtomically replaces a file: a reader sees either the old or the new content.
func writeAtomically(path string, content []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// StateError returns why the last change is not in Options.StateFile; nil if it is.
func (e *Emulator) StateError() error { return e.state.error() }

// Restored reports whether the emulator started with the state in Options.StateFile.
func (e *Emulator) Restored() bool { return e.restored }
