// Makes the fixtures that SheetJS, xlsx-populate and others write.
//   npm install xlsx@0.18.5 xlsx-populate officecrypto-tool docx
//   NODE_PATH=.../node_modules node make-sheetjs.js
// All people and numbers are invented.
const fs = require("fs"), path = require("path");
const XLSX = require("xlsx");
const here = __dirname;
// noise looks like encrypted bytes, and is the same each time.
const noise = (n, seed) => {
  let link = Buffer.from(seed), out = Buffer.alloc(0);
  while (out.length < n) out = Buffer.concat([out, (link = require("crypto").createHash("sha256").update(link).digest())]);
  return out.subarray(0, n);
};
const rows = [
  ["氏名", "フリガナ", "基礎年金番号", "生年月日", "住所"],
  ["山田 太郎", "ヤマダ タロウ", "1234-567890", 24838, "東京都千代田区丸の内1-1-1"],
  ["佐藤 花子", "ｻﾄｳ ﾊﾅｺ", "0123-456789", 29221, "大阪府大阪市北区梅田2-2-2"],
  ["鈴木 一郎", "スズキ イチロウ", 123456789, 33000, "北海道札幌市中央区3-3"],
  [null, null, 1.5, true, "右", -12],
];
function book() {
  const ws = XLSX.utils.aoa_to_sheet(rows);
  ws.D2.z = ws.D3.z = ws.D4.z = "yyyy-mm-dd";
  ws.C4.z = "0000-000000";
  const wb = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(wb, ws, "名簿");
  return wb;
}
// SheetJS writes "_" for what is not ASCII in 8-bit text: each text gets a stand-in
// of the length that it has in CP932, which is exchanged in the file.
const standIns = new Map();
function narrow(wb) {
  for (const name of wb.SheetNames) for (const ref in wb.Sheets[name]) {
    const c = wb.Sheets[name][ref];
    if (c.t !== "s" || /^[ -~]*$/.test(c.v)) continue;
    const bytes = require("child_process").execFileSync("iconv", ["-f", "UTF-8", "-t", "CP932"], { input: c.v });
    const key = String.fromCharCode(97 + standIns.size).padEnd(bytes.length, "~");
    standIns.set(key, bytes);
    c.v = key; delete c.w; delete c.h; delete c.r;
  }
  return wb;
}
function widen(name) {
  const file = path.join(here, name);
  let text = fs.readFileSync(file, "latin1");
  for (const [key, bytes] of [...standIns].sort((a, b) => b[0].length - a[0].length)) text = text.replaceAll(key, bytes.toString("latin1"));
  text = text.replaceAll("\x42\0\x02\0\xe4\x04", "\x42\0\x02\0\xa4\x03"); // CODEPAGE 1252 -> 932
  fs.writeFileSync(file, text, "latin1");
  standIns.clear();
}
function two() {
  const wb = book();
  XLSX.utils.book_append_sheet(wb, XLSX.utils.aoa_to_sheet([["隠れた", "2345-678901"]]), "隠し");
  wb.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 2 }] };
  return wb;
}
function write(name, wb, opts) {
  const file = path.join(here, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    fs.writeFileSync(file, XLSX.write(wb, Object.assign({ type: "buffer" }, opts)));
    console.log(name, fs.statSync(file).size);
  } catch (e) { console.log(name, "not written:", e.message); }
}
const makers = {
  async xlsx() {
    write("xlsx/sheetjs-shared-strings.xlsx", two(), { bookType: "xlsx", bookSST: true });
    write("xlsx/sheetjs-inline-strings.xlsx", two(), { bookType: "xlsx" });
    const populate = require("xlsx-populate");
    for (const [name, password] of [["password-agile", "himitsu"], ["default-password-agile", "VelvetSweatshop"]]) {
      const wb = await populate.fromBlankAsync();
      rows.forEach((row, r) => row.forEach((v, c) => v === null || wb.sheet(0).cell(r + 1, c + 1).value(v)));
      const file = path.join(here, "ooxml-encrypted", name + ".xlsx");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      await wb.toFileAsync(file, { password });
    }
    const crypt = require("officecrypto-tool");
    const plain = XLSX.write(two(), { type: "buffer", bookType: "xlsx" });
    for (const [name, password] of [["password-standard", "himitsu"], ["default-password-standard", "VelvetSweatshop"]]) {
      fs.writeFileSync(path.join(here, "ooxml-encrypted", name + ".xlsx"), crypt.encrypt(plain, { password, type: "standard" }));
    }
  },
  ods() {
    write("ods/sheetjs.ods", two(), { bookType: "ods" });
    write("fods/sheetjs.fods", two(), { bookType: "fods" });
    // a few bytes that claim 2^20 x 2^14 cells with text
    const file = path.join(here, "fods/repeated-cells-bomb.fods");
    fs.writeFileSync(file, `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="多"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>1234-567890</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>`);
  },
  async docx() {
    const d = require("docx");
    const cell = (t) => new d.TableCell({ children: [new d.Paragraph(t)] });
    const doc = new d.Document({
      comments: { children: [{ id: 0, author: "x", date: new Date(0), children: [new d.Paragraph("コメント 5678-901234")] }] },
      sections: [{
        headers: { default: new d.Header({ children: [new d.Paragraph("見出し 6789-012345")] }) },
        children: [
          new d.Paragraph({ children: [new d.TextRun("基礎年金番号 1234"), new d.TextRun({ text: "-567", bold: true }), new d.TextRun("890 の件")] }),
          new d.Table({ rows: [["氏名", "番号"], ["佐藤 花子", "0123-456789"]].map((r) => new d.TableRow({ children: r.map(cell) })) }),
          new d.Paragraph({ children: [new d.TextRun("山田 太郎"), new d.FootnoteReferenceRun(1)] }),
        ],
      }],
      footnotes: { 1: { children: [new d.Paragraph("脚注 2345-678901")] } },
    });
    const file = path.join(here, "docx/runs-split-in-a-number.docx");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, await d.Packer.toBuffer(doc));
    // the same with restrictions on changes, a macro project with a password and an embedded book
    const CFB = require("cfb"), JSZip = require("jszip");
    const zip = await JSZip.loadAsync(fs.readFileSync(file));
    const settings = await zip.file("word/settings.xml").async("string");
    zip.file("word/settings.xml", settings.replace("</w:settings>", '<w:writeProtection w:recommended="1"/><w:documentProtection w:edit="readOnly" w:enforcement="1"/></w:settings>'));
    zip.file("word/embeddings/inner.xlsx", XLSX.write(book(), { type: "buffer", bookType: "xlsx" }));
    const vba = CFB.utils.cfb_new();
    CFB.utils.cfb_add(vba, "/PROJECT", Buffer.from('DPB="0E0C' + "A5".repeat(35) + '"\r\n'));
    zip.file("word/vbaProject.bin", CFB.write(vba, { type: "buffer" }));
    fs.writeFileSync(path.join(here, "docx/restricted-with-macros-and-embedded-book.docm"), await zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" }));
  },
  xlsb() {
    write("xlsb/sheetjs-inline.xlsb", two(), { bookType: "xlsb" });
    write("xlsb/sheetjs-shared-strings.xlsb", two(), { bookType: "xlsb", bookSST: true });
    const wb = two();
    wb.Sheets["名簿"]["!protect"] = { password: "abc" };
    wb.Sheets["名簿"].A1.c = [{ a: "x", t: "注釈 4567-890123" }];
    write("xlsb/sheet-protected-with-comment.xlsb", wb, { bookType: "xlsb", bookSST: true });
  },
  plain() {
    write("html/sheetjs-table-named-xls.xls", book(), { bookType: "html" });
    write("spreadsheetml/sheetjs.xml", two(), { bookType: "xlml" });
    write("sylk/sheetjs.slk", book(), { bookType: "sylk" });
    write("dif/sheetjs.dif", book(), { bookType: "dif" });
    const ws = XLSX.utils.aoa_to_sheet([["NAME", "NUMBER", "BORN", "AMOUNT", "FLAG"], ["山田 太郎", "1234-567890", new Date(Date.UTC(1968, 0, 1)), 1234.5, true], ["佐藤 花子", "0123-456789", new Date(Date.UTC(1980, 0, 1)), -98.25, false]]);
    const wb = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(wb, ws, "t");
    write("dbf/sheetjs-visual-foxpro.dbf", narrow(wb), { bookType: "dbf" });
    widen("dbf/sheetjs-visual-foxpro.dbf");
    const data = fs.readFileSync(path.join(here, "dbf/sheetjs-visual-foxpro.dbf"));
    data[29] = 0x7b;
    fs.writeFileSync(path.join(here, "dbf/sheetjs-visual-foxpro.dbf"), data);
    data[15] = 1;
    fs.writeFileSync(path.join(here, "dbf/encryption-flag.dbf"), data);
    const start = data.readUInt16LE(8);
    fs.writeFileSync(path.join(here, "dbf/encrypted-records.dbf"), Buffer.concat([data.subarray(0, start), noise(data.length - start, "dbf")]));
    data[15] = 0;
    fs.writeFileSync(path.join(here, "dbf/records-missing.dbf"), data.subarray(0, data.length - 60));
  },
  ppt() {
    // LibreOffice's file carries a picture of itself of 440 KB, which is left out;
    // then with an embedded book, and as encrypted as far as a verdict looks.
    const CFB = require("cfb"), zlib = require("zlib"), crypto = require("crypto");
    const name = path.join(here, "ppt/libreoffice-slide-with-table.ppt");
    const load = () => { const c = CFB.read(name, { type: "file" }); return [c, Buffer.from(CFB.find(c, "/PowerPoint Document").content), Buffer.from(CFB.find(c, "/Current User").content)]; };
    const save = (to, doc, user) => {
      const c = CFB.utils.cfb_new();
      CFB.utils.cfb_add(c, "/Current User", user);
      CFB.utils.cfb_add(c, "/PowerPoint Document", doc);
      fs.writeFileSync(path.join(here, "ppt", to), CFB.write(c, { type: "buffer" }));
    };
    let [, doc, user] = load();
    save("libreoffice-slide-with-table.ppt", doc, user);
    const inner = XLSX.write(book(), { type: "buffer", bookType: "biff8" });
    const size = Buffer.alloc(4); size.writeUInt32LE(inner.length);
    const ole = Buffer.concat([size, zlib.deflateSync(inner)]);
    const head = Buffer.from([0x10, 0, 0x11, 0x10, 0, 0, 0, 0]); head.writeUInt32LE(ole.length, 4);
    save("embedded-book-compressed.ppt", Buffer.concat([doc, head, ole]), user);
    user.writeUInt32LE(0xf3d1c4df, 12);
    compound();
    const session = (password) => {
      const filepass = CFB.find(compound.cryptoapi(password, 128), "/Workbook").content;
      const b = Buffer.from(filepass), at = b.indexOf(Buffer.from([0x2f, 0]), 16);
      const data = b.subarray(at + 6, at + 4 + b.readUInt16LE(at + 2));
      const h = Buffer.from([0x0f, 0, 0x14, 0x2f, 0, 0, 0, 0]); h.writeUInt32LE(data.length, 4);
      return Buffer.concat([h, data]);
    };
    const noise = crypto.createHash("sha512").update("noise").digest();
    save("password-rc4-cryptoapi.ppt", Buffer.concat([noise, session("himitsu"), noise]), user);
    save("default-password.ppt", Buffer.concat([noise, session("/01Hannes Ruescher/01"), noise]), user);
  },
  "ole-object"() {
    const CFB = require("cfb");
    fs.mkdirSync(path.join(here, "ole-object"), { recursive: true });
    const save = (name, entries) => {
      const c = CFB.utils.cfb_new();
      CFB.utils.cfb_del(c, "/\u0001Sh33tJ5");
      for (const [k, v] of Object.entries(entries)) CFB.utils.cfb_add(c, k, v);
      fs.writeFileSync(path.join(here, "ole-object", name), CFB.write(c, { type: "buffer" }));
      console.log(name);
    };
    save("packaged-file.bin", { "/\x01Ole": Buffer.alloc(20), "/\x01Ole10Native": native("inner.csv", Buffer.from("名,番号\n内の 人,6789-012345\n")) });
    save("workbook-as-package.bin", { "/\x01CompObj": Buffer.alloc(80), "/Package": XLSX.write(book(), { type: "buffer", bookType: "xlsx" }) });
    save("equation.bin", { "/\x01Ole": Buffer.alloc(20), "/Equation Native": Buffer.alloc(200, 3) });
    const word = CFB.read(path.join(here, "doc/libreoffice-letter-with-table.doc"), { type: "file" });
    const entries = {};
    for (const name of ["WordDocument", "1Table", "Data"]) { const e = CFB.find(word, "/" + name); if (e) entries["/MBD00000001/" + name] = e.content; }
    const closed = CFB.read(path.join(here, "doc/password-rc4-40.doc"), { type: "file" });
    for (const name of ["WordDocument", "1Table"]) entries["/MBD00000002/" + name] = CFB.find(closed, "/" + name).content;
    const outer = CFB.read(path.join(here, "xls/libreoffice-hidden-sheet.xls"), { type: "file" });
    for (const [k, v] of Object.entries(entries)) CFB.utils.cfb_add(outer, k, v);
    fs.writeFileSync(path.join(here, "xls/embedded-word-documents.xls"), CFB.write(outer, { type: "buffer" }));
  },
  xls() {
    write("xls/sheetjs-biff8.xls", two(), { bookType: "biff8" });
    write("xls/sheetjs-biff8-shared-strings.xls", two(), { bookType: "biff8", bookSST: true });
    write("xls/biff5-book-stream.xls", narrow(two()), { bookType: "biff5", codepage: 932 });
    widen("xls/biff5-book-stream.xls");
    write("xls/bare-biff2.xls", narrow(book()), { bookType: "biff2", codepage: 932 });
    widen("xls/bare-biff2.xls");
    write("xls/bare-biff3.xls", narrow(book()), { bookType: "biff3", codepage: 932 });
    widen("xls/bare-biff3.xls");
    write("xls/bare-biff4.xls", narrow(book()), { bookType: "biff4", codepage: 932 });
    widen("xls/bare-biff4.xls");
    compound();
  },
};
// Variants of LibreOffice's book, put together anew with the cfb package. The
// ciphers are written here from MS-OFFCRYPTO; LibreOffice opens the results.
function compound() {
  compound.cryptoapi = cryptoapi;
  const CFB = require("cfb"), crypto = require("crypto"), CJ = require("crypto-js");
  const plainBook = () => CFB.read(path.join(here, "xls/libreoffice-hidden-sheet.xls"), { type: "file" });
  const save = (name, c) => { fs.writeFileSync(path.join(here, name), CFB.write(c, { type: "buffer" })); console.log(name); };
  const sha1 = (...b) => crypto.createHash("sha1").update(Buffer.concat(b)).digest();
  const le32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
  const words = (b) => CJ.lib.WordArray.create(Uint8Array.from(b));
  const rc4 = (key, data) => Buffer.from(CJ.RC4.encrypt(words(data), words(key)).ciphertext.toString(CJ.enc.Hex), "hex");
  const wide = (s) => Buffer.from(s, "utf16le");
  // with inserts a FILEPASS and encrypts what follows; cipher(stream, mask) does it.
  function encrypt(c, filepass, cipher) {
    const e = CFB.find(c, "/Workbook");
    const old = Buffer.from(e.content).subarray(0, e.size);
    const bofEnd = 4 + old.readUInt16LE(2);
    const stream = Buffer.concat([old.subarray(0, bofEnd), Buffer.from([0x2f, 0]), Buffer.from([filepass.length, 0]), filepass, old.subarray(bofEnd)]);
    const parts = [];
    for (let at = 0; at + 4 <= stream.length;) {
      const id = stream.readUInt16LE(at), n = stream.readUInt16LE(at + 2), from = at + 4;
      if (id === 0x85) stream.writeUInt32LE(stream.readUInt32LE(from) + filepass.length + 4, from);
      if (at > bofEnd + 3 && ![0x809, 0x2f, 0xe1].includes(id)) parts.push([from, n, id === 0x85 ? 4 : 0]);
      at = from + n;
    }
    cipher(stream, parts);
    CFB.utils.cfb_add(c, "/Workbook", stream);
    return c;
  }
  function cryptoapi(password, bits) {
    const salt = crypto.createHash("md5").update("salt" + password + bits).digest();
    const base = sha1(salt, wide(password));
    const key = (block) => { const k = sha1(base, le32(block)).subarray(0, bits / 8); return bits === 40 ? Buffer.concat([k, Buffer.alloc(11)]) : k; };
    const verifier = crypto.createHash("md5").update("v").digest();
    const sealed = rc4(key(0), Buffer.concat([verifier, sha1(verifier)]));
    const csp = wide("Microsoft Enhanced Cryptographic Provider v1.0\0");
    const header = Buffer.concat([le32(4), le32(0), le32(0x6801), le32(0x8004), le32(bits), le32(1), le32(0), le32(0), csp]);
    const filepass = Buffer.concat([Buffer.from([1, 0, 2, 0, 2, 0]), le32(4), le32(header.length), header, le32(16), salt, sealed.subarray(0, 16), le32(20), sealed.subarray(16)]);
    return encrypt(plainBook(), filepass, (stream, parts) => {
      const n = Math.ceil(stream.length / 1024);
      const cipher = Buffer.concat(Array.from({ length: n }, (_, i) => rc4(key(i), stream.subarray(i * 1024, Math.min(stream.length, i * 1024 + 1024)))));
      for (const [from, size, skip] of parts) cipher.copy(stream, from + skip, from + skip, from + size);
    });
  }
  // The array is that of MS-OFFCRYPTO 2.3.7.2 for the password given, made once by hand.
  function xor(array, key, verifier) {
    const filepass = Buffer.alloc(6);
    filepass.writeUInt16LE(key, 2); filepass.writeUInt16LE(verifier, 4);
    return encrypt(plainBook(), filepass, (stream, parts) => {
      for (const [from, size, skip] of parts) for (let i = skip; i < size; i++) {
        const b = stream[from + i];
        stream[from + i] = ((b << 5) | (b >> 3)) & 0xff ^ array[(from + size + i) % 16];
      }
    });
  }
  save("xls/password-rc4-cryptoapi-128.xls", cryptoapi("himitsu", 128));
  save("xls/default-password-rc4-cryptoapi-128.xls", cryptoapi("VelvetSweatshop", 128));
  save("xls/default-password-rc4-cryptoapi-40.xls", cryptoapi("VelvetSweatshop", 40));
  const velvet = xorKey("VelvetSweatshop");
  save("xls/default-password-xor.xls", xor(velvet.array, velvet.key, xorVerifier("VelvetSweatshop")));
  const other = xorKey("himitsu");
  save("xls/password-xor.xls", xor(other.array, other.key, xorVerifier("himitsu")));
  let c = plainBook();
  CFB.utils.cfb_add(c, "/\x09DRMContent", noise(5000, "drm"));
  save("xls/rights-managed-with-placeholder-sheet.xls", c);
  c = plainBook();
  const dpb = "0E0C" + "A5".repeat(35); // 37 bytes: seed, version, key, 3 ignored, length, 27 of a hash
  CFB.utils.cfb_add(c, "/_VBA_PROJECT_CUR/PROJECT", Buffer.from('ID="{0}"\r\nModule=Module1\r\nDPB="' + dpb + '"\r\nGC="00"\r\n'));
  CFB.utils.cfb_add(c, "/MBD00AA11/\x01Ole10Native", native("inner.csv", Buffer.from("名,番号\n内の 人,6789-012345\n")));
  CFB.utils.cfb_add(c, "/MBD00AA12/Package", XLSX.write(book(), { type: "buffer", bookType: "xlsx" }));
  CFB.utils.cfb_add(c, "/MBD00AA13/Workbook", CFB.find(CFB.read(path.join(here, "xls/sheetjs-biff8-shared-strings.xls"), { type: "file" }), "/Workbook").content);
  save("xls/vba-password-and-embedded-files.xls", c);
  c = plainBook();
  CFB.utils.cfb_add(c, "/Book", CFB.find(CFB.read(path.join(here, "xls/biff5-book-stream.xls"), { type: "file" }), "/Book").content);
  save("xls/both-book-and-workbook.xls", c);
  const whole = fs.readFileSync(path.join(here, "xls/libreoffice-continued-strings.xls"));
  fs.writeFileSync(path.join(here, "xls/cut-in-the-middle.xls"), whole.subarray(0, 512 * 40));
}
function native(name, data) {
  const s = Buffer.from(name + "\0"), n = Buffer.alloc(4), len = Buffer.alloc(4);
  n.writeUInt32LE(data.length); len.writeUInt32LE(s.length);
  const body = Buffer.concat([Buffer.from([2, 0]), s, s, Buffer.from([0, 0, 3, 0]), len, s, n, data]);
  const size = Buffer.alloc(4); size.writeUInt32LE(body.length);
  return Buffer.concat([size, body]);
}
// The verifier of a password: MS-OFFCRYPTO 2.3.7.1. (0x9A0A for VelvetSweatshop.)
function xorVerifier(password) {
  let v = 0;
  for (const c of [...Buffer.from(password)].reverse().concat(password.length)) v = (((v >> 14) & 1) | ((v << 1) & 0x7fff)) ^ c;
  return v ^ 0xce4b;
}
// The key of a password by the tables of the specification's polynomial: each
// step is a shift in a linear feedback register.
function xorKey(password) {
  let key = 0, base = 0x8000, end = 0xffff;
  for (let i = password.length - 1; i >= 0; i--) {
    let c = password.charCodeAt(i) & 0x7f;
    for (let bit = 0; bit < 8; bit++) {
      base = ((base << 1) | (base >> 15)) & 0xffff;
      if (base & 1) base ^= 0x1020;
      if (c & 1) key ^= base;
      c >>= 1;
      end = ((end << 1) | (end >> 15)) & 0xffff;
      if (end & 1) end ^= 0x1020;
    }
  }
  key ^= end;
  const pad = [0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00];
  const all = [...Buffer.from(password), ...pad].slice(0, 16);
  return { key, array: all.map((b, i) => { const v = b ^ (i & 1 ? key >> 8 : key & 0xff); return ((v >> 1) | (v << 7)) & 0xff; }) };
}
module.exports = { makers, book, two, write, here, rows };
if (require.main === module) {
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(makers)) makers[name]();
}
