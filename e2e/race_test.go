//go:build race

package e2e

// raced tells that the tests look for data races; then the program they start does, too.
const raced = true
