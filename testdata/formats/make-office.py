#!/usr/bin/python3
"""Makes the fixtures that LibreOffice writes. Needs LibreOffice and python3-uno.

    /usr/bin/python3 make-office.py [NAME...]

All people and numbers are invented.
"""
import os
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import CellAddress

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = [
    ["氏名", "フリガナ", "基礎年金番号", "生年月日", "住所", "金額", "備考"],
    ["山田 太郎", "ヤマダ タロウ", "1234-567890", 24838, "東京都千代田区丸の内1-1-1", 123456, "①髙﨑𠮷野家"],
    ["佐藤 花子", "ｻﾄｳ ﾊﾅｺ", "0123-456789", 29221, "大阪府大阪市北区梅田2-2-2", -9876.5, ""],
    ["鈴木 一郎", "スズキ イチロウ", 123456789, 33000, "北海道札幌市中央区3-3", 0.25, "零で始まる"],
    ["高橋 桜", "タカハシ サクラ", 9876543210, 36526, "福岡県福岡市博多区4-4", 0, "最後の行"],
]


def props(**kw):
    return tuple(PropertyValue(k, 0, v, 0) for k, v in kw.items())


def start():
    profile = tempfile.mkdtemp()
    pipe = "kagiban%d" % os.getpid()
    proc = subprocess.Popen(["soffice", "--headless", "--norestore", "--nologo", "-env:UserInstallation=file://" + profile,
                             "--accept=pipe,name=%s;urp;" % pipe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(100):
        try:
            ctx = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
            return proc, ctx.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", ctx)
        except Exception:
            time.sleep(0.3)
    raise SystemExit("soffice does not answer")


def numfmt(doc, code):
    loc = uno.createUnoStruct("com.sun.star.lang.Locale")
    key = doc.NumberFormats.queryKey(code, loc, False)
    return key if key >= 0 else doc.NumberFormats.addNew(code, loc)


def book(desktop, long=False):
    """A workbook with what a reader has to know; dates are shown as ISO."""
    doc = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, props(Hidden=True))
    sheet = doc.Sheets.getByIndex(0)
    sheet.Name = "名簿"
    fill(doc, sheet)
    hidden = doc.Sheets
    hidden.insertNewByName("隠し", 1)
    second = hidden.getByName("隠し")
    second.getCellByPosition(2, 4).String = "隠れた行 2345-678901"
    second.getCellByPosition(255, 0).String = "右端の列"
    second.IsVisible = False
    if long:
        fill_long(doc)
    return doc


def fill(doc, sheet):
    iso, zeros = numfmt(doc, "YYYY-MM-DD"), numfmt(doc, "0000\\-000000")
    for r, row in enumerate(ROWS):
        for c, v in enumerate(row):
            cell = sheet.getCellByPosition(c, r)
            if isinstance(v, str):
                cell.String = v
                continue
            cell.Value = float(v)
            if c == 3:
                cell.NumberFormat = iso
            if c == 2:
                cell.NumberFormat = zeros
    sheet.getCellByPosition(0, 6).Formula = '=A2&"様"'
    sheet.getCellByPosition(1, 6).Formula = "=1+2"
    sheet.getCellByPosition(2, 6).Formula = "=1=1"
    sheet.getCellByPosition(3, 6).Formula = "=1/0"
    # runs of digits in different weight must come out as one text
    cur = sheet.getCellByPosition(0, 8).createTextCursor()
    cell = sheet.getCellByPosition(0, 8)
    cell.String = "3456-789012"
    cur = cell.createTextCursor()
    cur.gotoStart(False)
    cur.goRight(6, True)
    cur.CharWeight = 150.0
    sheet.Annotations.insertNew(uno.createUnoStruct("com.sun.star.table.CellAddress", 0, 0, 1), "注釈 4567-890123")
    style = doc.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
    style.HeaderIsOn = True
    content = style.RightPageHeaderContent
    content.CenterText.String = "見出し 5678-901234"
    style.RightPageHeaderContent = content


def fill_long(doc):
    doc.Sheets.insertNewByName("長い", 2)
    sheet = doc.Sheets.getByName("長い")
    data = tuple(("山%04d" % i + "語" * (i % 40), "x%d " % i + "abc" * (i % 30), float(i) / 4) for i in range(300))
    sheet.getCellRangeByName("A1:C300").setDataArray(data)
    sheet.getCellByPosition(0, 600).String = "長" * 9000 + "終"


def store(doc, path, filt, **kw):
    full = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    doc.storeToURL(uno.systemPathToFileUrl(full), props(FilterName=filt, **kw))
    print(path, os.path.getsize(full))


CSV = dict(FilterName="Text - txt - csv (StarCalc)", FilterOptions="44,34,76,1,,0,false,true,true,false,false,0")


def make_xls(desktop):
    doc = book(desktop, long=True)
    store(doc, "xls/libreoffice-continued-strings.xls", "MS Excel 97")
    doc.close(True)
    doc = book(desktop)
    store(doc, "xls/libreoffice-hidden-sheet.xls", "MS Excel 97")
    store(doc, "xls/libreoffice-hidden-sheet.csv", **csvargs())
    store(doc, "xls/password-rc4-40.xls", "MS Excel 97", Password="himitsu")
    store(doc, "xls/default-password-rc4-40.xls", "MS Excel 97", Password="VelvetSweatshop")
    doc.Sheets.getByIndex(0).protect("abc")
    store(doc, "xls/sheet-protected.xls", "MS Excel 97")
    doc.protect("abc")
    store(doc, "xls/structure-protected-is-default-password.xls", "MS Excel 97")
    doc.close(True)
    for name in ("xls/excel95.xls", ):
        doc = book(desktop)
        try:
            store(doc, name, "MS Excel 95")
        except Exception as e:
            print(name, "not written:", str(e)[:60])
        doc.close(True)


def make_xlsx(desktop):
    doc = book(desktop)
    store(doc, "xlsx/libreoffice-hidden-sheet.xlsx", "Calc MS Excel 2007 XML")
    store(doc, "xlsx/libreoffice-hidden-sheet.csv", **csvargs())
    doc.Sheets.getByIndex(0).protect("abc")
    store(doc, "xlsx/sheet-protected.xlsx", "Calc MS Excel 2007 XML")
    doc.close(True)


def make_ods(desktop):
    doc = book(desktop)
    store(doc, "ods/libreoffice-hidden-sheet.ods", "calc8")
    store(doc, "ods/libreoffice-hidden-sheet.csv", **csvargs())
    store(doc, "ods/password-aes.ods", "calc8", Password="himitsu")
    store(doc, "ods/no-default-password-in-odf.ods", "calc8", Password="VelvetSweatshop")
    store(doc, "fods/libreoffice-flat.fods", "OpenDocument Spreadsheet Flat XML")
    store(doc, "fods/libreoffice-flat.csv", **csvargs())
    doc.Sheets.getByIndex(0).protect("abc")
    doc.protect("abc")
    store(doc, "ods/sheet-and-structure-protected.ods", "calc8")
    doc.close(True)


def text(desktop):
    """A letter with a table, a footnote, a text box, a comment and furigana."""
    doc = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, props(Hidden=True))
    body = doc.Text
    cur = body.createTextCursor()
    body.insertString(cur, "基礎年金番号 1234", False)
    cur.CharWeight = 150.0
    body.insertString(cur, "-567890 の件", False)
    cur.CharWeight = 100.0
    body.insertControlCharacter(cur, 0, False)
    cur.RubyText = "やまだ"
    body.insertString(cur, "山田", False)
    cur.RubyText = ""
    body.insertString(cur, " 太郎 様", False)
    note = doc.createInstance("com.sun.star.text.Footnote")
    body.insertTextContent(cur, note, False)
    note.setString("脚注 2345-678901")
    body.insertControlCharacter(cur, 0, False)
    table = doc.createInstance("com.sun.star.text.TextTable")
    table.initialize(3, 3)
    body.insertTextContent(cur, table, False)
    for r, row in enumerate([["氏名", "番号", "生年月日"], ["佐藤 花子", "0123-456789", "1980-01-01"], ["鈴木 一郎", "3456-789012", "1990-05-07"]]):
        for c, v in enumerate(row):
            table.getCellByPosition(c, r).setString(v)
    body.insertString(body.getEnd(), "終わり", False)
    frame = doc.createInstance("com.sun.star.text.TextFrame")
    body.insertTextContent(body.getEnd(), frame, False)
    frame.Text.setString("枠の中 4567-890123")
    mark = doc.createInstance("com.sun.star.text.textfield.Annotation")
    mark.Content = "コメント 5678-901234"
    body.insertTextContent(body.getEnd(), mark, False)
    style = doc.StyleFamilies.getByName("PageStyles").getByName("Standard")
    style.HeaderIsOn = True
    style.HeaderText.setString("見出し 6789-012345")
    return doc


def slides(desktop):
    doc = desktop.loadComponentFromURL("private:factory/simpress", "_blank", 0, props(Hidden=True))
    page = doc.DrawPages.getByIndex(0)
    box = doc.createInstance("com.sun.star.drawing.TextShape")
    page.add(box)
    box.setSize(uno.createUnoStruct("com.sun.star.awt.Size", 10000, 2000))
    box.String = "山田 太郎 1234-567890"
    grid = doc.createInstance("com.sun.star.drawing.TableShape")
    page.add(grid)
    model = grid.Model
    model.Columns.insertByIndex(0, 1)
    model.Rows.insertByIndex(0, 1)
    for c, r, v in ((0, 0, "氏名"), (1, 0, "番号"), (0, 1, "佐藤 花子"), (1, 1, "0123-456789")):
        model.getCellByPosition(c, r).String = v
    page.NotesPage.getByIndex(1).String = "発表者の覚え 2345-678901"
    return doc


def make_odt(desktop):
    doc = text(desktop)
    store(doc, "odt/letter-with-table.odt", "writer8")
    store(doc, "odt/password-aes.odt", "writer8", Password="himitsu")
    store(doc, "fods/letter-flat.fodt", "OpenDocument Text Flat XML")
    doc.close(True)
    doc = slides(desktop)
    store(doc, "odp/slide-with-table.odp", "impress8")
    doc.close(True)


def make_docx(desktop):
    doc = text(desktop)
    store(doc, "docx/libreoffice-letter-with-table.docx", "MS Word 2007 XML")
    store(doc, "doc/libreoffice-letter-with-table.doc", "MS Word 97")
    store(doc, "doc/password-rc4-40.doc", "MS Word 97", Password="himitsu")
    store(doc, "doc/default-password.doc", "MS Word 97", Password="VelvetSweatshop")
    store(doc, "rtf/libreoffice-letter-with-table.rtf", "Rich Text Format")
    doc.close(True)
    doc = slides(desktop)
    store(doc, "pptx/libreoffice-slide-with-table.pptx", "Impress MS PowerPoint 2007 XML")
    store(doc, "ppt/libreoffice-slide-with-table.ppt", "MS PowerPoint 97")
    doc.close(True)


def make_wordml(desktop):
    doc = text(desktop)
    store(doc, "wordml/libreoffice-word-2003.xml", "MS Word 2003 XML")
    doc.close(True)
    flat("docx/libreoffice-letter-with-table.docx", "xlsx/sheetjs-shared-strings.xlsx", "wordml/flat-opc-with-a-book.xml")


def flat(docx, book, name):
    """The parts of a package in one file, as Word saves "Word XML Document", with a workbook embedded."""
    import base64, zipfile
    parts = []
    with zipfile.ZipFile(os.path.join(HERE, docx)) as z:
        for n in z.namelist():
            data = z.read(n)
            if n.endswith((".xml", ".rels")):
                body = data.decode("utf-8").split("?>", 1)[-1]
                parts.append('<pkg:part pkg:name="/%s" pkg:contentType="application/xml"><pkg:xmlData>%s</pkg:xmlData></pkg:part>' % (n, body))
    with open(os.path.join(HERE, book), "rb") as f:
        data = base64.encodebytes(f.read()).decode("ascii")
    parts.append('<pkg:part pkg:name="/word/embeddings/book.xlsx" pkg:contentType="application/octet-stream"><pkg:binaryData>%s</pkg:binaryData></pkg:part>' % data)
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="\n") as f:
        f.write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<?mso-application progid="Word.Document"?>\n'
                '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">%s</pkg:package>\n' % "".join(parts))


def make_plain(desktop):
    doc = book(desktop)
    store(doc, "html/libreoffice.html", "HTML (StarCalc)")
    store(doc, "sylk/libreoffice.slk", "SYLK", FilterOptions="9,34,76")
    store(doc, "dif/libreoffice-cp932.dif", "DIF", FilterOptions="64")
    store(doc, "spreadsheetml/libreoffice.xml", "MS Excel 2003 XML")
    doc.close(True)


def make_csv(desktop):
    """What LibreOffice reads in the files of other programs."""
    for name in ("xlsb/sheetjs-shared-strings.xlsb",):
        doc = desktop.loadComponentFromURL(uno.systemPathToFileUrl(os.path.join(HERE, name)), "_blank", 0, props(Hidden=True))
        store(doc, os.path.splitext(name)[0] + ".csv", **csvargs())
        doc.close(True)


def csvargs():
    return dict(filt=CSV["FilterName"], FilterOptions=CSV["FilterOptions"])


MAKERS = {k[5:]: v for k, v in list(globals().items()) if k.startswith("make_")}

if __name__ == "__main__":
    proc, desktop = start()
    try:
        for name in sys.argv[1:] or MAKERS:
            MAKERS[name](desktop)
    finally:
        try:
            desktop.terminate()
        except Exception:
            pass
        proc.wait(30)
