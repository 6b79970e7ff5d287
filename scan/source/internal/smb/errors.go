package smb

import (
	"context"
	"errors"
	"io"
	"io/fs"

	smb2 "github.com/cloudsoda/go-smb2"

	"github.com/kagiban/kagiban/scan"
)

// Errors that say what to do with a session.
var (
	// ErrBroken: the session or its connection is of no more use.
	ErrBroken = errors.New("connection to the server was lost")
	// ErrUnmounted: the share has to be mounted again.
	ErrUnmounted = errors.New("share was disconnected")
	// ErrBusy: the same may go well a little later.
	ErrBusy = errors.New("server is too busy")
	// ErrWrong: the server does not accept the request as it is. One that grants
	// few credits says so when it is asked for too much at once (MS-SMB2
	// 3.3.5.2.5), so the same may go well with less at a time.
	ErrWrong = errors.New("server does not accept the request")
)

// Errors of logon and mount.
var (
	ErrLogon   = errors.New("logon refused")
	ErrNTLM    = errors.New("server does not accept NTLM")
	ErrNoShare = errors.New("no such share")
)

// translate puts the library's errors into the words of this program. The
// library's own text stays as the detail.
func translate(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	cause := err
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		cause = path.Err // the caller knows the path
	}
	if kind := kindOf(cause); kind != nil {
		return scan.Errorf("%w (%w)", kind, cause)
	}
	return cause
}

func kindOf(err error) error {
	var transport *smb2.TransportError
	var invalid *smb2.InvalidResponseError
	var status *smb2.ResponseError
	switch {
	case errors.As(err, &transport), errors.As(err, &invalid), errors.Is(err, context.Canceled):
		return ErrBroken
	case errors.Is(err, smb2.ErrRequestNotAccepted):
		return ErrBusy
	case errors.As(err, &status):
		return kindOfStatus(status.Code)
	}
	return nil
}

// kindOfStatus knows the NTSTATUS values (MS-ERREF 2.3) that mean something to
// us; the library itself turns the commonest into fs.ErrNotExist and
// fs.ErrPermission.
func kindOfStatus(code uint32) error {
	switch code {
	case 0xC0000043, 0xC0000054, 0xC0000055: // SHARING_VIOLATION, FILE_LOCK_CONFLICT, LOCK_NOT_GRANTED
		return scan.ErrLocked
	case 0xC000000F, 0xC0000033, 0xC000003B, 0xC0000056, 0xC0000103, 0xC0000123:
		// NO_SUCH_FILE, OBJECT_NAME_INVALID, OBJECT_PATH_SYNTAX_BAD, DELETE_PENDING, NOT_A_DIRECTORY, FILE_DELETED
		return fs.ErrNotExist
	case 0xC0000061, 0xC0000041, 0xC00000CA: // PRIVILEGE_NOT_HELD, PORT_CONNECTION_REFUSED, NETWORK_ACCESS_DENIED
		return fs.ErrPermission
	case 0xC0000257, 0x8000002D, 0xC0000279: // PATH_NOT_COVERED, STOPPED_ON_SYMLINK, IO_REPARSE_TAG_NOT_HANDLED
		return scan.ErrLink
	case 0xC0000267: // FILE_IS_OFFLINE
		return scan.ErrOffline
	case 0xC000035C, 0xC0000203, 0xC000020C, 0xC000020D, 0xC0000128:
		// NETWORK_SESSION_EXPIRED, USER_SESSION_DELETED, CONNECTION_DISCONNECTED, CONNECTION_RESET, FILE_CLOSED
		return ErrBroken
	case 0xC00000C9: // NETWORK_NAME_DELETED
		return ErrUnmounted
	case 0xC000009A, 0xC0000205, 0xC00000B5, 0xC000005E, 0xC0000192, 0xC00000DC:
		// INSUFFICIENT_RESOURCES, INSUFF_SERVER_RESOURCES, IO_TIMEOUT; and of one that is starting, or whose
		// domain is: NO_LOGON_SERVERS, NETLOGON_NOT_STARTED, INVALID_SERVER_STATE
		return ErrBusy
	case 0xC000000D: // INVALID_PARAMETER
		return ErrWrong
	case 0xC000006D, 0xC000006A, 0xC0000064, 0xC000006E, 0xC0000070, 0xC0000071, 0xC0000072, 0xC000015B, 0xC0000193, 0xC0000224, 0xC0000234:
		// LOGON_FAILURE, WRONG_PASSWORD, NO_SUCH_USER, ACCOUNT_RESTRICTION, INVALID_WORKSTATION, PASSWORD_EXPIRED,
		// ACCOUNT_DISABLED, LOGON_TYPE_NOT_GRANTED, ACCOUNT_EXPIRED, PASSWORD_MUST_CHANGE, ACCOUNT_LOCKED_OUT
		return ErrLogon
	case 0xC0000418: // NTLM_BLOCKED
		return ErrNTLM
	case 0xC00000CC: // BAD_NETWORK_NAME
		return ErrNoShare
	}
	if code&0xFFFFFF00 == 0xC000CF00 { // CLOUD_FILE_…
		return scan.ErrOffline
	}
	return nil
}
