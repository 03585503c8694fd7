package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"openseat"
)

// workshop is where blobs are written before they move to their place. No key can name it.
const workshop = ".tmp"

// leftover is the age at which a file in the workshop is known to be of a process that died.
const leftover = 24 * time.Hour

// folder keeps each blob as a file. os.Root sees to it that no key, and no link somebody laid, leads out of it.
type folder struct{ root *os.Root }

func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	f := &folder{root}
	if err := f.sweep(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

// sweep throws away what dead processes left half written.
func (f *folder) sweep() error {
	if err := f.root.MkdirAll(workshop, 0o700); err != nil {
		return fmt.Errorf("blob folder: %w", err)
	}
	files, err := fs.ReadDir(f.root.FS(), workshop)
	if err != nil {
		return fmt.Errorf("blob folder: %w", err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err == nil && time.Since(info.ModTime()) > leftover {
			_ = f.root.Remove(path.Join(workshop, file.Name())) // next time, then
		}
	}
	return nil
}

func (f *folder) Close() error { return f.root.Close() }

// Put writes the blob beside, has it on the disk, and only then gives it its name.
func (f *folder) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	beside := path.Join(workshop, rand.Text())
	if err := f.write(ctx, beside, r, size); err != nil {
		_ = f.root.Remove(beside)
		return fmt.Errorf("write blob %s: %w", key, err)
	}
	if err := f.place(beside, key); err != nil {
		_ = f.root.Remove(beside)
		return fmt.Errorf("place blob %s: %w", key, err)
	}
	return nil
}

func (f *folder) write(ctx context.Context, name string, r io.Reader, size int64) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(file, patient{ctx, r})
	if err == nil && size >= 0 && n != size {
		err = fmt.Errorf("%d bytes came, not %d", n, size)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func (f *folder) place(from, key string) error {
	dir := path.Dir(key)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := f.root.Rename(from, key); err != nil {
		return err
	}
	// A name is on the disk when its folder is, and a new folder when the one above is.
	for ; ; dir = path.Dir(dir) {
		if err := f.syncFolder(dir); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
	}
}

func (f *folder) syncFolder(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) Open(_ context.Context, key string) (io.ReadSeekCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, Info{}, missing(key, err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, Info{}, errors.Join(missing(key, err), file.Close())
	}
	return file, Info{Size: info.Size(), ModTime: info.ModTime()}, nil
}

func (f *folder) Stat(_ context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	info, err := f.root.Stat(key)
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return Info{}, missing(key, err)
	}
	return Info{Size: info.Size(), ModTime: info.ModTime()}, nil
}

func (f *folder) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := f.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}

func missing(key string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return openseat.Errorf(openseat.CodeNotFound, "blob %s does not exist", key)
	}
	return fmt.Errorf("open blob %s: %w", key, err)
}

// patient is a reader that stops when its context ends.
type patient struct {
	ctx context.Context //nolint:containedctx // lives as long as one call
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
