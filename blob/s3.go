package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"openseat"
)

// S3 says where a bucket of an S3-compatible store (AWS, COS, MinIO …) is.
type S3 struct {
	Endpoint  string // https://s3.eu-central-1.amazonaws.com; http:// is for a store on the same machine
	Region    string // empty = asked of the store
	Bucket    string
	Prefix    string // put before every key; may be empty
	AccessKey string
	SecretKey string // secret
	// PathStyle names the bucket in the path instead of the host, as most stores but AWS's want it.
	PathStyle bool
}

// parseS3 reads s3://bucket/prefix?endpoint=…&region=…&style=path. Who may write there is said by the variables of the
// environment that other programs read, too: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
func parseS3(spec string, getenv func(string) string) (S3, error) {
	u, err := url.Parse(spec)
	if err != nil || u.Host == "" {
		return S3{}, openseat.Errorf(openseat.CodeInvalidValue, "blob: give s3://bucket/prefix?endpoint=https://…&region=…")
	}
	q := u.Query()
	s := S3{
		Endpoint: q.Get("endpoint"), Region: q.Get("region"), Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), PathStyle: q.Get("style") == "path",
		AccessKey: getenv("AWS_ACCESS_KEY_ID"), SecretKey: getenv("AWS_SECRET_ACCESS_KEY"),
	}
	if s.AccessKey == "" || s.SecretKey == "" {
		return S3{}, openseat.Errorf(openseat.CodeInvalidValue, "blob: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
	}
	if s.Endpoint == "" {
		s.Endpoint = "https://s3.amazonaws.com"
	}
	return s, nil
}

// bucket keeps each blob as an object.
type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

// OpenS3 opens a bucket, which must exist: it is asked for.
func OpenS3(ctx context.Context, s S3) (Store, error) {
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "blob: endpoint: %q is not an http or https address", s.Endpoint)
	}
	style := minio.BucketLookupAuto
	if s.PathStyle {
		style = minio.BucketLookupPath
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""), Secure: u.Scheme == "https", Region: s.Region, BucketLookup: style,
	})
	if err != nil {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "blob: %v", err)
	}
	is, err := client.BucketExists(ctx, s.Bucket)
	if err != nil {
		return nil, fmt.Errorf("blob: bucket %s: %w", s.Bucket, err)
	}
	if !is {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "blob: bucket %s does not exist at %s", s.Bucket, u.Host)
	}
	return &bucket{client: client, name: s.Bucket, prefix: s.Prefix}, nil
}

func (b *bucket) Close() error { return nil }

func (b *bucket) object(key string) string { return path.Join(b.prefix, key) }

// Put takes all there is before it sends anything: what is cut off on the way here must not replace what is there.
func (b *bucket) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	whole, n, err := gather(ctx, r, size)
	if err != nil {
		return fmt.Errorf("write blob %s: %w", key, err)
	}
	defer whole.Close()
	_, err = b.client.PutObject(ctx, b.name, b.object(key), whole, n, minio.PutObjectOptions{SendContentMd5: true})
	if err != nil {
		return fmt.Errorf("write blob %s: %w", key, err)
	}
	return nil
}

// gather puts what comes into a file that nobody else sees and that goes when it is closed.
func gather(ctx context.Context, r io.Reader, size int64) (*os.File, int64, error) {
	file, err := os.CreateTemp("", "openseat-blob-")
	if err != nil {
		return nil, 0, err
	}
	err = os.Remove(file.Name())
	n := int64(0)
	if err == nil {
		n, err = io.Copy(file, patient{ctx, r})
	}
	if err == nil && size >= 0 && n != size {
		err = fmt.Errorf("%d bytes came, not %d", n, size)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, n, nil
}

// Open answers the blob as it was when it was opened: one that is replaced meanwhile fails to be read on.
func (b *bucket) Open(ctx context.Context, key string) (io.ReadSeekCloser, Info, error) {
	info, err := b.Stat(ctx, key)
	if err != nil {
		return nil, Info{}, err
	}
	o, err := b.client.GetObject(ctx, b.name, b.object(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, b.missing(key, err)
	}
	return o, info, nil
}

func (b *bucket) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	o, err := b.client.StatObject(ctx, b.name, b.object(key), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, b.missing(key, err)
	}
	return Info{Size: o.Size, ModTime: o.LastModified}, nil
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := b.client.RemoveObject(ctx, b.name, b.object(key), minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}

func (b *bucket) missing(key string, err error) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return openseat.Errorf(openseat.CodeNotFound, "blob %s does not exist", key)
	}
	return fmt.Errorf("open blob %s: %w", key, err)
}
