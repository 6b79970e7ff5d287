package source_test

import (
	_ "embed"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

//go:embed testdata/impacket.py
var impacketServer string

// serveImpacket starts the file server of impacket over a folder: another
// implementation, which answers with less than MS-SMB2 wants.
func serveImpacket(t *testing.T, dir string) (port string) {
	t.Helper()
	const python = "/usr/bin/python3" // where Debian's package is seen
	if out, err := exec.Command(python, "-c", "import impacket").CombinedOutput(); err != nil {
		if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
			t.Fatalf("impacket is required: %v: %s", err, out)
		}
		t.Skipf("needs impacket (Debian: python3-impacket): %v", err)
	}
	script := filepath.Join(t.TempDir(), "server.py")
	write(t, script, impacketServer, 0o600)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	cmd := exec.Command(python, script, dir, port)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	for range 200 {
		if conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port)); err == nil {
			_ = conn.Close()
			return port
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("impacket does not answer: %s", said.String())
	return ""
}

// Another server says the same of the same files.
func TestSMBRunOtherServer(t *testing.T) {
	t.Parallel()
	dir, _ := office(t)
	server := &samba.Server{Host: "127.0.0.1", Port: serveImpacket(t, dir), User: "kagiban", Password: "kagiban-demo"}
	local := newDrill(t, server, source.Options{})
	local.target = dir // Samba shows some names in another form
	local.run(time.Minute)
	clean := local.judged()
	d := newDrill(t, server, source.Options{
		Password: func() (string, error) { return "kagiban-demo", nil }, Stall: 20 * time.Second,
		Notice: func(text scan.Text) { t.Logf("notice: %s", text) },
	})
	sum := d.run(2 * time.Minute)
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("the run is incomplete: %v", err)
	}
	d.isClean(sum, clean)
}
