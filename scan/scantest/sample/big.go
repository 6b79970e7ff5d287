package sample

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
)

// bigList is a list of some megabytes in which the same people come again and
// again, so that records and persons differ.
func bigList(p []Person, n int) (doc, error) {
	many := make([]Person, 30_000)
	for i := range many {
		many[i] = p[i%len(p)]
	}
	b, err := separated(grid(many, colNumber(), colName(), colKana(), colEra(), colPostal(), colAddress()), ',', japanese.ShiftJIS)
	return holding("csv-some-megabytes", fmt.Sprintf("全件抽出%d.csv", n), "csv", b, many, 4), err
}

// bigLog is a log of some megabytes.
func bigLog(_ []Person, n int) (doc, error) {
	var b strings.Builder
	at := time.Date(2015, 4, 1, 0, 0, 0, 0, time.UTC)
	for i := range 40_000 {
		at = at.Add(time.Duration(i%7+1) * time.Second)
		fmt.Fprintf(&b, "%s INFO [job-%05d] epoch=%d host=nk%02d 処理完了 %d件 %dms request=%08x-%04x\n", at.Format(time.RFC3339), i%99999, at.Unix(), i%40, i%500, i%900, i*2654435761%4294967296, i%65536)
	}
	return none("log-some-megabytes", fmt.Sprintf("batch%d.log", n), "text", []byte(b.String())), nil
}
