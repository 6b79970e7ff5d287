-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `emp`;
CREATE TABLE `emp` (
  `name` varchar(50) NOT NULL,
  `kana` varchar(50) DEFAULT NULL,
  `birth` date,
  `addr` varchar(255) DEFAULT 'なし',
  `knno` varchar(11) DEFAULT NULL COMMENT '基礎年金番号',
  PRIMARY KEY (`name`)
) ENGINE=InnoDB;
INSERT INTO `emp` VALUES ('水原 健','みずはら けん','1951-04-09','秋田県横手市中央町8-12','0512-340017'),('大久保 ユミ','おおくぼ ゆみ','1948-11-30','石川県小松市小馬出町91','3457-120934'),('平山 実','ひらやま みのる','1960-02-17','長崎県諫早市東小路町7-1','7723-608851'),('小林 \"キヨ\"','こばやし きよ','1939-07-03','香川県坂出市室町2-3-5','7291-055420');
