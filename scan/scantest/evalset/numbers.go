package evalset

import (
	"fmt"
	"time"
)

func (d *draft) moment() time.Time {
	return time.Date(d.between(1998, 2026), time.Month(d.between(1, 12)), d.between(1, 28), d.IntN(24), d.IntN(60), d.IntN(60), 0, time.UTC)
}

func dateTimes(d *draft) {
	style := d.IntN(4)
	d.list([]string{"受付日時", "処理日時", "登録日時", "更新日時", "タイムスタンプ", "打刻", "受信", "作成", "日時", "timestamp", "起動", "番号"}, func(*person) string {
		m := d.moment()
		switch style {
		case 0:
			return m.Format("0601021504")
		case 1:
			return m.Format("20060102") + fmt.Sprintf("%02d", d.IntN(100))
		case 2:
			return m.Format("2006") + "-" + m.Format("010215")
		}
		return m.Format("20060102150405")
	})
}

func unixTimes(d *draft) {
	start := int64(d.between(1_000_000_000, 1_700_000_000))
	d.list([]string{"created_at", "timestamp", "epoch", "更新時刻", "ts", "time", "最終アクセス", "mtime", "登録", "last_login"}, func(*person) string {
		start += int64(d.between(1, 90000))
		return fmt.Sprint(start)
	})
}

func amounts(d *draft) {
	style := d.IntN(4)
	d.list([]string{"金額", "残高", "支給総額", "契約金額（円）", "積立金", "予算額", "売上", "保有額", "年金資産", "累計", "拠出金", "取得価額"}, func(*person) string {
		v := d.ten()
		switch style {
		case 0:
			return fmt.Sprint(v)
		case 1:
			return fmt.Sprintf("%d,%03d,%03d,%03d", v/1e9, v/1e6%1000, v/1000%1000, v%1000)
		case 2:
			return fmt.Sprintf("¥%d,%03d,%03d,%03d", v/1e9, v/1e6%1000, v/1000%1000, v%1000)
		}
		return fmt.Sprintf("%d.%02d", v, d.IntN(100))
	})
}

func slips(d *draft) {
	next := d.ten() % 9_000_000_000
	style := d.IntN(4)
	year := d.between(2010, 2016)
	d.list([]string{"伝票番号", "受付番号", "管理番号", "通し番号", "整理No", "起案番号", "申請番号", "文書管理番号", "連番", "案件番号", "問合せ番号", "送り状番号", "ID", "コード", "番号"}, func(*person) string {
		next += uint64(d.between(1, 3))
		switch style {
		case 0:
			return fmt.Sprintf("%010d", next)
		case 1:
			return fmt.Sprintf("%d-%06d", year, next%1_000_000)
		case 2:
			return fmt.Sprintf("%d-%06d-%d", year, next%1_000_000, next%9)
		}
		return fmt.Sprintf("A%010d", next)
	})
}

func orders(d *draft) {
	d.book()
	style := d.IntN(3)
	d.add(d.word([]string{"注文番号", "受注No", "オーダーID", "発注番号", "order_id", "見積番号"}), "注文日", "商品コード", "数量", "金額", d.word([]string{"お届け先", "顧客名", "氏名", "注文者"}), "電話")
	for range drawSize(d) {
		p := d.someone()
		id := fmt.Sprint(d.ten())
		switch style {
		case 1:
			id = fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999))
		case 2:
			id = fmt.Sprintf("%d-%d-%06d", d.between(100, 999), d.between(1000000, 9999999), d.between(0, 999999))
		}
		d.add(id, d.moment().Format("2006/01/02"), fmt.Sprintf("%04d-%04d", d.between(0, 9999), d.between(0, 9999)), fmt.Sprint(d.between(1, 20)), fmt.Sprint(d.between(100, 99999)), kanjiOf(d, p), p.Phone)
	}
}

func products(d *draft) {
	d.book()
	d.add("商品名", d.word([]string{"JANコード", "JAN", "品番", "バーコード", "商品コード", "型番", "SKU", "部品番号"}), d.any("在庫", "単価"), "仕入先TEL")
	style := d.IntN(4)
	for range drawSize(d) {
		code := fmt.Sprintf("49%011d", d.Int64N(1e11))
		switch style {
		case 1:
			code = fmt.Sprint(d.ten())
		case 2:
			code = fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(0, 999999))
		case 3:
			code = fmt.Sprintf("%08d", d.between(10000000, 99999999))
		}
		d.add(d.any("ボールペン 黒", "A4用紙", "封筒 長3", "トナー"), code, fmt.Sprint(d.between(1, 9999)), fmt.Sprintf("0120-%06d", d.between(100000, 999999)))
	}
}

func meters(d *draft) {
	d.list([]string{"水道お客様番号", "計器番号", "供給地点番号", "メーター番号", "ガス使用者番号", "水栓番号", "契約番号", "設備番号"}, func(*person) string {
		return d.any(fmt.Sprint(d.ten()), fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(0, 999999)), fmt.Sprintf("03-%04d-%04d-%04d", d.between(0, 9999), d.between(0, 9999), d.between(0, 9999)))
	})
}

func books(d *draft) {
	d.book()
	style := d.IntN(3)
	head := [][]string{{"ISBN", "ISBN-10", "ISBN（10桁）"}, {"特許番号", "公開番号", "出願番号"}, {"NDC", "請求記号", "資料番号"}}[style]
	d.add(d.any("書名", "名称", "タイトル"), d.word(head), d.any("著者", "発明者"), "年")
	for range drawSize(d) {
		code := fmt.Sprintf("4%09d", d.between(100000000, 999999999))
		switch style {
		case 1:
			code = fmt.Sprintf("%s%d-%06d", d.any("特開", "特願", ""), d.between(1995, 2016), d.between(1, 399999))
		case 2:
			code = fmt.Sprint(d.ten())
		}
		p := d.someone()
		d.add(d.any("年金制度の解説", "情報処理入門", "社会保障論"), code, kanjiOf(d, p), fmt.Sprint(d.between(1995, 2016)))
	}
}
