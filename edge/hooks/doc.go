// Package hooks asks the company's own servers what a call wants to know, and has them do what it wants done: a flow's HTTP
// and SMS nodes (call.Fetch, call.SendText), and the interface of a number, which says who answers it (call.AskRoute). It is
// an executor beside the exchange: nothing in it blocks a call, answers come back as events, and a call that hears nothing
// goes on by itself.
//
// Whoever writes a flow chooses addresses, and a customer may choose parts of them. So no request goes where only we could
// reach: loopback, private and link-local networks, and what else is not the public Internet, are refused when the
// connection is made, after names were resolved (Guard). The operator may allow networks of his own.
package hooks
