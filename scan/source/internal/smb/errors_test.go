package smb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"testing"

	smb2 "github.com/cloudsoda/go-smb2"

	"github.com/kagiban/kagiban/scan"
)

func TestErrorsSpeakOurWords(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want error
	}{
		{&smb2.ResponseError{Code: 0xC0000043}, scan.ErrLocked},
		{&smb2.ResponseError{Code: 0xC0000054}, scan.ErrLocked},
		{&smb2.ResponseError{Code: 0xC0000257}, scan.ErrLink},
		{&smb2.ResponseError{Code: 0xC0000267}, scan.ErrOffline},
		{&smb2.ResponseError{Code: 0xC000CF0B}, scan.ErrOffline},
		{&smb2.ResponseError{Code: 0xC0000056}, fs.ErrNotExist},
		{&smb2.ResponseError{Code: 0xC0000061}, fs.ErrPermission},
		{&smb2.ResponseError{Code: 0xC000035C}, ErrBroken},
		{&smb2.ResponseError{Code: 0xC0000203}, ErrBroken},
		{&smb2.ResponseError{Code: 0xC00000C9}, ErrUnmounted},
		{&smb2.ResponseError{Code: 0xC000009A}, ErrBusy},
		{&smb2.ResponseError{Code: 0xC000000D}, ErrWrong},
		{&smb2.ResponseError{Code: 0xC000006D}, ErrLogon},
		{&smb2.ResponseError{Code: 0xC0000418}, ErrNTLM},
		{&smb2.ResponseError{Code: 0xC00000CC}, ErrNoShare},
		{&smb2.TransportError{Err: io.ErrUnexpectedEOF}, ErrBroken},
		{&smb2.TransportError{Err: io.EOF}, ErrBroken},
		{&smb2.InvalidResponseError{Message: "packet failed signature verification"}, ErrBroken},
		{smb2.ErrRequestNotAccepted, ErrBusy},
		{os.ErrPermission, fs.ErrPermission},
		{os.ErrNotExist, fs.ErrNotExist},
		{io.EOF, io.EOF},
	} {
		for _, err := range []error{tt.err, &fs.PathError{Op: "open", Path: `a\b`, Err: tt.err}, &fs.PathError{Op: "x", Err: fmt.Errorf("calling: %w", tt.err)}} {
			if got := translate(err); !errors.Is(got, tt.want) {
				t.Errorf("translate(%v) = %v, want %v", err, got, tt.want)
			}
		}
	}
	if translate(nil) != nil {
		t.Error("translate(nil) is an error")
	}
}
