package state

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

// filled is a result in which every field that is stored as JSON has a value of
// its own, those of fields to come too.
func filled() *scan.Result {
	r := &scan.Result{}
	n := 0
	fillValue(reflect.ValueOf(r).Elem(), &n)
	r.Hashes = nil // not stored as JSON, as what follows
	r.ID, r.Revision, r.History = 0, "", scan.History{}
	for i := range r.Items {
		r.Items[i].Account = nil
	}
	r.Entry = scan.Entry{ID: r.Entry.ID, Owner: r.Entry.Owner, Folder: true}
	return r
}

func fillValue(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("text " + string(rune('a'+*n%26)))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Uint8:
		v.SetUint(uint64(1 + *n%4)) // a verdict
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fillValue(v.Index(i), n)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillValue(key, n)
		fillValue(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		if v.Type() != reflect.TypeFor[*scan.Persons]() {
			v.Set(reflect.New(v.Type().Elem()))
			fillValue(v.Elem(), n)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1_775_001_600+int64(*n), 123456000).UTC()))
			return
		}
		for i := range v.NumField() {
			fillValue(v.Field(i), n)
		}
	}
}

// The stored form is a contract with state files that exist: what an earlier
// version wrote is read, and written again to the same byte.
func TestStoredForm(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s stored
	if err := json.Unmarshal(old, &s); err != nil {
		t.Fatal(err)
	}
	got := &scan.Result{}
	s.into(got)
	text, err := json.Marshal(toStored(got))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(old), string(text)+"\n"); diff != "" {
		t.Errorf("written (-before +now):\n%s", diff)
	}
}

// No field of a result is lost on the way, those to come too.
func TestStoredFormIsComplete(t *testing.T) {
	want := filled()
	text, err := json.Marshal(toStored(want))
	if err != nil {
		t.Fatal(err)
	}
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	got := &scan.Result{}
	s.into(got)
	want.Finding = nil // a row of its own
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What an examination of nothing leaves behind is written in the same way too.
func TestStoredFormOfLittle(t *testing.T) {
	text, err := json.Marshal(toStored(&scan.Result{Items: []scan.Item{{}}}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Items":[{"Inner":null,"Format":"","Size":0,"Protection":{"verdict":"unknown","scheme":"","strength":"","notes":[]},"Skipped":"",` +
		`"Findings":{"High":{"records":0,"classes":{"number":0,"two":0,"three":0,"four":0}},"Middle":{"records":0,"classes":{"number":0,"two":0,"three":0,"four":0}},"Low":0,"Repaired":0,"Hits":null},` +
		`"Problems":null}],"Distinct":{"high":0,"middle":0},"Scanned":"0001-01-01T00:00:00Z"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
