// Makes the fixtures of msg again: npm install cfb@1.2.2 && node make-msg.js
// The compound file is SheetJS's; the properties follow MS-OXMSG.
const CFB = require('cfb'), fs = require('fs'), path = require('path'), {execSync} = require('child_process');
const cp932 = s => execSync('iconv -f UTF-8 -t CP932', {input: s});
const wide = s => Buffer.from(s, 'utf16le');
const list = cp932('氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nｻﾄｳ ﾊﾅｺ,0123-456789\r\n');
const props = Buffer.alloc(32);
function message(c, dir, unicode, subject, body) {
  const put = (id, s) => CFB.utils.cfb_add(c, dir + '__substg1.0_' + id + (unicode ? '001F' : '001E'), unicode ? wide(s) : cp932(s));
  CFB.utils.cfb_add(c, dir + '__properties_version1.0', props);
  put('0037', subject); put('0C1A', '送信者'); put('1000', body);
}
function attach(c, dir, n, name, data) {
  const at = dir + '__attach_version1.0_#0000000' + n + '/';
  CFB.utils.cfb_add(c, at + '__properties_version1.0', props);
  CFB.utils.cfb_add(c, at + '__substg1.0_3707001F', wide(name));
  if (data) CFB.utils.cfb_add(c, at + '__substg1.0_37010102', data);
  return at;
}
function save(name, build) {
  const c = CFB.utils.cfb_new();
  CFB.utils.cfb_del(c, '\u0001Sh33tJ5');
  build(c);
  fs.writeFileSync(path.join(__dirname, 'msg', name), CFB.write(c, {type: 'buffer'}));
}
save('attachment-unicode.msg', c => { message(c, '/', true, '名簿の送付', '添付のとおりです'); attach(c, '/', 0, '名簿.csv', list); });
save('attachment-cp932.msg', c => { message(c, '/', false, '名簿の送付', '添付のとおりです'); attach(c, '/', 0, '名簿.csv', list); });
save('message-in-message.msg', c => {
  message(c, '/', true, '転送', '転送します');
  const at = attach(c, '/', 0, '元のメール', null) + '__substg1.0_3701000D/';
  message(c, at, true, '名簿の送付', '添付のとおりです');
  attach(c, at, 0, '名簿.csv', list);
});
