-- The article store as version 10 of it was written by the program of then (python: Connection.iterdump).
BEGIN TRANSACTION;
CREATE TABLE article (               -- one row a version; the long columns last, so that the others are read fast
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  born INTEGER NOT NULL, died INTEGER,
  id TEXT NOT NULL, hash TEXT NOT NULL,
  origin TEXT NOT NULL,              -- the file it came from; what arrived otherwise begins with "/"
  instant REAL,                      -- of `published`; NULL: undated
  published TEXT, updated TEXT, source TEXT, url TEXT, title TEXT NOT NULL,
  summary_only INTEGER NOT NULL DEFAULT 0,
  canonical TEXT,                    -- the folded address by which it is recognised; NULL: it has none of its own
  copy_of TEXT,                      -- id of the article whose text it carries; a copy has no passages
  seen TEXT,                         -- when this version was read; NULL: before that was recorded
  pruned INTEGER NOT NULL DEFAULT 0, -- too old to be kept: deleted once no question can reach it
  key_points TEXT NOT NULL,          -- JSON list
  sentences BLOB NOT NULL,           -- uint32 pairs (start, end)
  body TEXT NOT NULL
, layout TEXT) STRICT;
INSERT INTO "article" VALUES(1,1,2,'ferry','9b53f4031f92d609814f60b85db731963b59d53396f718cd8a0f0c7f4168f6b6','ferry.jsonl',1741046400.0,'2025-03-04',NULL,'Marlo Gazette','https://news.example/ferry','Ferry runs aground off Marlo',0,'https://news.example/ferry',NULL,'2026-11-28T19:59:06+00:00',0,'[]',X'000000005800000059000000A2000000A3000000F1000000F2000000420100004301000085010000','A ferry with 212 people on board ran aground off the island of Marlo on Tuesday evening. The coast guard said that all passengers were brought ashore by midnight. Captain Ilse Brandt told reporters that the steering had failed in heavy rain. Divers will look at the hull once the wind has dropped, the harbour office said. The ferry company cancelled its sailings for the rest of the week.',NULL);
INSERT INTO "article" VALUES(2,1,2,'library','560f3dfba723daf3a3f597f5fddc2649df040cae3d0ae4a12869a78f26544d48','library.jsonl',NULL,NULL,NULL,'Tessel Post','https://post.example/library','Books',0,'https://post.example/library',NULL,'2026-11-28T19:59:06+00:00',0,'[]',X'0000000047000000480000009400000095000000E3000000E4000000330100003401000072010000','The city of Norhaven will open its new library on the first of October. The building by the architect Mira Solano holds four hundred thousand books. It cost eighty million crowns, nine million more than the council had planned. Readers can borrow books at any hour of the day with a card, the director said. The old reading room becomes a museum of printing next spring.',NULL);
INSERT INTO "article" VALUES(3,2,NULL,'ferry','3e74f1a583fa650ff9fbab29245764902a8cda9a284cf5311acef6d289d95ba4','ferry.jsonl',1741046400.0,'2025-03-04',NULL,'Marlo Gazette','https://news.example/ferry','Ferry runs aground off Marlo',0,'https://news.example/ferry',NULL,'2026-11-28T19:59:25+00:00',0,'[]',X'000000005800000059000000A2000000A3000000F1000000F2000000420100004301000085010000','A ferry with 221 people on board ran aground off the island of Marlo on Tuesday evening. The coast guard said that all passengers were brought ashore by midnight. Captain Ilse Brandt told reporters that the steering had failed in heavy rain. Divers will look at the hull once the wind has dropped, the harbour office said. The ferry company cancelled its sailings for the rest of the week.',NULL);
INSERT INTO "article" VALUES(4,3,5,'https://news.example/vineyard','9df071430d9619d67f35aedd9e374be4862b8192f7a70948855a9a3c7c54a119','/feed/https://news.example/feed',1741132800.0,'2025-03-05',NULL,'Tessel Post','https://news.example/vineyard','Frost in the Tessel valley',0,'https://news.example/vineyard',NULL,'2026-11-28T19:59:28+00:00',0,'[]',X'000000005000000051000000A6000000A7000000FA000000FB00000042010000430100008C010000','Growers in the Tessel valley expect the smallest grape harvest for thirty years. A late frost in April destroyed a third of the young shoots, the growers'' union said. Its chairman Bruno Keller asked the regional government for loans without interest. The ministry of agriculture answered that it would decide in September. Prices for the white wine of the valley have risen by a tenth since then.','[[0,0,"News\nFrost in the Tessel valley\n"],[4,4,"\u001e"]]');
INSERT INTO "article" VALUES(5,4,NULL,'https://wire.example/aground','076d3adf42de8b77d1059139c47cc717be12fe01a3ed97b9945eca24af5d2c6b','/feed/https://news.example/feed',1741132800.0,'2025-03-05',NULL,'Harbour Wire','https://wire.example/aground','Ferry aground',0,'https://wire.example/aground','ferry','2026-11-28T19:59:30+00:00',0,'[]',X'000000005800000059000000A2000000A3000000F1000000F2000000420100004301000085010000','A ferry with 221 people on board ran aground off the island of Marlo on Tuesday evening. The coast guard said that all passengers were brought ashore by midnight. Captain Ilse Brandt told reporters that the steering had failed in heavy rain. Divers will look at the hull once the wind has dropped, the harbour office said. The ferry company cancelled its sailings for the rest of the week.',NULL);
INSERT INTO "article" VALUES(6,5,NULL,'https://news.example/vineyard','b6792ef7d62312990f76c4bb0ae5f057cb374f621c4a4e84c6b35ba93bfb9798','/feed/https://news.example/feed',1741132800.0,'2025-03-05',NULL,'Tessel Post','https://news.example/vineyard','Frost in the Tessel valley',0,'https://news.example/vineyard',NULL,'2026-11-28T19:59:30+00:00',0,'[]',X'000000005000000051000000A8000000A9000000FC000000FD00000044010000450100008E010000','Growers in the Tessel valley expect the smallest grape harvest for thirty years. A late frost in April destroyed a quarter of the young shoots, the growers'' union said. Its chairman Bruno Keller asked the regional government for loans without interest. The ministry of agriculture answered that it would decide in September. Prices for the white wine of the valley have risen by a tenth since then.','[[0,0,"News\nFrost in the Tessel valley\n"],[4,4,"\u001e"]]');
INSERT INTO "article" VALUES(7,6,7,'https://news.example/library','d822ceb1a0206a594ce9f79381ee2349acae0a13fe8a3168467a83a1c439bf90','/feed/https://news.example/feed',1740873600.0,'2025-03-02',NULL,'Norhaven News','https://news.example/library','Norhaven opens its library',0,'https://news.example/library',NULL,'2026-11-28T19:59:31+00:00',0,'[]',X'0000000047000000480000009400000095000000E3000000E4000000330100003401000072010000','The city of Norhaven will open its new library on the first of October. The building by the architect Mira Solano holds four hundred thousand books. It cost eighty million crowns, nine million more than the council had planned. Readers can borrow books at any hour of the day with a card, the director said. The old reading room becomes a museum of printing next spring.',NULL);
CREATE TABLE band (                  -- by which near-identical texts are found (see duplicates.py)
  number INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article, PRIMARY KEY (number, article)
) STRICT, WITHOUT ROWID;
INSERT INTO "band" VALUES(-8527693864966924896,3);
INSERT INTO "band" VALUES(-7744403051596336528,3);
INSERT INTO "band" VALUES(-7424881298751699640,3);
INSERT INTO "band" VALUES(-6555835745809569282,3);
INSERT INTO "band" VALUES(-6437148665289388082,3);
INSERT INTO "band" VALUES(-6434678397515616835,3);
INSERT INTO "band" VALUES(-6110881660238944129,3);
INSERT INTO "band" VALUES(-5994081116073929430,3);
INSERT INTO "band" VALUES(-5575142917240862543,3);
INSERT INTO "band" VALUES(-5045151884451916686,3);
INSERT INTO "band" VALUES(-4782217312991979468,3);
INSERT INTO "band" VALUES(-4647994022684591743,3);
INSERT INTO "band" VALUES(-3270395881996563164,3);
INSERT INTO "band" VALUES(-1924438506292569194,3);
INSERT INTO "band" VALUES(-1191851441528803138,3);
INSERT INTO "band" VALUES(-223017203500542243,3);
INSERT INTO "band" VALUES(771823453430861399,3);
INSERT INTO "band" VALUES(850830669727288039,3);
INSERT INTO "band" VALUES(1911358066476524154,3);
INSERT INTO "band" VALUES(2925628002597996017,3);
INSERT INTO "band" VALUES(3206434494859208869,3);
INSERT INTO "band" VALUES(6182449254207489016,3);
INSERT INTO "band" VALUES(6397739989076236379,3);
INSERT INTO "band" VALUES(7069059909489393505,3);
INSERT INTO "band" VALUES(9051153583823769377,3);
INSERT INTO "band" VALUES(-8527693864966924896,5);
INSERT INTO "band" VALUES(-7744403051596336528,5);
INSERT INTO "band" VALUES(-7424881298751699640,5);
INSERT INTO "band" VALUES(-6555835745809569282,5);
INSERT INTO "band" VALUES(-6437148665289388082,5);
INSERT INTO "band" VALUES(-6434678397515616835,5);
INSERT INTO "band" VALUES(-6110881660238944129,5);
INSERT INTO "band" VALUES(-5994081116073929430,5);
INSERT INTO "band" VALUES(-5575142917240862543,5);
INSERT INTO "band" VALUES(-5045151884451916686,5);
INSERT INTO "band" VALUES(-4782217312991979468,5);
INSERT INTO "band" VALUES(-4647994022684591743,5);
INSERT INTO "band" VALUES(-3270395881996563164,5);
INSERT INTO "band" VALUES(-1924438506292569194,5);
INSERT INTO "band" VALUES(-1191851441528803138,5);
INSERT INTO "band" VALUES(-223017203500542243,5);
INSERT INTO "band" VALUES(771823453430861399,5);
INSERT INTO "band" VALUES(850830669727288039,5);
INSERT INTO "band" VALUES(1911358066476524154,5);
INSERT INTO "band" VALUES(2925628002597996017,5);
INSERT INTO "band" VALUES(3206434494859208869,5);
INSERT INTO "band" VALUES(6182449254207489016,5);
INSERT INTO "band" VALUES(6397739989076236379,5);
INSERT INTO "band" VALUES(7069059909489393505,5);
INSERT INTO "band" VALUES(9051153583823769377,5);
INSERT INTO "band" VALUES(-9204608335379875808,6);
INSERT INTO "band" VALUES(-8437882011619949124,6);
INSERT INTO "band" VALUES(-7521545536157670202,6);
INSERT INTO "band" VALUES(-6268365560864157122,6);
INSERT INTO "band" VALUES(-4778154744468216809,6);
INSERT INTO "band" VALUES(-4711330357928387862,6);
INSERT INTO "band" VALUES(-3849209852143324420,6);
INSERT INTO "band" VALUES(-3817335819413871946,6);
INSERT INTO "band" VALUES(-3116908080394698573,6);
INSERT INTO "band" VALUES(-2665043685624772965,6);
INSERT INTO "band" VALUES(-1525599067275038918,6);
INSERT INTO "band" VALUES(-1262635204625159320,6);
INSERT INTO "band" VALUES(1239489491919255756,6);
INSERT INTO "band" VALUES(1567836336608027853,6);
INSERT INTO "band" VALUES(2203607105618532838,6);
INSERT INTO "band" VALUES(2636747065715632072,6);
INSERT INTO "band" VALUES(3530017449428668863,6);
INSERT INTO "band" VALUES(4333745744991360779,6);
INSERT INTO "band" VALUES(5116414209616931157,6);
INSERT INTO "band" VALUES(5140374886613141690,6);
INSERT INTO "band" VALUES(5646884756738951090,6);
INSERT INTO "band" VALUES(6565915178949005587,6);
INSERT INTO "band" VALUES(6733526847683205159,6);
INSERT INTO "band" VALUES(7077629276601671269,6);
INSERT INTO "band" VALUES(8349892672428127367,6);
INSERT INTO "band" VALUES(-8059402704570202666,7);
INSERT INTO "band" VALUES(-6887323486369087521,7);
INSERT INTO "band" VALUES(-6652584003454074758,7);
INSERT INTO "band" VALUES(-6393933092581697681,7);
INSERT INTO "band" VALUES(-2520023688759890855,7);
INSERT INTO "band" VALUES(-2428210801990683574,7);
INSERT INTO "band" VALUES(-2074673611051555132,7);
INSERT INTO "band" VALUES(-1607928144955365865,7);
INSERT INTO "band" VALUES(-625030527941581204,7);
INSERT INTO "band" VALUES(571707691660325415,7);
INSERT INTO "band" VALUES(938671257224661121,7);
INSERT INTO "band" VALUES(1213026887238279884,7);
INSERT INTO "band" VALUES(1516198494634267724,7);
INSERT INTO "band" VALUES(2292572884599327945,7);
INSERT INTO "band" VALUES(4752815795384750134,7);
INSERT INTO "band" VALUES(5499632720596282637,7);
INSERT INTO "band" VALUES(6033300905123080239,7);
INSERT INTO "band" VALUES(6381201773780936408,7);
INSERT INTO "band" VALUES(6480347943291295327,7);
INSERT INTO "band" VALUES(6491015507714997662,7);
INSERT INTO "band" VALUES(6648164125045280860,7);
INSERT INTO "band" VALUES(7234130090784570083,7);
INSERT INTO "band" VALUES(8008525743000251610,7);
INSERT INTO "band" VALUES(8565381186375477129,7);
INSERT INTO "band" VALUES(8834490266191213979,7);
CREATE TABLE called (                -- what a source calls an article: a feed's guid, the address of a page
  origin TEXT NOT NULL, article TEXT NOT NULL, name TEXT NOT NULL,
  found TEXT,                        -- where it was last found, if its page was read
  PRIMARY KEY (origin, article)
) STRICT, WITHOUT ROWID;
INSERT INTO "called" VALUES('/feed/https://news.example/feed','https://news.example/vineyard','tag:news.example,2025:vineyard',NULL);
CREATE TABLE file (                  -- what was last read of each file, so that it is not read again
  name TEXT PRIMARY KEY, folder TEXT NOT NULL,
  size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,  -- -1, -1: to be read again in any case
  failures TEXT NOT NULL             -- JSON list of [where, reason]
) STRICT;
INSERT INTO "file" VALUES('ferry.jsonl','/seeds',549,1795983212500750226,'[]');
INSERT INTO "file" VALUES('notes.txt','/seeds',0,1795983212500750226,'[["notes.txt", "is empty", null, {"template": "is empty", "places": {}}]]');
CREATE TABLE generation (
  number INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES model, committed TEXT NOT NULL
) STRICT;
INSERT INTO "generation" VALUES(1,1,'2026-11-28T19:59:25+00:00');
INSERT INTO "generation" VALUES(2,1,'2026-11-28T19:59:28+00:00');
INSERT INTO "generation" VALUES(3,1,'2026-11-28T19:59:30+00:00');
INSERT INTO "generation" VALUES(4,1,'2026-11-28T19:59:30+00:00');
INSERT INTO "generation" VALUES(5,1,'2026-11-28T19:59:30+00:00');
INSERT INTO "generation" VALUES(6,1,'2026-11-28T19:59:31+00:00');
INSERT INTO "generation" VALUES(7,1,'2026-11-28T19:59:31+00:00');
CREATE TABLE hidden (                -- what readers took out for themselves
  reader TEXT NOT NULL, id TEXT NOT NULL, canonical TEXT, reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (reader, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE language (              -- of a version's text; where there is no row, nobody looked yet
  article INTEGER PRIMARY KEY REFERENCES article,
  code TEXT NOT NULL                 -- ISO 639-1; '': it cannot be told
) STRICT;
INSERT INTO "language" VALUES(3,'en');
INSERT INTO "language" VALUES(5,'en');
INSERT INTO "language" VALUES(6,'en');
CREATE TABLE last_reload (one INTEGER PRIMARY KEY CHECK (one = 1), ended TEXT NOT NULL, failures TEXT NOT NULL) STRICT;
INSERT INTO "last_reload" VALUES(1,'2026-11-29T20:13:32+00:00','[["notes.txt", "is empty", null, {"template": "is empty", "places": {}}]]');
CREATE TABLE line (                  -- what the sentences of a version hold (see lines.py)
  article INTEGER PRIMARY KEY REFERENCES article, held TEXT NOT NULL
) STRICT;
INSERT INTO "line" VALUES(3,'2 terms by language en
17 0 0 0 0 0 1	a ferri with 221 peopl on board ran aground off the island of marlo on tuesday evening	marlo|tuesday	221	tuesday
12 0 1 0 0 0 1	the coast guard said that all passeng were brought ashor by midnight			
13 0 1 0 0 0 1	captain ils brandt told report that the steer had fail in heavi rain	captain ilse brandt		
15 0 1 0 0 0 1	diver will look at the hull onc the wind has drop the harbour offic said	divers		
12 0 0 0 0 0 1	the ferri compani cancel it sail for the rest of the week			');
INSERT INTO "line" VALUES(6,'2 terms by language en
13 0 0 0 0 0 1	grower in the tessel valley expect the smallest grape harvest for thirti year	growers|tessel		
16 0 1 0 0 0 1	a late frost in april destroy a quarter of the young shoot the grower union said	april		april
12 0 0 0 0 1 1	it chairman bruno keller ask the region govern for loan without interest	bruno keller		
11 0 0 0 0 0 1	the ministri of agricultur answer that it would decid in septemb	september		september.
15 0 0 0 1 0 1	price for the white wine of the valley have risen by a tenth sinc then	prices		');
CREATE TABLE link (                  -- that an article goes on from an earlier one; rows live as article versions do
  key INTEGER PRIMARY KEY,
  born INTEGER NOT NULL, died INTEGER,
  article TEXT NOT NULL, earlier TEXT, -- ids; NULL: from none
  sure REAL NOT NULL,
  instant REAL                       -- of the later of their publications; NULL: both are undated
) STRICT;
INSERT INTO "link" VALUES(1,7,NULL,'ferry',NULL,0.0,NULL);
INSERT INTO "link" VALUES(2,7,NULL,'https://wire.example/aground','ferry',1.0,1741132800.0);
INSERT INTO "link" VALUES(3,7,NULL,'https://news.example/vineyard',NULL,0.0,NULL);
CREATE TABLE linked (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
INSERT INTO "linked" VALUES(1,7);
CREATE TABLE model (
  key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, revision TEXT NOT NULL, dimension INTEGER NOT NULL,
  UNIQUE (name, revision)
) STRICT;
INSERT INTO "model" VALUES(1,'sentence-transformers/all-MiniLM-L6-v2','53aa51172d142c89',384);
CREATE TABLE numbered (              -- articles in the order in which they came; the least of a story is its number
  number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL
) STRICT;
INSERT INTO "numbered" VALUES(1,'ferry');
INSERT INTO "numbered" VALUES(2,'https://wire.example/aground');
INSERT INTO "numbered" VALUES(3,'https://news.example/vineyard');
CREATE TABLE passage (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  article INTEGER NOT NULL REFERENCES article, model INTEGER NOT NULL REFERENCES model,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  hash BLOB NOT NULL,                -- of the text that is embedded
  vector BLOB                        -- float16, little endian; NULL: not embedded yet
) STRICT;
INSERT INTO "passage" VALUES(3,3,1,0,389,X'BF219B852FC1163BA3F274EB8A42C18B',X'D429652CDB1A3C2D742DF3A6BC202B279CAD2CA9EC24D42C7C21C2A7F4ACAD24A3AAEBA2EB1E7A2B7BA244254BAE33AA3DACDC210C217DAC45AC43A7BCAC8B22D49CECA8542D921F0BA73DA85B271BAFDC2DF41CFC29142543A703AB2B277AA725A4349D6BAE05AC7B26FAABC4AC0DA882AB7D249D2CD41D952C05280BAB7BAAAA271DA8A5A43CA90D2C332FAA2BC31A05985C296A2BA2A7A4A91BA64C295B2A2BAFECAD642575A47B9EEC2934297326042A6B261D282B22ECA515A895987BA27D20B32643A70D20332E6A2F9510AAABBAA77D2CC42424994DACBCA87C1DBA2B65204CA9BCA923A64BAA1DA8152853ABFA9B5DA0BC2DBAA7D4A08C2D03270000EAA71BA344A904A9AC2D63AABA231B2653AB9B2A0CAAE4A8F4A913AE259C94A9C42C55ACB3AA1BAFDB2E92AB35A0DBAE9CAD9227B5A415A47D2C2C2D2D2864297A27F39EEC24E2A30CA67B2233AA54A14D24BCA00426742955A89B9EAD2C6BA2D227C42484A5DBAE6AAF532A1CA91B2254253CA13DACC4A14B228524642D35A8042A0D2C7C2964ADA4AD04A674299BAA352C6DA8BA1B0CA6339A9BA61B2B532E9B2A5BA7FCA82C21ECA4A2A703AB83267DACF4280C268B9AA32A7A1794A50080ECA5832A042A53ABD4AC1499442DD2A72BA753A635ACB3AAF4292B2E4CAD0C21F42D0528431F732A3DA80CAABA27B530041D3D284530DB2614A90393B530BC28EC2D34A92BAF2BA6A4AD432E7C295B265B2F6AA76DA865A484A5BC20AA2BEB1E0C2A432AC3A61C25A51CDC14F4296D28D217A2A314AD531FB3A64425E4A41B27BC2D432EFCAC0CAA5BAB0D24A3A6C21F8CADFC15CBA66C255DB00D2C7DA49B269429DBAA5323A5207BA61CA934257CA954290C299B2AEA9FF3AA8425F3A6018055245BA30B23349DCBAAEBA6332AEB1E6A9B5B265CAD54A99BAA33AABC294C09A3260BA7A5205DAC8B2A8CAD3CA1FC247AA79DA04327E217132E94AD0C2515A81BAA552C0B27D227C420EBAE95A465280D24E430ADA84323EA27F42C55A4B5A0DB123BAAB5A44C290CA61B2F852C9B2676824327CBAAC42C1BA7542185ACA429');
INSERT INTO "passage" VALUES(5,6,1,0,398,X'9A767AFCDC8BC2EA26BD7CA87CBE4233',X'71A79929B929A12DE99A102468AC591E4923D127892218A4192FA12679AA499B98A8D8ACE8AC20AC502911AA411B5821912E28AC19AF78A458A8492B7028D830E92EC88C28299810782C90ADA11AD02C011B2824F1A2682961AA281C482CA92A91A7319EF8AC801C71A291AE28ACA9A7412E59A79127C11EC8A440A8F9A99025E91EF925D9A190AC089D58AC092A902D612A70A9C82031AEA8A08923E1AD401D30A9D8A85927902990B0891BB92A7C01002C60257122F0A480AC409CC0AC112A2824F0A879AB10A5599B10AD48289898A115282589A711260821419AE91798A44029F02411AAA126712689AAE125792AF127112B59A72020C8A8D923B9220080912A4824F127A8A0582528A84122E9AA799EA9AD10AC28AC49AE11AE402C312219A2A8A4D99DA828A92A68AD70A5A82C00ADA12BB92B302CE92750A0202CC828402C299F79A670281019E92A71275024E02C892B4830799FF12950ADC10DD02011AA5814C11FC02CA82CD92A8927881C899F01AB581DF1A73126D9AD1123C8A460AC4029011FC12659AA68214913A9A238A5C9A10020301C282999ADD028E91EB926D1ADA9AB19AB68ACE1A9C81858157828912361AF80AD49228825602D0080F024B921182DF12AA820302540A96828A8281122B9AE892A502978A4D8A8702C503141A790A0102C11ABF12BC1AD31AE8024E129F129B8A470A9611B892710ADD1A26821B9A6019361AA29AE28208825192E70AD1922482D102D60ACB0A85922C02C9024A1AA582811AAB12DF1A360ACE92AD83010AC68AD08AC602848A8282470A5312B112B782840243028D12A2019402028A931AA412791AE012728AD899F192A3029B922F11D312AD9ADB12990A859A6592AE9AAD1A6D1294018012A01809024302C08ADA02C792629AED1A13829C1A7502CE917C8282825C8A0912B70A9C02C19AB91A7C9AD79AB1028592A402429AEA8A8290600ACC81CA19729ABD8240029F12660A520A8C1AD712E2923C0A4C1A3592649AA58A571AA9029D9A991A7A922412ED9871126F0A0082DC9A9D127689940A428A8E92371AA01AFE9A689AB');
INSERT INTO "passage" VALUES(6,7,1,0,370,X'CA43C713985D7483E888BCD05AD14E05',X'30A00827389F6816C8ACD0AC80B050A1C82AD89EB0A5B823B82828A6C0A7102940A6D0A4602CD823F02AC828F824B8AB3824D81E68A7B0AA009900ABA822F8A528AD98A8982A9829A029D09F60ABC01D50A7782288AD2024C896B0A9D8A9E8A8F02AA028009D082738AAB0ADA829B82C60A500A990AD0824002D481848ACC0A5D82A282C3028602A482828AEF024B825482F98AA082550A4C826B0294827F0A8D8A1D82590A3682C78AE802AC8A67816982C1022E82860A6D8ADB025A8A8982418AA202B80A180249026C02E482768A740A9E8A9D82B18AB38A66822802A50AC28A45098A8A8982CE828B8274029A82CD89F201C60A728A2B8A7382A28A60000781AE82AF8A0601FB8A088AB102D502010ADD8ADB02DC0A510AC38A4882750A5482DF0A928A958A8509390A398A23827B025281DC8A068A8282AB8A8D828A0AB282A10A8C02D7822002AF029B02AC8A548ACA02BA82868A690946025B025B82B702540AAD825502780B1882CC0A090AD78A7501AA82BB0AA302CC09DB02C4028D82C802238A9A814102A78AA80AA78A2B022482098A8F02920A4F0A4802D2027C02BA8A2502338269028E81B082588A10020E88EB82B8829B0AEB0ACC8A00080982890AE28ADC8A498AA402578AE00214028389DB0AE682A782E0025682738A7482C8829782768A2309D682C109AE81B802AD82668AA38AAE8AD4899582CA0A9382A1824602890AA002ED8A9382228A61029282AF02458ACE821B8AD98A108AD282138ABC028D0AB781538AB201FB02E082490A7F83098A850A260A800B02028B8AB60AAD82828A628A878ACD8ADA01D20A120AE88AD902E602E302B681FE8A900AFB022C81DA010902C189A40305021C8AA502BD0218019B824B01698280180B01D08A810A9682AC02A0822602CA82E68AA002EA82F90A688AD78ADC0A178921031102600AD08AC782BE81D18A160A3E0AC50253029A8A8902B60ABF0A660289828E8A680A508A8F029202F0825A02810AAA0ADC8A4402008A178A8D8A650ADA829C02840A178A8F82CB818602450A71096D82B78AC9826502A50AC50AB282A');
CREATE TABLE placed (                -- in which section a version is, if not in 0
  article INTEGER PRIMARY KEY REFERENCES article, section INTEGER NOT NULL REFERENCES section
) STRICT;
CREATE TABLE reads (                 -- what readers chose; of other collections the host says who reads them
  reader TEXT NOT NULL, section INTEGER NOT NULL REFERENCES section,
  since INTEGER NOT NULL,            -- the generation that was served then: what it holds is no news
  joined TEXT NOT NULL,              -- when that was
  until INTEGER,                     -- it is read no more: up to which generation what came is seen
  PRIMARY KEY (reader, section)
) STRICT, WITHOUT ROWID;
CREATE TABLE section (               -- what one source brings, kept once for all who read it (see sections.py)
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,         -- of a collection, its name; of a feed, its origin; of a page, "/page/" and its id
  shared INTEGER NOT NULL            -- 1: a collection, which the host fills and offers to all
) STRICT;
INSERT INTO "section" VALUES(0,'news',1);
CREATE TABLE twin (                  -- versions of one article, or of one text, of which none is another's copy
  article INTEGER NOT NULL REFERENCES article, other INTEGER NOT NULL REFERENCES article,  -- each pair both ways
  PRIMARY KEY (article, other)
) STRICT, WITHOUT ROWID;
CREATE TABLE twinned (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
CREATE TABLE withdrawn (             -- articles that are not to come back
  id TEXT PRIMARY KEY, canonical TEXT, reason TEXT NOT NULL, at TEXT NOT NULL
, section INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "withdrawn" VALUES('https://news.example/library','https://news.example/library','a mistake','2026-11-28T19:59:31+00:00',0);
CREATE UNIQUE INDEX article_version ON article (id, born);
CREATE INDEX article_instant ON article (instant);
CREATE INDEX article_origin ON article (origin) WHERE died IS NULL;
CREATE INDEX article_born ON article (born);
CREATE INDEX article_died ON article (died) WHERE died IS NOT NULL;
CREATE INDEX article_life ON article (source, died, born, copy_of, instant);
CREATE INDEX article_pruned ON article (died) WHERE pruned;
CREATE INDEX article_canonical ON article (canonical);
CREATE INDEX article_copy ON article (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX article_arrived ON article (coalesce(instant, CAST(strftime('%s', seen) AS REAL)))
  WHERE died IS NULL AND substr(origin, 1, 1) = '/';
CREATE INDEX band_article ON band (article);
CREATE INDEX withdrawn_canonical ON withdrawn (canonical);
CREATE INDEX passage_article ON passage (article);
CREATE INDEX passage_pending ON passage (key) WHERE vector IS NULL;
CREATE INDEX called_name ON called (origin, name);
CREATE INDEX called_article ON called (article);
CREATE INDEX article_notice ON article (origin, title) WHERE died IS NULL AND canonical IS NULL;
CREATE INDEX link_article ON link (article);
CREATE INDEX link_earlier ON link (earlier) WHERE earlier IS NOT NULL;
CREATE INDEX link_died ON link (died) WHERE died IS NOT NULL;
CREATE INDEX numbered_article ON numbered (article);
CREATE INDEX language_code ON language (code);
CREATE INDEX placed_section ON placed (section);
CREATE INDEX reads_section ON reads (section);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('article',7);
INSERT INTO "sqlite_sequence" VALUES('model',6);
INSERT INTO "sqlite_sequence" VALUES('passage',6);
INSERT INTO "sqlite_sequence" VALUES('numbered',3);
INSERT INTO "sqlite_sequence" VALUES('section',0);
COMMIT;
PRAGMA user_version = 10;
