package vocab

import "testing"

// TestFields checks the examples that each field carries.
func TestFields(t *testing.T) {
	v := New(Number{Fields: []Field{{Role: Pension, Full: "基礎年金番号", Headings: Within("年金番号")}}}, Own{})
	for i, f := range v.fields[1:] {
		if len(f.Yes) == 0 || len(f.No) == 0 {
			t.Errorf("field %d (%q) has no examples of headings", i, f.Headings[0])
		}
		for _, h := range f.Yes {
			if r, _ := v.Role(Fold(h)); r != f.Role {
				t.Errorf("heading %q is of role %d, want %d", h, r, f.Role)
			}
		}
		for _, h := range f.No {
			if ok, _ := f.Matches(Fold(h)); ok {
				t.Errorf("heading %q is taken for %q", h, f.Headings[0])
			}
		}
	}
}

func TestWord(t *testing.T) {
	for _, c := range []struct {
		word      Word
		heading   string
		in, exact bool
	}{
		{Within("住所")[0], "現住所", true, true},
		{Within("住所")[0], "請求者の現在の住所について", true, false},
		{Within("住所")[0], "居所", false, false},
		{Whole("姓")[0], "姓", true, true},
		{Whole("姓")[0], "同姓", false, false},
		{Ending("漢字")[0], "氏名漢字", true, true},
		{Ending("漢字")[0], "漢字氏名", false, false},
	} {
		if in, exact := c.word.in(c.heading); in != c.in || exact != c.exact {
			t.Errorf("%v in %q: %v, exact %v", c.word, c.heading, in, exact)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{"基 礎 年 金\n番 号": "基礎年金番号", "ｷｿﾈﾝｷﾝ": "キソネンキン", "ＮＥＮＫＩＮ＿ＮＯ．": "nenkinno", "（）": ""} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNearly(t *testing.T) {
	for heading, want := range map[string]bool{"基礎年金番合": true, "基楚年金番号": true, "基年金番号": true, "基礎の年金番号": true, "基礎控除番号": false, "年金番号": false} {
		if got := nearly(heading, "基礎年金番号"); got != want {
			t.Errorf("nearly(%q) = %v", heading, got)
		}
	}
}

func TestPartOf(t *testing.T) {
	for heading, want := range map[string]Role{"基礎年金番号課所符号": Office, "基礎年金番号前4桁": Office, "基礎年金番号下6桁": Serial, "基礎年金番号": Pension, "基礎年金番号4桁6桁": Pension} {
		if got := PartOf(heading); got != want {
			t.Errorf("PartOf(%q) = %d, want %d", heading, got, want)
		}
	}
}

func TestForeign(t *testing.T) {
	for heading, want := range map[string]bool{"保険証券番号": true, "本人番号": false, "番号": false, "年金記号番号": false, "商品コード": true, "seqno": false} {
		if got := foreignNumber(heading); got != want {
			t.Errorf("foreignNumber(%q) = %v", heading, got)
		}
	}
	for heading, want := range map[string]bool{"番号": true, "年金記号番号": true, "伝票番号": false} {
		if got := Neutral(heading); got != want {
			t.Errorf("Neutral(%q) = %v", heading, got)
		}
	}
}

// TestOwn has the words of an organisation in headings and in text.
func TestOwn(t *testing.T) {
	v := New(Number{Fields: []Field{{Role: Pension, Headings: Within("年金番号")}}, Labels: []string{"年金"}, Leads: []string{"は", "番号"}, Hints: []string{"年金"}},
		Own{Headings: []string{"共済長期番号", "－"}, StopWords: []string{"抽選"}, Others: []string{"会員証"}})
	r := v.NewReader()
	for text, want := range map[string]Role{"共済長期番号": Pension, "抽選年金番号": Other, "会員証": Other, "年金番号": Pension, "年金番号=1": None, "年金番号です": None} {
		for range 2 { // the second time it is remembered
			if got, _ := r.Heading([]byte(text)); got != want {
				t.Errorf("Heading(%q) = %d, want %d", text, got, want)
			}
		}
	}
	for text, want := range map[string]Announcement{"年金": AnnouncesNumber, "年金、電話": AnnouncesOther, "電話、共済長期番号": AnnouncesNumber, "年金の抽選": AnnouncesOther, "件名": AnnouncesNothing} {
		if _, got := v.LastLabel([]byte(text)); got != want {
			t.Errorf("LastLabel(%q) = %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]bool{"年金番号は ": true, "年金が増える ": false, "共済長期番号：": true, "番号は ": false} {
		if got := v.Directly([]byte(text)); got != want {
			t.Errorf("Directly(%q) = %v", text, got)
		}
	}
	for text, want := range map[string]bool{"年金": true, "共済長期番号": true, "件名": false} {
		if got := v.Speaks([]byte(text)); got != want {
			t.Errorf("Speaks(%q) = %v", text, got)
		}
	}
}

// TestTreats has sentences that are about the number, and lines that announce some.
func TestTreats(t *testing.T) {
	v := New(Number{Fields: []Field{{Role: Pension}}, Labels: []string{"基礎年金番号"}}, Own{})
	for text, want := range map[string]bool{
		"基礎年金番号の取扱いについての記録。": true, "基礎年金番号は別紙参照。": true, "基礎年金番号は電話ではお伝えできません。": true, "基礎年金番号の記録。オブジェクト番号を次に示す。": true,
		"基礎年金番号": false, "基礎年金番号は次のとおりです。": false, "基礎年金番号をお送りします。": false, "基礎年金番号一覧（取扱注意）": false, "対象者の基礎年金番号：": false,
	} {
		at, _ := v.LastLabel([]byte(text))
		if got := v.Treats([]byte(text), at); got != want {
			t.Errorf("Treats(%q) = %v", text, got)
		}
	}
}
