package cloudapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"openseat"
)

const (
	maxFlat      = 10_000 // parameters of a flattened request
	maxFlatDepth = 16     // dots in a name
)

// node is a flattened request put back into a tree: "A.0.B=x" is x below B below 0 below A.
type node struct {
	leaf     *string
	children map[string]*node
}

// decodeFlat fills the struct that request points at from names like A.0.B, as SDKs write them into a GET's query.
func (s shapes) decodeFlat(values url.Values, request any) error {
	root, err := tree(values)
	if err != nil {
		return err
	}
	_, err = s.fill(root, reflect.ValueOf(request).Elem(), "")
	return err
}

// parseQuery reads a query string.
func parseQuery(raw string) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, openseat.Errorf(openseat.CodeInvalidParameter, "The query string is not valid.")
	}
	return values, nil
}

// parseMultipart reads the fields of a multipart/form-data body (RFC 7578), which SDKs name like those of a query.
func parseMultipart(body []byte, boundary string) (url.Values, error) {
	bad := openseat.Errorf(openseat.CodeInvalidParameter, "The multipart body is not valid.")
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	values := url.Values{}
	for range maxFlat + 1 {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, bad
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, bad
		}
		values.Add(part.FormName(), string(content))
	}
	return nil, openseat.Errorf(openseat.CodeInvalidValue, "The request has more than %d parameters.", maxFlat)
}

func tree(values url.Values) (*node, error) {
	root := &node{}
	if len(values) > maxFlat {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "The request has more than %d parameters.", maxFlat)
	}
	for name, given := range values {
		if len(given) > 1 {
			return nil, openseat.Errorf(openseat.CodeInvalidParameter, "The parameter `%s` is given twice.", name)
		}
		if strings.Count(name, ".") > maxFlatDepth {
			return nil, unknown(name)
		}
		at := root
		for step := range strings.SplitSeq(name, ".") {
			at = at.child(step)
		}
		at.leaf = &given[0]
	}
	return root, nil
}

func (n *node) child(name string) *node {
	if n.children == nil {
		n.children = map[string]*node{}
	}
	if n.children[name] == nil {
		n.children[name] = &node{}
	}
	return n.children[name]
}

// fill puts a node into v and says whether it held a value: SDKs write an undefined number as "A=".
func (s shapes) fill(n *node, v reflect.Value, path string) (bool, error) {
	if n.leaf != nil && n.children != nil {
		return false, wrongType(path, "either a value or an object")
	}
	if v.Kind() == reflect.Pointer {
		inner := reflect.New(v.Type().Elem())
		present, err := s.fill(n, inner.Elem(), path)
		if present {
			v.Set(inner)
		}
		return present, err
	}
	switch {
	case n.leaf != nil:
		return fillLeaf(*n.leaf, v, path)
	case v.Kind() == reflect.Struct:
		return true, s.fillObject(n, v, path)
	case v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[json.RawMessage]():
		return true, s.fillArray(n, v, path)
	}
	return false, wrongType(path, wanted(v))
}

func fillLeaf(text string, v reflect.Value, path string) (bool, error) {
	if v.Kind() == reflect.String {
		v.SetString(text)
		return true, nil
	}
	if text == "" {
		return false, nil
	}
	switch {
	case v.Kind() == reflect.Bool:
		if text != "true" && text != "false" {
			return false, wrongType(path, wanted(v))
		}
		v.SetBool(text == "true")
	case v.Kind() == reflect.Int64 || v.Kind() == reflect.Float64:
		return true, setNumber(v, text, path)
	case v.Type() == reflect.TypeFor[json.RawMessage]() && json.Valid([]byte(text)):
		v.SetBytes([]byte(text))
	default:
		return false, wrongType(path, wanted(v))
	}
	return true, nil
}

func (s shapes) fillObject(n *node, v reflect.Value, path string) error {
	known := s[v.Type()]
	given := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		m, ok := known.members[name]
		if !ok {
			return unknown(prefix(path) + name)
		}
		var err error
		if given[name], err = s.fill(n.children[name], v.Field(m.index), prefix(path)+name); err != nil {
			return err
		}
	}
	return known.complete(prefix(path), given)
}

func (s shapes) fillArray(n *node, v reflect.Value, path string) error {
	v.Set(reflect.MakeSlice(v.Type(), len(n.children), len(n.children)))
	for i := range len(n.children) {
		child := n.children[strconv.Itoa(i)]
		if child == nil {
			return missing(join(path, i))
		}
		present, err := s.fill(child, v.Index(i), join(path, i))
		if err != nil {
			return err
		}
		if !present {
			return wrongType(join(path, i), wanted(v.Index(i)))
		}
	}
	return nil
}
