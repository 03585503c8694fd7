// Package bus is OpenSeat's log and messaging engine: NATS JetStream, embedded or external. It implements what package live
// asks for (Journal, Leases, Snapshots, Remote) and serves the readers of the journal.
//
//	JOURNAL     stream  journal.<SdkAppId>.<kind>.<id>   one message per entry, kept for days
//	nodes       bucket  <node>                           heartbeats, one a second
//	leases      bucket  <SdkAppId>.<kind>.<id>           who runs which thing
//	snapshots   bucket  <SdkAppId>.<kind>.<id>.…         state of things beside the journal
//	cursors     bucket  <consumer>                       how far each consumer has read, and which node it runs on
//	tokens      bucket  <sha256>                         what serves once
//	notice.>    plain   cluster-wide notices, not kept
//	node.>      plain   requests from node to node
//
// A node's name in the cluster has two parts: the configured name, and a random one of this life of the process. So a node
// that was restarted is never taken for its former self, whose things it takes over at once.
//
// Everything works the same with nats-server 2.9 (Debian's); nothing newer is asked for. That is why tokens expire by a time
// written in them, why consumers keep cursors of their own instead of filtering by many subjects, and why what ends is purged
// rather than deleted (a delete marker without a time to live would stay for ever).
//
// # Concurrency
//
// All methods are safe for concurrent use. Appends of many goroutines travel on one connection and are acknowledged in any
// order. Handlers of Consume, Watch and Subscribe are called from goroutines of the bus; each says in what order.
package bus
