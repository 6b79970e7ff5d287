package detectors

// slipField is numbers of things: slips, orders, products, receipts, serials.
func slipField() field {
	return field{
		kind: kindOther,
		headings: []string{
			"伝票", "注文", "管理番号", "=連番", "通し番号", "受付番号", "整理番号", "受注", "発注", "請求書", "請求番号", "請求no", "請求金額", "契約番号", "案件", "商品", "製品", "品番", "型番", "資産", "備品", "シリアル", "ロット", "文書番号", "起案", "決裁番号", "jan", "barcode", "バーコード", "order", "invoice", "serial", "ticket", "チケット", "追跡番号", "問合せ番号", "送り状", "=no", "項番", "回線", "カード", "整理券", "抽選", "応募", "予約", "端末", "製造",
		},
		yesHeadings: []string{"伝票番号", "注文No", "管理番号", "連番", "受付番号", "JANコード", "整理番号", "商品コード", "No.", "文書番号", "Serial Number"},
		noHeadings:  []string{"基礎年金番号", "一連番号（年番）", "番号", "氏名"},
	}
}
