--
-- PostgreSQL database dump
--

SET statement_timeout = 0;

COPY public.emp (name, kana, birth, address, nenkin_no) FROM stdin;
水原 健	みずはら けん	1951-04-09	秋田県横手市中央町8-12	0512-340017
大久保 ユミ	おおくぼ ゆみ	1948-11-30	石川県小松市小馬出町91	3457-120934
平山 実	ひらやま みのる	1960-02-17	長崎県諫早市東小路町7-1	7723-608851
小林 "キヨ"	こばやし きよ	1939-07-03	香川県坂出市室町2-3-5	7291-055420
\.

--
-- PostgreSQL database dump complete
--
