package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"openseat/core/flow"
)

// TestLinks follows every link of the documentation that stays in the repository, to its heading.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, file := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(prose(t, file), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := file
			if target != "" {
				path = filepath.Join(filepath.Dir(file), target)
			}
			info, err := os.Stat(path)
			switch {
			case err != nil:
				t.Errorf("%s: %s leads nowhere", file, m[1])
			case anchor != "" && (info.IsDir() || !slices.Contains(anchors(t, path), anchor)):
				t.Errorf("%s: %s has no such heading", file, m[1])
			}
		}
	}
}

// TestFlowOfTheGuide publishes, so to speak, the flow that the guide shows.
func TestFlowOfTheGuide(t *testing.T) {
	_, rest, _ := strings.Cut(text(t, root("docs/guides/flows.md")), "```json\n")
	definition, _, _ := strings.Cut(rest, "```")
	if _, err := flow.Parse([]byte(definition)); err != nil {
		t.Error(err)
	}
}

func root(path string) string { return filepath.Join("..", "..", filepath.FromSlash(path)) }

// documents lists the README files, the documentation and the examples'.
func documents(t *testing.T) []string {
	files := []string{root("README.md"), root("README.zh.md"), root("CHANGELOG.md"), root("examples/README.md")}
	err := filepath.WalkDir(root("docs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func text(t *testing.T, file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// prose is a document without its blocks and pieces of code.
func prose(t *testing.T, file string) string {
	all := regexp.MustCompile("(?ms)^```.*?^```").ReplaceAllString(text(t, file), "")
	return regexp.MustCompile("`[^`\n]*`").ReplaceAllString(all, "")
}

// anchors are the headings of a document as links name them.
func anchors(t *testing.T, file string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text(t, file), -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		found = append(found, strings.ReplaceAll(name, " ", "-"))
	}
	return found
}
