// Package store keeps what people look up: the set-up, call records, recordings, data-push deliveries, agents' status
// history and archived transcripts. One text of SQL runs on SQLite (in the data folder) and on PostgreSQL.
//
// Concurrency: a DB may be used by any number of goroutines. On SQLite all writes go through one connection, one after
// another, while reads run beside them on connections of their own (write-ahead log); on PostgreSQL both share one pool.
// Every exported method is one transaction. Every method that concerns an instance takes its AppID, and no row of another
// instance can be read or changed through it.
//
// Errors are openseat.Error where the caller can do something about it; everything else is wrapped with what was being done.
package store
