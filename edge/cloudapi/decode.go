package cloudapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"openseat"
)

// maxElements bounds a list in a request.
const maxElements = 10_000

// shape is a struct type as the wire knows it.
type shape struct {
	members map[string]member
	// required are the members a request may not leave out, in order.
	required []string
}

type member struct {
	index int
	typ   reflect.Type
}

// shapes knows the shape of every struct that requests are made of. It is filled when the handler is made, and only read
// afterwards.
type shapes map[reflect.Type]*shape

// learn adds a struct type and those it holds.
func (s shapes) learn(t reflect.Type) {
	t = bare(t)
	if t.Kind() != reflect.Struct || s[t] != nil {
		return
	}
	known := &shape{members: map[string]member{}}
	s[t] = known
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		known.members[name] = member{index: i, typ: f.Type}
		if f.Tag.Get("api") == "required" {
			known.required = append(known.required, name)
		}
		s.learn(f.Type)
	}
}

// bare strips pointers and slices off a type.
func bare(t reflect.Type) reflect.Type {
	for (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) && t != reflect.TypeFor[json.RawMessage]() {
		t = t.Elem()
	}
	return t
}

// complete reports the first required member that was not given.
func (s *shape) complete(path string, given map[string]bool) error {
	for _, name := range s.required {
		if !given[name] {
			return missing(path + name)
		}
	}
	return nil
}

// settle makes sure that a pointer points at something and returns what is to be filled.
func settle(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Pointer {
		return v
	}
	if v.IsNil() {
		v.Set(reflect.New(v.Type().Elem()))
	}
	return v.Elem()
}

// setNumber fills an integer or a fraction from its decimal form.
func setNumber(v reflect.Value, text, path string) error {
	switch v.Kind() {
	case reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return wrongType(path, "an integer")
		}
		v.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return wrongType(path, "a number")
		}
		v.SetFloat(n)
	default:
		return wrongType(path, wanted(v))
	}
	return nil
}

// wanted names what a value should have been.
func wanted(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	case reflect.Int64:
		return "an integer"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}

func join(path string, index int) string { return path + "." + strconv.Itoa(index) }

// prefix is what the names of members get in front of them.
func prefix(path string) string {
	if path == "" {
		return ""
	}
	return path + "."
}

func missing(name string) error {
	return openseat.Errorf(openseat.CodeMissingParameter, "The request is missing the required parameter `%s`.", name)
}

func unknown(path string) error {
	return openseat.Errorf(openseat.CodeUnknownParameter, "The parameter `%s` is not known to this action.", path)
}

func wrongType(path, want string) error {
	if path == "" {
		return openseat.Errorf(openseat.CodeInvalidParameter, "The request is not %s.", want)
	}
	return openseat.Errorf(openseat.CodeInvalidParameter, "The parameter `%s` is not %s.", path, want)
}

func invalidValue(path, format string, args ...any) error {
	return openseat.Errorf(openseat.CodeInvalidValue, "The parameter `%s` %s.", path, fmt.Sprintf(format, args...))
}
