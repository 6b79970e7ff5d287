package evalset

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestEvaluation measures the detection on all documents and demands what was
// promised, of the held-back half by itself too. Two published rules are
// measured beside it. The manual shows the outcome (kagiban help detection): make eval.
func TestEvaluation(t *testing.T) {
	docs, err := Generate(evaluateSeed, evaluated)
	if err != nil {
		t.Fatal(err)
	}
	results, err := Scan(t.Context(), detectors.New([]byte("key")), docs)
	if err != nil {
		t.Fatal(err)
	}
	splits, families, scenarios := Table{}, Table{}, map[string]bool{}
	alike := 0
	for _, doc := range docs {
		split := "1 fitted to"
		if doc.Held {
			split = "2 held back"
		}
		a := AnswerOf(results[doc.Path])
		splits.Add(split, doc.Truth, a)
		splits.Add("3 **all**", doc.Truth, a)
		splits.Add("4 *Purview rule*", doc.Truth, Answer{Found: Purview(doc) > 0, Sure: true, Records: Purview(doc)})
		splits.Add("5 *plain grep*", doc.Truth, Answer{Found: Grep(doc) > 0, Sure: true, Records: Grep(doc)})
		families.Add("kagiban "+doc.Family, doc.Truth, a)
		families.Add("grep "+doc.Family, doc.Truth, Answer{Found: Grep(doc) > 0})
		families.Add("purview "+doc.Family, doc.Truth, Answer{Found: Purview(doc) > 0})
		if !doc.Truth.Holds {
			alike++
		}
		if doc.Truth.Holds {
			scenarios[doc.Scenario] = true
		}
	}
	if len(docs) < 2000 || alike*2 < len(docs) || len(scenarios) < 12 {
		t.Errorf("%d documents, %d look-alikes, %d scenarios: too few", len(docs), alike, len(scenarios))
	}
	for _, name := range []string{"2 held back", "3 **all**"} {
		s := splits[name]
		holding := s.TruePos + s.Miss
		if s.Precision() < 0.995 || s.Recall() < 0.995 || share(s.Records, holding) < 0.99 || share(s.Classes, holding) < 0.99 {
			t.Errorf("%s: precision %.4f, recall %.4f, records exact %.4f, classes exact %.4f", name, s.Precision(), s.Recall(), share(s.Records, holding), share(s.Classes, holding))
		}
	}
	text := evaluationText(splits, families)
	for lang, text := range map[string]string{"en": text, "ja": inJapanese().Replace(text)} {
		scantest.ManualTable(t, "../../../cmd/kagiban/help/"+lang+"/detection.md", "evaluation", text, *update) // make eval
	}
}

// inJapanese puts the words of the table into Japanese; families are names of the
// generator and stay.
func inJapanese() *strings.Replacer {
	return strings.NewReplacer(
		"| documents | files | false alarms | missed | precision | recall | 件数 exact | 人数 exact | class exact | for review only |",
		"| 文書 | ファイル数 | 誤検出 | 検出漏れ | 適合率 | 再現率 | 件数の一致 | 人数の一致 | 情報区分の一致 | 要確認のみ |",
		"| family | files | kagiban: wrong | Purview rule: wrong | plain grep: wrong |",
		"| 種類 | ファイル数 | kagiban の誤り | Purview の規則の誤り | 単純な grep の誤り |",
		"| fitted to |", "| 調整に使用 |", "| held back |", "| 取り分け |", "| **all** |", "| **すべて** |", "| *Purview rule* |", "| *Purview の規則* |", "| *plain grep* |", "| *単純な grep* |",
	)
}

// evaluationText is the outcome for the manual.
func evaluationText(splits, families Table) string {
	var b strings.Builder
	b.WriteString("| documents | files | false alarms | missed | precision | recall | 件数 exact | 人数 exact | class exact | for review only |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, line := range strings.Split(strings.TrimSpace(splits.Markdown("")), "\n") {
		b.WriteString("| " + line[4:] + "\n") // without the number that orders it
	}
	b.WriteString("\n| family | files | kagiban: wrong | Purview rule: wrong | plain grep: wrong |\n|---|---|---|---|---|\n")
	for _, line := range strings.Split(strings.TrimSpace(families.Markdown("kagiban ")), "\n") {
		name := strings.TrimSpace(strings.Split(line, "|")[1])
		wrong := func(rule string) int { s := families[rule+" "+name]; return s.FalsePos + s.Miss }
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", name, families["kagiban "+name].Docs, wrong("kagiban"), wrong("purview"), wrong("grep"))
	}
	return b.String()
}
