// Package scantest holds the acceptance kits that detectors, formats, sources
// and stores must pass.
package scantest
