package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// fileFormats are those that show every file, or all totals, to people and
// programs alike; the others are for one kind of program.
func fileFormats() []Format {
	return slices.DeleteFunc(List(), func(f Format) bool { return f.Name == "sarif" || f.Name == "metrics" })
}

// SARIF has a result for each file that is to be looked at, by its number, and
// what an exception covers is suppressed.
func TestSARIF(t *testing.T) {
	b := richBook(t, "ja")
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct{ ID string }
				}
			}
			Results []struct {
				RuleID, Level, BaselineState string
				Message                      struct{ Text string }
				PartialFingerprints          map[string]string
				Suppressions                 []struct{ Kind, Justification string }
			}
		}
	}
	if err := json.Unmarshal([]byte(render(t, format(t, "sarif"), b)), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name != "kagiban" || len(log.Runs[0].Tool.Driver.Rules) != 3 {
		t.Fatalf("%+v", log)
	}
	got := map[string]int64{}
	numbers := map[string]bool{}
	for _, r := range log.Runs[0].Results {
		if len(r.Suppressions) > 0 {
			got["excepted"]++
			if r.Suppressions[0].Justification == "" {
				t.Error("a suppression without a reason")
			}
		} else {
			got[r.RuleID]++
		}
		if n := r.PartialFingerprints["kagiban/v1"]; n == "" || numbers[n] {
			t.Errorf("number %q is missing or there twice", n)
		} else {
			numbers[n] = true
		}
		if r.Message.Text == "" || !slices.Contains([]string{"new", "unchanged"}, r.BaselineState) || !slices.Contains([]string{"error", "warning", "note"}, r.Level) {
			t.Errorf("%+v", r)
		}
	}
	for _, s := range []scan.Status{scan.StatusViolation, scan.StatusReview, scan.StatusUnchecked, scan.StatusExcepted} {
		if want := b.Totals.Statuses[s].Files; got[string(s)] != want {
			t.Errorf("%s: %d results, want %d", s, got[string(s)], want)
		}
	}
}

// Metrics are lines of the text format, each family announced before.
func TestMetrics(t *testing.T) {
	b := richBook(t, "en")
	text := render(t, format(t, "metrics"), b)
	for _, want := range []string{
		fmt.Sprintf("kagiban_files{status=\"violation\"} %d\n", b.Totals.Statuses[scan.StatusViolation].Files),
		fmt.Sprintf("kagiban_records{status=\"excepted\"} %d\n", b.Totals.Statuses[scan.StatusExcepted].Records),
		"kagiban_findings{change=\"overdue\"} 2\n", "kagiban_target_complete{target=\"smb://fs01/共有\"} 1\n", "kagiban_target_completed_timestamp_seconds{target=\"smb://fs03/未了\"} 0\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no line %q", want)
		}
	}
	announced := ""
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			announced = strings.Fields(name)[0]
		} else if !strings.HasPrefix(line, "# HELP ") && !strings.HasPrefix(line, announced+"{") && !strings.HasPrefix(line, announced+" ") {
			t.Errorf("line %q comes below %s", line, announced)
		}
	}
}
