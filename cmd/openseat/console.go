package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/edge/cloudapi"
	"openseat/edge/console"
)

// newConsole makes the console's door.
func (n *Node) newConsole() *console.Console {
	return console.New(console.Config{
		Office: n.office, Store: n.db, Views: views{n.views}, Pages: console.Built(), Log: n.log, Now: time.Now, Base: n.opts.base(),
	})
}

// hasPages tells whether the console's pages were built.
func hasPages(built fs.FS) bool {
	_, err := fs.Stat(built, "index.html")
	return err == nil
}

// setupCode is what a person copies from the terminal.
const setupCode = 8

// offerSetUp lets whoever reads the terminal set a new server up.
func (n *Node) offerSetUp(stdout io.Writer) {
	if len(n.views.All()) > 0 {
		return
	}
	n.console.SetupCode = rand.Text()[:setupCode]
	fmt.Fprintf(stdout, "Nothing is set up yet: open %s/console/ and enter the code %s\n", n.opts.base(), n.console.SetupCode)
}

// people is who is inside the console, as the cloud API wants it.
type people struct{ console *console.Console }

// Who implements cloudapi.People.
func (p people) Who(r *http.Request) (cloudapi.Person, error) {
	who, err := p.console.Who(r)
	return cloudapi.Person{App: who.App, User: who.User, Rights: who.Rights}, err
}

// audit writes down what people and keys change through the cloud API.
func audit(c *console.Console) func(cloudapi.Observation) {
	return func(o cloudapi.Observation) {
		if !o.Write || o.App == openseat.AppID(0) {
			return
		}
		actor := o.User
		if actor == "" {
			actor = o.SecretID
		}
		c.Note(context.Background(), org.AuditEntry{App: o.App, Actor: actor, Action: o.Action, Code: o.Code})
	}
}

// both tells two who watch the cloud API.
func both(one, other func(cloudapi.Observation)) func(cloudapi.Observation) {
	return func(o cloudapi.Observation) {
		one(o)
		other(o)
	}
}
