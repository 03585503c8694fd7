package openseat_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "openseat"

// everything is the right to import any package of ours.
const everything = "*"

// house is the whole import table: a package that is not in it must not exist, an import that is not in its line must
// not either. "core/*" stands for every package right below core. A new arrow is a new word here, and reviewed as one.
var house = map[string][]string{
	module: {}, // the vocabulary

	"live":          {module},
	"live/livetest": {module, "live"}, // a journal in memory, for tests
	"bus":           {module, "live"},
	"blob":          {module},

	"core/org":           {module},
	"core/acd":           {module},
	"core/flow":          {module},
	"core/call":          {module, "core/org", "core/acd", "core/flow"},
	"core/call/calltest": {module, "core/*"}, // calls and their board in virtual time, for tests
	"core/desk":          {module, "core/org", "core/acd", "core/flow"},
	"core/campaign":      {module, "core/*"},
	"core/report":        {module, "core/*"},

	"store":            {module, "core/*", "live", "store/migrations"},
	"store/migrations": {},
	"store/storetest":  {module, "core/*", "live", "store"}, // the suite that every backend of store passes

	"voice":       {module, "core/*", "voice/media"},
	"voice/media": {},
	"voice/sip":   {module, "core/*", "voice", "voice/media"},
	"voice/rtc":   {module, "core/*", "voice", "voice/media"},

	"chat":         {module, "core/*"},
	"chat/channel": {module, "core/*", "chat"},

	"api":              {module},
	"api/internal/gen": {module, "api"}, // writes what is generated from api
	"api/internal/ts":  {},
	"edge/*":           {module, "core/*", "api"},

	"sim/*": {"api", "voice/media", "sim/*"}, // only what an outsider has

	"cmd/openseat":    {everything}, // the wiring diagram
	"bench":           {everything}, // measures what it likes
	"scripts/testsum": {},
}

// house4tests is what a package's test files may import besides what the package itself may.
var house4tests = map[string][]string{
	"store":        {"store/storetest"},
	"live":         {"live/livetest"},
	"edge/push":    {"core/call/calltest"},
	"edge/console": {"store"},
	"core/call":    {"core/call/calltest", "core/*"},
	"core/report":  {"core/call/calltest"},                             // a simulated week is recounted
	"e2e":          {"api", "voice/media", "sim/*", "store/storetest"}, // end to end: starts the binary, speaks only wire protocols
	"cmd/openseat": {everything},
}

// outside is what core must not import: it takes values in and gives values out, so all that does I/O, starts something
// or knows a wire is none of its business.
var outside = []string{
	"database/sql", "io/ioutil", "log", "log/slog", "net", "net/http", "os", "os/exec", "os/signal", "sync", "syscall",
	"github.com/nats-io/*", "github.com/emiago/*", "github.com/pion/*", "github.com/jackc/*", "github.com/coder/*",
}

func TestImports(t *testing.T) {
	for pkg, files := range packages(t) {
		may, known := allowed(house, pkg)
		mayInTests, inTests := allowed(house4tests, pkg)
		if !known && !inTests {
			t.Errorf("package %s is not in the table of the house", pkg)
			continue
		}
		for file, imports := range files {
			test := strings.HasSuffix(file, "_test.go")
			if !test && !known {
				t.Errorf("%s: %s is a folder of tests only", file, pkg)
			}
			for _, imp := range imports {
				ours, isOurs := ourName(imp)
				switch {
				case isOurs && (ours == pkg && test || match(may, ours) || test && match(mayInTests, ours)):
				case isOurs:
					t.Errorf("%s: %s must not import %s", file, pkg, ours)
				case !test && strings.HasPrefix(pkg, "core/") && match(outside, imp):
					t.Errorf("%s: %s does no I/O and starts nothing, so it must not import %s", file, pkg, imp)
				}
			}
		}
	}
}

// TestTable keeps the table honest: no line speaks of what has no line.
func TestTable(t *testing.T) {
	known := slices.Collect(maps.Keys(house))
	for _, table := range []map[string][]string{house, house4tests} {
		for pkg, may := range table {
			for _, m := range may {
				if m != everything && !slices.ContainsFunc(known, func(p string) bool { return m == p || matchOne(m, p) }) {
					t.Errorf("%s may import %s, which has no line", pkg, m)
				}
			}
		}
	}
}

// packages maps every package of the module to its files, and those to what they import, whatever the build tags say.
func packages(t *testing.T) map[string]map[string][]string {
	t.Helper()
	found := map[string]map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if file != "." && isElsewhere(file, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(file) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if pkg == "." {
			pkg = module
		}
		if found[pkg] == nil {
			found[pkg] = map[string][]string{}
		}
		imports := []string{}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, name)
		}
		found[pkg][file] = imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// isElsewhere names the folders whose Go files, if any, are not of this module's house.
func isElsewhere(file, name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		slices.Contains([]string{"testdata", "node_modules"}, name) ||
		slices.Contains([]string{"bin", "data", "docs", "examples", "sdk", "web"}, file)
}

func ourName(imp string) (string, bool) {
	if imp == module {
		return module, true
	}
	return strings.CutPrefix(imp, module+"/")
}

// allowed finds a package's line: its own, or that of its folder.
func allowed(table map[string][]string, pkg string) ([]string, bool) {
	if may, ok := table[pkg]; ok {
		return may, true
	}
	may, ok := table[path.Dir(pkg)+"/*"]
	return may, ok
}

func match(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return p == everything || matchOne(p, name) })
}

func matchOne(pattern, name string) bool {
	if folder, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(name, folder+"/")
	}
	return pattern == name
}
