package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/mail"

	"github.com/kagiban/kagiban/scan"
)

// mailHeaderMax bounds the header of a message: those of long distribution
// lists and many hops stay below a hundred kilobytes. The library reads a header
// whole, whatever its length.
const mailHeaderMax = 1 << 20

// readMail reads a message with what of its header has room. More of it is
// passed over and reported.
func readMail(r io.Reader, out scan.Sink) (*mail.Message, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, cut, err := mailHeader(in)
	if err != nil {
		return nil, err
	}
	if cut {
		out.Problem(fmt.Errorf("mail-header of more than %d bytes: %w", mailHeaderMax, &scan.LimitError{Limit: "mail-header"}))
	}
	msg, err := mail.ReadMessage(io.MultiReader(bytes.NewReader(head), in))
	if err != nil {
		return nil, malformed("mail: %v", err)
	}
	return msg, nil
}

// mailHeader takes the lines up to the first blank one (RFC 5322 section 2.1),
// those that have room. Fields stay whole but for the last, which may lose lines
// by which it goes on.
func mailHeader(in *bufio.Reader) (head []byte, cut bool, err error) {
	begins := true // a line
	whole := 0     // bytes of lines that are whole
	for {
		piece, err := in.ReadSlice('\n')
		blank := begins && len(bytes.TrimRight(piece, "\r\n")) == 0 && err == nil
		if !cut && len(head)+len(piece) > mailHeaderMax {
			cut, head = true, head[:whole]
		}
		if !cut || blank {
			head = append(head, piece...)
		}
		if begins = err == nil; begins && !cut {
			whole = len(head)
		}
		switch {
		case blank, err == io.EOF:
			return head, cut, nil
		case err != nil && err != bufio.ErrBufferFull:
			return nil, false, err
		}
	}
}
