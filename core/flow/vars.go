package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// The variables that the owner gives, or that a Run sets while it waits.
const (
	VarCaller      = "SystemCallerNumber"
	VarCallee      = "SystemCalleeNumber"
	VarSession     = "SystemSessionId"
	VarBlocked     = "SystemCallerBlocked" // "true" when the caller is on the instance's list
	VarLastAgent   = "SystemLastAgent"     // UserID of who served this customer last
	VarWaitNo      = "WaitNo"              // place in the queue, 1 is next
	VarWaitSeconds = "WaitSeconds"         // how long the wait is likely to be
	VarStaffNo     = "StaffNo"             // staff number of the agent who answered
)

// exprMemory bounds what one expression may build.
const exprMemory = 100_000

func placeholders() *regexp.Regexp { return regexp.MustCompile(`\$\{([A-Za-z][A-Za-z0-9_]{0,63})\}`) }

// fill puts the values of variables into a text. A variable that is not set is empty.
func (r *Run) fill(text string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	return placeholders().ReplaceAllStringFunc(text, func(m string) string { return r.vars[m[2:len(m)-1]] })
}

// fillURL puts values into an address, each as one piece of it: a value cannot lead to another host or path.
func (r *Run) fillURL(address string) string {
	return placeholders().ReplaceAllStringFunc(address, func(m string) string { return url.QueryEscape(r.vars[m[2:len(m)-1]]) })
}

func (r *Run) fillAll(texts map[string]string) map[string]string {
	if len(texts) == 0 {
		return nil
	}
	out := make(map[string]string, len(texts))
	for k, v := range texts {
		out[k] = r.fill(v)
	}
	return out
}

// set gives a variable a value, as far as the bounds allow.
func (r *Run) set(name, value string) {
	if _, known := r.vars[name]; !known && len(r.vars) >= maxVariables {
		return
	}
	if len(value) > maxVariable {
		value = value[:maxVariable]
		for !utf8.ValidString(value) {
			value = value[:len(value)-1]
		}
	}
	r.vars[name] = value
}

// Var is a variable's present value.
func (r *Run) Var(name string) string { return r.vars[name] }

// SetVar gives a variable a value from outside: the staff number of who answered, what a server put into the call.
func (r *Run) SetVar(name, value string) { r.set(name, value) }

// compiles tells why an expression cannot be used; a condition must be true or false.
func compiles(source string, condition bool) error {
	if strings.TrimSpace(source) == "" {
		return errors.New("is missing")
	}
	if len(source) > maxText {
		return fmt.Errorf("must have at most %d bytes", maxText)
	}
	_, err := program(source, condition)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return errors.New(first)
	}
	return nil
}

func program(source string, condition bool) (*vm.Program, error) {
	options := []expr.Option{
		expr.Env(map[string]any{}), expr.AllowUndefinedVariables(), expr.MaxNodes(1000),
		expr.DisableBuiltin("now"), // the clock is the owner's
		expr.Function("num", func(args ...any) (any, error) { return number(args[0]), nil }, new(func(any) float64)),
	}
	if condition {
		options = append(options, expr.AsBool())
	}
	return expr.Compile(source, options...)
}

// number reads what may be a text as a number; what is none is 0.
func number(v any) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(text(v)), 64)
	if err != nil {
		return 0
	}
	return f
}

// eval computes an expression over these names. One that fails (a text divided by a number) gives nil.
func eval(source string, condition bool, names map[string]any) any {
	p, err := program(source, condition)
	if err != nil {
		return nil
	}
	machine := vm.VM{MemoryBudget: exprMemory}
	v, err := machine.Run(p, names)
	if err != nil {
		return nil
	}
	return v
}

// names are the variables as an expression sees them. One that is not set is nil, and empty in a text.
func (r *Run) names() map[string]any {
	out := make(map[string]any, len(r.vars))
	for k, v := range r.vars {
		out[k] = v
	}
	return out
}

// holds tells whether a condition is true; one that cannot be computed is not.
func (r *Run) holds(condition string) bool {
	is, _ := eval(condition, true, r.names()).(bool)
	return is
}

// text is a value as a variable keeps it: texts as they are, whole numbers without a point, lists and objects as JSON.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(b)
	}
}
