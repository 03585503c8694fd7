package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// figure is a line of the table.
type figure struct {
	what  string
	unit  string
	runs  []float64 // one per round
	most  float64   // the target: at most this, or
	least float64   // at least this; both 0: no target, told for comparison
}

func (b *bench) add(f figure) {
	b.figures = append(b.figures, f)
	fmt.Fprintf(b.log, "  %-70s %s\n", f.what, f.measured())
}

func (f figure) target() string {
	switch {
	case f.most > 0:
		return "≤ " + number(f.most, f.unit)
	case f.least > 0:
		return "≥ " + number(f.least, f.unit)
	default:
		return "-"
	}
}

func (f figure) measured() string {
	if len(f.runs) == 1 {
		return number(f.runs[0], f.unit)
	}
	return fmt.Sprintf("%s (%s … %s)", number(median(f.runs), f.unit), number(slices.Min(f.runs), ""), number(slices.Max(f.runs), ""))
}

// ratio is what was measured as a part of the target.
func (f figure) ratio() string {
	if f.most+f.least == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", median(f.runs)/(f.most+f.least))
}

func (f figure) verdict() string {
	m := median(f.runs)
	switch {
	case f.most+f.least == 0:
		return "-"
	case f.most > 0 && m <= f.most, f.least > 0 && m >= f.least:
		return "met"
	default:
		return "**missed**"
	}
}

// number writes v with three digits that count.
func number(v float64, unit string) string {
	var s string
	switch {
	case v >= 1000:
		s = thousands(int64(v + 0.5))
	case v >= 100:
		s = fmt.Sprintf("%.0f", v)
	case v >= 10:
		s = fmt.Sprintf("%.1f", v)
	default:
		s = fmt.Sprintf("%.2f", v)
	}
	switch unit {
	case "":
		return s
	case "×", "%":
		return s + unit
	default:
		return s + " " + unit
	}
}

func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// report is the table and what belongs to it, as Markdown that reads well on a terminal.
func (b *bench) report(ctx context.Context, took time.Duration) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, on %s. %s; each figure %d times, median (least … greatest); the whole run took %s.\n\n",
		time.Now().Format("2 January 2006, 15:04"), machine(), method(ctx), b.rounds, took.Round(time.Second))
	rows := [][]string{{"figure", "target", "measured", "of target", "verdict"}}
	for _, f := range b.figures {
		rows = append(rows, []string{f.what, f.target(), f.measured(), f.ratio(), f.verdict()})
	}
	writeTable(&out, rows)
	if len(b.notes) > 0 {
		out.WriteString("\n")
	}
	for _, n := range b.notes {
		out.WriteString("- " + n + "\n")
	}
	return out.String()
}

func writeTable(out *strings.Builder, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(out, "| %-*s ", width[i], cell)
		}
		out.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i := range row {
			out.WriteString("|" + strings.Repeat("-", width[i]+2))
		}
		out.WriteString("|\n")
	}
}

// machine names what this ran on.
func machine() string {
	name := runtime.GOARCH
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	system := runtime.GOOS
	if b, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		system += " " + strings.TrimSpace(string(b))
	}
	return fmt.Sprintf("%d cores of %s, %s, %s", runtime.NumCPU(), name, system, runtime.Version())
}

// The table stands between these lines of the document.
const (
	tableBegins = "<!-- make bench: begin -->\n"
	tableEnds   = "<!-- make bench: end -->\n"
)

// writeInto replaces the table in a document.
func writeInto(path, table string) error {
	doc, err := os.ReadFile(path) //nolint:gosec // G304: the caller's own file
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(doc, []byte(tableBegins))
	_, after, ok2 := bytes.Cut(rest, []byte(tableEnds))
	if !ok || !ok2 {
		return errors.New(path + " has no place for the table")
	}
	doc = slices.Concat(before, []byte(tableBegins), []byte("\n"+table+"\n"), []byte(tableEnds), after)
	return os.WriteFile(path, doc, 0o600) //nolint:gosec // G703: the same
}
