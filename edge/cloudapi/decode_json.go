package cloudapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"

	"openseat"
)

// jsonDecoder fills a request from JSON as the tokens come, so that nothing is built that the request has no place for.
type jsonDecoder struct {
	shapes shapes
	tokens *json.Decoder
}

// decodeJSON fills the struct that request points at.
func (s shapes) decodeJSON(body []byte, request any) error {
	if len(body) == 0 { // an action without parameters
		body = []byte("{}")
	}
	d := jsonDecoder{shapes: s, tokens: json.NewDecoder(bytes.NewReader(body))}
	d.tokens.UseNumber()
	if _, err := d.value(reflect.ValueOf(request).Elem(), ""); err != nil {
		return d.explain(err)
	}
	if _, err := d.tokens.Token(); !errors.Is(err, io.EOF) {
		return wrongType("", "one JSON object")
	}
	return nil
}

// explain turns a tokenizer's error into one for the caller; ours pass.
func (d jsonDecoder) explain(err error) error {
	var ours *openseat.Error
	if errors.As(err, &ours) {
		return err
	}
	return openseat.Errorf(openseat.CodeInvalidParameter, "The request is not valid JSON (near byte %d).", d.tokens.InputOffset())
}

// value fills v with the next value and says whether there was one: null is as good as left out.
func (d jsonDecoder) value(v reflect.Value, path string) (bool, error) {
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		return d.raw(v)
	}
	token, err := d.tokens.Token()
	if err != nil || token == nil {
		return false, err
	}
	v = settle(v)
	switch token := token.(type) {
	case string:
		if v.Kind() != reflect.String {
			return false, wrongType(path, wanted(v))
		}
		v.SetString(token)
	case bool:
		if v.Kind() != reflect.Bool {
			return false, wrongType(path, wanted(v))
		}
		v.SetBool(token)
	case json.Number:
		return true, setNumber(v, token.String(), path)
	case json.Delim:
		return true, d.composite(token, v, path)
	}
	return true, nil
}

func (d jsonDecoder) composite(open json.Delim, v reflect.Value, path string) error {
	switch {
	case open == '{' && v.Kind() == reflect.Struct:
		return d.object(v, path)
	case open == '{' && v.Type() == reflect.TypeFor[map[string]string]():
		return table[string](d, v, path)
	case open == '{' && v.Type() == reflect.TypeFor[map[string]int64]():
		return table[int64](d, v, path)
	case open == '[' && v.Kind() == reflect.Slice:
		return d.array(v, path)
	}
	return wrongType(path, wanted(v))
}

func (d jsonDecoder) object(v reflect.Value, path string) error {
	known := d.shapes[v.Type()]
	given := map[string]bool{}
	for d.tokens.More() {
		token, err := d.tokens.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the tokenizer sees to it that a key is a string
		m, ok := known.members[name]
		if !ok {
			return unknown(prefix(path) + name)
		}
		if _, twice := given[name]; twice {
			return openseat.Errorf(openseat.CodeInvalidParameter, "The parameter `%s` is given twice.", prefix(path)+name)
		}
		if given[name], err = d.value(v.Field(m.index), prefix(path)+name); err != nil {
			return err
		}
	}
	if _, err := d.tokens.Token(); err != nil { // the closing brace
		return err
	}
	return known.complete(prefix(path), given)
}

// table fills a map of texts or numbers; names are whatever is given.
func table[T any](d jsonDecoder, v reflect.Value, path string) error {
	words := map[string]T{}
	for d.tokens.More() {
		token, err := d.tokens.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if len(words) == maxElements {
			return invalidValue(path, "has more than %d elements", maxElements)
		}
		var word T
		if _, err := d.value(reflect.ValueOf(&word).Elem(), prefix(path)+name); err != nil {
			return err
		}
		words[name] = word
	}
	v.Set(reflect.ValueOf(words))
	_, err := d.tokens.Token() // the closing brace
	return err
}

func (d jsonDecoder) array(v reflect.Value, path string) error {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i := 0; d.tokens.More(); i++ {
		if i == maxElements {
			return invalidValue(path, "has more than %d elements", maxElements)
		}
		v.Grow(1)
		v.SetLen(i + 1)
		present, err := d.value(v.Index(i), join(path, i))
		if err != nil {
			return err
		}
		if !present {
			return wrongType(join(path, i), wanted(v.Index(i)))
		}
	}
	_, err := d.tokens.Token() // the closing bracket
	return err
}

func (d jsonDecoder) raw(v reflect.Value) (bool, error) {
	var raw json.RawMessage
	if err := d.tokens.Decode(&raw); err != nil {
		return false, err
	}
	if string(raw) == "null" {
		return false, nil
	}
	v.SetBytes(raw)
	return true, nil
}
