package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed errors.json
var catalogue []byte

// ErrorEntry is one line of the catalogue of errors: the code, and what it says in English and in Chinese.
type ErrorEntry struct {
	Code string `json:"code"`
	EN   string `json:"en"`
	ZH   string `json:"zh"`
}

// Errors lists every code the cloud API answers with, by code.
func Errors() ([]ErrorEntry, error) {
	var entries []ErrorEntry
	if err := json.Unmarshal(catalogue, &entries); err != nil {
		return nil, fmt.Errorf("errors.json: %w", err)
	}
	return entries, nil
}
