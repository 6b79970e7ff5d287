INSERT INTO 社員 (氏名, 基礎年金番号) VALUES ('水原 健', '0512-340017');
INSERT INTO 社員 (氏名, 基礎年金番号) VALUES ('大久保 ユミ', '3457-120934');
INSERT INTO 社員 (氏名, 基礎年金番号) VALUES ('平山 実', '7723-608851');
INSERT INTO 社員 (氏名, 基礎年金番号) VALUES ('小林 "キヨ"', '7291-055420');
