#!/usr/bin/env python3
"""make-pdf.py FOLDER: writes pages by ISO 32000 that no program at hand makes.
qpdf adds the cross-reference table afterwards."""
import os
import sys

FONT = '<</Type/Font/Subtype/Type0/BaseFont/MS-Gothic/Encoding/%s/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/MS-Gothic/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/MS-Gothic/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 859/Descent -140/CapHeight 700/StemV 80>>>>]>>'
ROWS = [('氏名', '基礎年金番号'), ('山田 太郎', '1234-567890'), ('ｻﾄｳ ﾊﾅｺ', '0123-456789')]


def hexed(text, encoding):
    return '<' + text.encode(encoding).hex() + '>'


def table(encoding):
    out = 'BT /F1 10 Tf\n'
    for i, row in enumerate(ROWS):
        for k, cell in enumerate(row):
            out += f'1 0 0 1 {60 + 200 * k} {700 - 20 * i} Tm {hexed(cell, encoding)} Tj\n'
    return out + 'ET\n'


def pdf(content, font='', page='', extra=''):
    objects = ['<</Type/Catalog/Pages 2 0 R%s>>' % extra, '<</Type/Pages/Kids[3 0 R]/Count 1>>',
               '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</Im1 6 0 R>>>>%s>>' % page,
               '<</Length %d>>stream\n%s\nendstream' % (len(content), content), font or 'null',
               '<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream']
    body, places = '%PDF-1.7\n', []
    for i, o in enumerate(objects):
        places.append(len(body))
        body += f'{i + 1} 0 obj\n{o}\nendobj\n'
    xref = len(body)
    body += f'xref\n0 {len(objects) + 1}\n0000000000 65535 f \n' + ''.join(f'{p:010} 00000 n \n' for p in places)
    return body + f'trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n'


split = 'BT /F2 10 Tf 60 700 Td (12) Tj [(34)-30(-5)] TJ 1 Tc [(6)20(7)] TJ (890) Tj ET BT /F2 10 Tf 1 0 0 1 200 700 Tm (next column) Tj ET'
FILES = {
    'cmap-90ms-rksj.pdf': pdf(table('cp932'), FONT % '90ms-RKSJ-H'),
    'cmap-unijis-ucs2.pdf': pdf(table('utf-16-be'), FONT % 'UniJIS-UCS2-H'),
    'cmap-euc.pdf': pdf(table('euc-jp'), FONT % 'EUC-H'),
    'font-tells-no-characters.pdf': pdf(table('utf-16-be'), FONT % 'Identity-H'),
    'number-in-pieces.pdf': pdf(split),
    'picture-without-text.pdf': pdf('q 500 0 0 700 40 40 cm /Im1 Do Q'),
    'blank-page.pdf': pdf(''),
    'filled-field.pdf': pdf('', page='/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(n)/V(1234-567890)/Rect[0 0 9 9]>>'
                            '<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents<FEFF' + '山田 太郎'.encode('utf-16-be').hex() + '>>>]'),
}
for name, text in FILES.items():
    with open(os.path.join(sys.argv[1], name), 'w', encoding='latin-1', newline='\n') as f:
        f.write(text)
