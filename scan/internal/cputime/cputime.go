// Package cputime tells how much processor time this process has used, so that
// a decoder that works can be told from one that waits for its turn.
package cputime
