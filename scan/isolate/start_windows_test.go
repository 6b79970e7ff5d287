package isolate

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// A process starts with the restricted token, in the job.
func TestStartsRestricted(t *testing.T) {
	token, err := restrictedToken()
	if err != nil || token == 0 {
		t.Fatalf("no token: %v", err)
	}
	_ = token.Close()
	start, stop := launch()
	defer stop()
	cmd := exec.Command(os.Args[0], "-test.run", "^$")
	if err := start(cmd); errors.Is(err, errStartAgain) {
		t.Fatal("it does not start with the token")
	} else if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
