// Package web serves the look-up of numbers to a call centre of one computer: a
// loopback address or a socket, a token, JSON and one page. It is the only
// package of the commands with a network. What is asked stands in the body of a
// request, never in an address, and nothing of it is kept, logged or sent back.
package web
