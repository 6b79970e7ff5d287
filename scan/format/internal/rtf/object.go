package rtf

import "io"

// A Span is the range that an object takes in the room.
type Span struct{ Off, Size int64 }

// data collects the data of objects, which stand in hexadecimal.
type data struct {
	room  io.Writer
	buf   []byte
	half  bool
	at    int64 // bytes in the room, with those of buf
	from  int64 // where the present object begins
	spans []Span
	err   error
}

// objectsMax bounds the objects of a document that are kept apart.
const objectsMax = 1 << 16

func (d *data) add(digit byte) {
	if d.half = !d.half; d.half {
		d.buf = append(d.buf, digit<<4)
		d.at++
		return
	}
	d.buf[len(d.buf)-1] |= digit
	if len(d.buf) >= 32<<10 {
		d.write()
	}
}

// Write takes data that stands in the document as it is.
func (d *data) Write(p []byte) (int, error) {
	d.buf = append(d.buf, p...)
	d.at += int64(len(p))
	d.half = false
	d.write()
	return len(p), d.err
}

func (d *data) write() {
	if d.err == nil {
		_, d.err = d.room.Write(d.buf)
	}
	d.buf = d.buf[:0]
}

// end ends an object.
func (d *data) end() {
	d.write()
	d.half = false
	if d.at > d.from && len(d.spans) < objectsMax {
		d.spans = append(d.spans, Span{d.from, d.at - d.from})
		d.from = d.at
	}
}
