package cloudapi_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// codesIn finds the error codes that the sources of these folders name.
func codesIn(t *testing.T, folders ...string) []string {
	t.Helper()
	code := regexp.MustCompile(`(?:[Cc]ode\w+\s*=\s*|Errorf\()"([A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)?)"`)
	var codes []string
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(source), -1) {
				codes = append(codes, m[1])
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func newRecorder(h *house, q request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, q.signed())
	return w
}
