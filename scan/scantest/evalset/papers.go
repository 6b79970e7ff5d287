package evalset

import "fmt"

func identifiers(d *draft) {
	d.kind = d.any("csv", "text")
	d.add("id", "url", "hash", "path")
	for range drawSize(d) {
		d.add(fmt.Sprintf("%08x-%04x-4%03x-%04d-%06d%06x", d.Uint32(), d.IntN(65536), d.IntN(4096), d.between(1000, 9999), d.between(0, 999999), d.IntN(1<<24)),
			fmt.Sprintf("https://example.jp/a/%d-%06d/p?id=%d", d.between(1000, 9999), d.between(0, 999999), d.ten()),
			fmt.Sprintf("%d%016x", d.ten(), d.Uint64()), fmt.Sprintf("/data/%d_%06d.csv", d.between(1000, 9999), d.between(0, 999999)))
	}
}

func logs(d *draft) {
	d.kind = "text"
	for range d.between(20, 200) {
		m := d.moment()
		d.addf("%s %s [%d] id=%d ts=%d %s", m.Format("2006-01-02T15:04:05Z"), d.any("INFO", "WARN", "ERROR"), d.between(1000, 99999), d.ten(), m.Unix(),
			d.any("接続しました", "timeout after 1234567890 ns", fmt.Sprintf("session %d closed", d.ten()), fmt.Sprintf("job 2024-%06d finished", d.between(0, 999999)), fmt.Sprintf("年金システム バッチ開始 %s", m.Format("0601021504"))))
	}
}

func statements(d *draft) {
	d.book()
	d.add("口座番号", "1234567", "", "普通")
	d.add(d.word([]string{"取引日", "日付"}), d.word([]string{"摘要", "お取引内容"}), "お支払金額", "お預り金額", d.word([]string{"残高", "差引残高"}), "取引番号")
	balance := int64(d.between(1_000_000, 2_000_000_000))
	for range drawSize(d) {
		balance += int64(d.between(-500000, 900000))
		d.add(d.moment().Format("2006-01-02"), d.any("年金 厚生労働省", "カード", "振込 ｶ)ｶｸｳｼﾖｳｼﾞ", "電気", "ATM", "国民年金 引落"), fmt.Sprint(d.between(0, 99999)), "", fmt.Sprint(balance), fmt.Sprint(d.ten()))
	}
}

func pressRelease(d *draft) {
	d.kind = "text"
	d.add("報道関係者　各位")
	d.add("日本年金機構の個人情報流出について")
	d.add("流出したと思われるのは、年金加入者の基礎年金番号、氏名、生年月日、住所の情報であり、合計約125万件です。")
	d.add("　二情報（基礎年金番号、氏名） 約3.1万件 ／ 三情報 約116.7万件 ／ 四情報 約5.2万件")
	d.addf("専用電話窓口（フリーダイヤル） %s（受付時間 8:30〜21:00）", d.any("0120-818211", "0120－818211", "０１２０－８１８２１１", "0120-818-211"))
	d.add("本件に関するお問い合わせ：日本年金機構 03-5344-1120")
	if d.chance(60) {
		d.add("基礎年金番号の変更等のお手続きについては 0120-818211 まで")
		d.add("お客様の基礎年金番号を電話でお尋ねすることはありません。")
	}
	if d.chance(30) {
		d.add("（参考）ねんきんダイヤル 0570-05-1165、050で始まる電話からは 03-6700-1165")
	}
}

func statistics(d *draft) {
	d.book()
	d.name = d.any("厚生年金事業統計", "受給者数の推移", "都道府県別 被保険者数", "国民年金 納付状況")
	d.add("都道府県別 厚生年金・国民年金の状況")
	d.add("都道府県", "受給者数", "年金総額（円）", "被保険者数", d.any("基礎年金番号 付番件数", "平均年金額"))
	for _, pref := range []string{"北海道", "青森", "岩手", "宮城", "秋田", "東京", "神奈川", "大阪", "福岡", "沖縄"} {
		d.add(pref, fmt.Sprint(d.between(10000, 999999)), fmt.Sprint(d.ten()), fmt.Sprint(d.between(10000, 9999999)), fmt.Sprint(d.between(1000, 999999)))
	}
	d.add("合計", "5234567", "9876543210", "", "")
}

func blankForms(d *draft) {
	d.book()
	d.name = d.word(pensionFileNames())
	d.add(d.any("資格取得届", "年金請求書（様式第101号）"))
	d.add("基礎年金番号", "", "氏名", "")
	d.add("生年月日", "", "住所", "")
	d.add("電話番号", d.any("", "0120-818211", "03-5344-1120"))
	d.add("様式番号", d.any("2014-000123", "第0123-456789号", "20140401"))
	if d.chance(50) {
		d.add(d.word(numberHeads()), d.word(nameHeads()), d.word(birthHeads()))
		for range d.between(3, 20) {
			d.add("", "", "")
		}
		d.add("記入例", "年金 太郎", "昭和30年1月2日")
	}
}

func documents(d *draft) {
	if d.chance(50) {
		d.kind = "text"
		for range d.between(2, 10) {
			d.addf(d.any("年管発%04d第%d号 通知（文書番号 %[1]d-%06[2]d）", "事務連絡 %d-%06d 平成26年4月1日", "管理番号 %d-%06d の件、年金局 確認済", "決裁 第%d-%06d号　国民年金課"), d.between(2000, 2016), d.between(1, 999999))
		}
		return
	}
	d.list([]string{"文書番号", "契約番号", "工事番号", "入札番号", "決裁番号", "資産番号", "図面番号", "稟議No"}, func(*person) string {
		return d.any(fmt.Sprintf("%d-%06d", d.between(2000, 2016), d.between(1, 9999)), fmt.Sprintf("%04d-%06d", d.between(101, 9999), d.between(1, 999999)))
	})
}

func manuals(d *draft) {
	d.kind = "text"
	d.add("基礎年金番号について")
	d.add("基礎年金番号は4桁－6桁の10桁の数字で表されます。（例）1234-567890")
	d.add("平成9年1月から使われています。年金手帳・年金証書で確認できます。")
	d.addf("照会先：ねんきんダイヤル %s", d.any("0570-05-1165", "0570-051165", "03-6700-1165"))
	if d.chance(50) {
		d.addf("改訂 %s / 文書番号 %04d-%06d", d.moment().Format("2006-01-02"), d.between(2005, 2016), d.between(1, 9999))
	}
	if d.chance(40) {
		d.addf("https://www.example.jp/service/jukyu/%d%06d.html", d.between(2010, 2016), d.between(1, 999999))
	}
}
