package evalset

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"golang.org/x/text/width"

	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// A person is invented.
type person struct {
	sample.Person
	romaji string
}

// newPeople draws people whose names are wider spread than those of the sample.
func newPeople(seed uint64, n int) []person {
	r := rand.New(rand.NewPCG(seed, 99))
	family, given := strings.Fields(families), strings.Fields(givens)
	var people []person
	for _, p := range sample.NewPeople(seed+1000, n) {
		if r.IntN(10) > 0 {
			f := strings.Split(family[r.IntN(len(family))], "/")
			g := strings.Split(given[r.IntN(len(given))], "/")
			p.Family, p.FamilyKana, p.Given, p.GivenKana = f[0], f[1], g[0], g[1]
		}
		people = append(people, person{p, romajiOf(r)})
	}
	return people
}

func romajiOf(r *rand.Rand) string {
	f := []string{"SATO", "SUZUKI", "Takahashi", "Tanaka", "WATANABE", "Ito", "NGUYEN", "Mizuhara", "OKUBO", "Hirayama"}
	g := []string{"TARO", "HANAKO", "Ichiro", "Kenji", "VAN ANH", "Yumi", "KAZUO", "Michiko", "AKIRA", "Jun"}
	return f[r.IntN(len(f))] + " " + g[r.IntN(len(g))]
}

const families = "佐藤/サトウ 鈴木/スズキ 高橋/タカハシ 田中/タナカ 渡邊/ワタナベ 伊藤/イトウ 小笠原/オガサワラ 勅使河原/テシガワラ 東/アズマ 林/ハヤシ 原/ハラ 堤/ツツミ 澤田/サワダ 齊藤/サイトウ " +
	"村/ムラ 町田/マチダ 市村/イチムラ 長/チョウ 大和田/オオワダ 宇都宮/ウツノミヤ 喜多/キタ 仲村渠/ナカンダカリ 比嘉/ヒガ 金城/キンジョウ 知念/チネン 阿久津/アクツ 猪俣/イノマタ 五味/ゴミ 六車/ムグルマ 七尾/ナナオ " +
	"八木/ヤギ 九鬼/クキ 十河/ソゴウ 一ノ瀬/イチノセ 二階堂/ニカイドウ 三宅/ミヤケ 四方/シカタ 都築/ツヅキ 県/アガタ 郡司/グンジ 関/セキ 津田/ツダ 江口/エグチ 出口/デグチ 入江/イリエ 我妻/アガツマ 安倍/アベ 芦田/アシダ " +
	"柏木/カシワギ 桐生/キリュウ 榊原/サカキバラ 椎名/シイナ 楠本/クスモト 樫村/カシムラ 梶/カジ 畠山/ハタケヤマ 真鍋/マナベ 結城/ユウキ 綾部/アヤベ 茅野/チノ 蓮見/ハスミ 薄井/ウスイ 諏訪/スワ 鎌田/カマタ 雨宮/アメミヤ 飛田/ヒダ"

const givens = "太郎/タロウ 花子/ハナコ 健/ケン 恵/メグミ 優/ユウ 翼/ツバサ 莉子/リコ 大翔/ヒロト 陽菜/ハルナ さくら/サクラ ひろし/ヒロシ トメ/トメ キヨ/キヨ 久子/ヒサコ 美津子/ミツコ 喜一郎/キイチロウ 龍之介/リュウノスケ " +
	"正/タダシ 実/ミノル 薫/カオル 忍/シノブ 司/ツカサ 力/チカラ 光/ヒカル 学/マナブ 豊/ユタカ 貴美子/キミコ 加奈子/カナコ 紗也香/サヤカ 雄一/ユウイチ 憲司/ケンジ 敬三/ケイゾウ 丈夫/タケオ 登/ノボル 静江/シズエ 房江/フサエ"

// kanjiOf writes a name as lists do.
func kanjiOf(d *draft, p *person) string {
	switch d.IntN(10) {
	case 0, 1, 2:
		return p.Family + " " + p.Given
	case 3:
		return p.Family + p.Given
	}
	return p.Family + "　" + p.Given
}

// drawBirthStyle draws one way to write a date of birth for a whole table.
func drawBirthStyle(d *draft) func(*person) string {
	switch d.IntN(9) {
	case 0:
		return func(p *person) string { return p.Birth.Format("2006/01/02") }
	case 1:
		return func(p *person) string { return p.Birth.Format("2006/1/2") }
	case 2:
		return func(p *person) string { return p.Birth.Format("20060102") }
	case 3:
		return func(p *person) string { return p.Birth.Format("2006年1月2日") }
	case 4:
		return func(p *person) string { return p.ShortEra() }
	case 5:
		return func(p *person) string { return strings.ReplaceAll(p.ShortEra(), ".", "/") }
	case 6:
		return func(p *person) string { return width.Widen.String(p.Era()) }
	case 7:
		return func(p *person) string { return p.ISO() }
	}
	return func(p *person) string { return p.Era() }
}

// drawAddress writes where somebody lives.
func drawAddress(d *draft, p *person) string {
	switch d.IntN(5) {
	case 0:
		return width.Widen.String(p.Address)
	case 1:
		return p.Address + fmt.Sprintf(" %s%d号室", d.any("コーポ青葉", "メゾン桜", "第２山田荘"), d.between(101, 909))
	case 2:
		return "〒" + p.Postal + " " + p.Address
	}
	return p.Address
}

// A style is one way to write the number; sure says that the shape helps.
type style struct {
	write   func(p *person) string
	spaced  bool // counts only with a label
	numeric bool
}

// hyphens are the signs that stand for one in files.
func hyphens() []string {
	return []string{"-", "‐", "‑", "‒", "–", "—", "―", "−", "－", "﹣", "ー", "ｰ"}
}

func drawNumberStyle(d *draft, labelled bool) style {
	n := 8
	if labelled {
		n = 13
	}
	switch d.IntN(n) {
	case 0, 1, 2:
		return style{write: func(p *person) string { return p.Hyphen() }}
	case 3:
		h := hyphens()[d.IntN(len(hyphens()))]
		return style{write: func(p *person) string { return fmt.Sprintf("%04d%s%06d", p.Number/1e6, h, p.Number%1e6) }}
	case 4:
		return style{write: func(p *person) string { return p.Wide() }}
	case 5:
		return style{write: func(p *person) string { return " " + p.Hyphen() + "　" }}
	case 6:
		return style{write: func(p *person) string { return "'" + p.Hyphen() }}
	case 7:
		return style{write: func(p *person) string { return fmt.Sprintf("%s-%d", p.Hyphen(), drawPensionCode(d)) }}
	case 8:
		return style{write: func(p *person) string { return p.Bare() }}
	case 9:
		return style{write: func(p *person) string { return p.LostZero() }, numeric: true}
	case 10:
		return style{write: func(p *person) string { return fmt.Sprintf("%04d %06d", p.Number/1e6, p.Number%1e6) }, spaced: true}
	case 11:
		return style{write: func(p *person) string { return fmt.Sprintf("%04d.%06d", p.Number/1e6, p.Number%1e6) }, spaced: true}
	}
	return style{write: func(p *person) string { return width.Widen.String(p.Bare()) }}
}

func drawPensionCode(d *draft) int {
	return []int{1150, 1350, 1450, 5350, 5950, 6350, 6450, 2650, 1170, 1370, 1470}[d.IntN(11)]
}
