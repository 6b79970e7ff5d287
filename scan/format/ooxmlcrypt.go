package format

import (
	"bufio"
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/offcrypto"
)

// encryptedOOXMLFormat is the compound file that Office makes of an OOXML document
// when a password to open is set (MS-OFFCRYPTO 2.3.4). Which document is
// inside only its owner knows, unless the default password opens it: then the
// package goes back to the engine.
func encryptedOOXMLFormat() scan.Format {
	return scan.Format{
		Name: "ooxml-encrypted", Version: 3, Match: isEncryptedOOXML, Open: openEncryptedOOXML,
		About: scan.About{Names: "xlsx, docx, pptx with a password (agile, standard, IRM)", Verdict: "yes", Content: scan.CoverageFull,
			Limits: "content when the default or a declared password opens it"},
	}
}

func isEncryptedOOXML(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return false
	}
	c, err := readCFB(f)
	return err == nil && c.stream("EncryptedPackage") != nil
}

func openEncryptedOOXML(_ context.Context, f *scan.File) (scan.Document, error) {
	c, err := openCFB(f)
	if err != nil {
		return nil, err
	}
	if rightsManaged(c) {
		return closed(scan.Protection{Verdict: scan.VerdictOther, Scheme: "irm"}), nil
	}
	info, err := c.text("EncryptionInfo", 1<<20)
	if err != nil {
		return nil, err
	}
	scheme, err := offcrypto.Parse(info)
	if err != nil {
		return nil, err
	}
	p := scan.Protection{Verdict: scan.VerdictPassword, Scheme: scheme.Name, Strength: scheme.Strength}
	key, err := scheme.Key(offcrypto.DefaultPassword)
	if err != nil {
		return nil, err // whether the default opens it is not known, so nothing is
	}
	k := &encryptedPackage{file: f, cfb: c, scheme: scheme, protection: p}
	if key == nil {
		if err := cfbSealedSpare(c); err != nil {
			return nil, err
		}
		return lockable{closed(p), k.unlock}, nil
	}
	k.key = key
	k.protection.Verdict, k.protection.Strength = scan.VerdictNone, ""
	k.protection.Notes = []scan.Note{scan.NoteDefaultPassword}
	return k, nil
}

// An encryptedPackage is opened with the default password, or a declared one.
type encryptedPackage struct {
	file       *scan.File
	cfb        *compound
	scheme     *offcrypto.Scheme
	protection scan.Protection
	key        []byte
}

func (k *encryptedPackage) Protection() scan.Protection { return k.protection }

// unlock tries a password.
func (k *encryptedPackage) unlock(_ context.Context, password string) (scan.Document, error) {
	key, err := k.scheme.Key(password)
	if key == nil || err != nil {
		return nil, err
	}
	opened := *k
	opened.key = key
	return &opened, nil
}

// Content hands the decrypted document back to the engine.
func (k *encryptedPackage) Content(_ context.Context, out scan.Sink) error {
	pkg := k.cfb.stream("EncryptedPackage")
	err := out.Member(scan.Member{Size: pkg.Size, Open: func() (io.ReadCloser, error) {
		r, err := k.scheme.Decrypt(k.key, bufio.NewReaderSize(k.cfb.open(pkg), 1<<20), pkg.Size)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(k.file.Bound(r)), nil
	}})
	if err != nil {
		return err
	}
	return cfbLeftovers(k.cfb, out)
}

// rightsManaged reports whether rights management, not a password, keeps the
// document (MS-OFFCRYPTO 2.2). Its data spaces alone say nothing: password
// encryption has some too, and an empty one proves nothing. What is kept has to
// be there, as an encrypted stream.
func rightsManaged(c *compound) bool {
	if !c.has("DataSpaces/TransformInfo/DRMEncryptedTransform") && !c.has("DRMContent") && !c.has("DRMEncryptedDataSpace") &&
		!c.has("DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace") {
		return false
	}
	for _, name := range []string{"EncryptedPackage", "DRMContent"} {
		e := c.stream(name)
		if e == nil || e.Size < 64 {
			continue
		}
		b := make([]byte, min(e.Size, 1<<10))
		if n, err := io.ReadFull(c.open(e), b); (err == nil || err == io.ErrUnexpectedEOF) && n > 16 && scrambled(b[8:n]) { // the size stands before
			return true
		}
	}
	return false
}
