BEGIN TRANSACTION;
CREATE TABLE employees (id integer primary key, name text, kana text, birthday text, address text, nenkin_no text);
INSERT INTO "employees" VALUES(1,'水原 健','みずはら けん','1951-04-09','秋田県横手市中央町8-12','0512-340017');
INSERT INTO "employees" VALUES(2,'大久保 ユミ','おおくぼ ゆみ','1948-11-30','石川県小松市小馬出町91','3457-120934');
INSERT INTO "employees" VALUES(3,'平山 実','ひらやま みのる','1960-02-17','長崎県諫早市東小路町7-1','7723-608851');
INSERT INTO "employees" VALUES(4,'小林 "キヨ"','こばやし きよ','1939-07-03','香川県坂出市室町2-3-5','7291-055420');
COMMIT;