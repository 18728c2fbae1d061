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
INSERT INTO "article" VALUES(8,8,NULL,'https://tessel.example/nets [1]','ef038b9dcfd52a7da5a5f7d703854184f41246f314c78217719123b94f276994','/feed/https://tessel.example/feed',1741046400.0,'2025-03-04',NULL,'Tessel Post','https://tessel.example/nets','Nets against frost in Tessel',0,'https://tessel.example/nets',NULL,'2026-11-30T07:39:08.454631+00:00',0,'[]',X'000000003F0000004000000090000000','Growers around Tessel want a roof of nets over the young vines. The union said on Friday that nets would have saved half of the shoots in April.',NULL);
INSERT INTO "article" VALUES(9,8,NULL,'https://tessel.example/aground [1]','b10d0764ac1c69fd21b76a16f2939f6bb7656ace3f88bf0646b3822c62c1814c','/feed/https://tessel.example/feed',1741046400.0,'2025-03-04',NULL,'Tessel Post','https://tessel.example/aground','Ferry aground off Marlo',0,'https://tessel.example/aground',NULL,'2026-11-30T07:39:08.456032+00:00',0,'[]',X'000000005800000059000000A2000000A3000000F1000000F2000000420100004301000085010000','A ferry with 221 people on board ran aground off the island of Marlo on Tuesday evening. The coast guard said that all passengers were brought ashore by midnight. Captain Ilse Brandt told reporters that the steering had failed in heavy rain. Divers will look at the hull once the wind has dropped, the harbour office said. The ferry company cancelled its sailings for the rest of the week.',NULL);
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
INSERT INTO "band" VALUES(-8527693864966924896,9);
INSERT INTO "band" VALUES(-7744403051596336528,9);
INSERT INTO "band" VALUES(-7424881298751699640,9);
INSERT INTO "band" VALUES(-6555835745809569282,9);
INSERT INTO "band" VALUES(-6437148665289388082,9);
INSERT INTO "band" VALUES(-6434678397515616835,9);
INSERT INTO "band" VALUES(-6110881660238944129,9);
INSERT INTO "band" VALUES(-5994081116073929430,9);
INSERT INTO "band" VALUES(-5575142917240862543,9);
INSERT INTO "band" VALUES(-5045151884451916686,9);
INSERT INTO "band" VALUES(-4782217312991979468,9);
INSERT INTO "band" VALUES(-4647994022684591743,9);
INSERT INTO "band" VALUES(-3270395881996563164,9);
INSERT INTO "band" VALUES(-1924438506292569194,9);
INSERT INTO "band" VALUES(-1191851441528803138,9);
INSERT INTO "band" VALUES(-223017203500542243,9);
INSERT INTO "band" VALUES(771823453430861399,9);
INSERT INTO "band" VALUES(850830669727288039,9);
INSERT INTO "band" VALUES(1911358066476524154,9);
INSERT INTO "band" VALUES(2925628002597996017,9);
INSERT INTO "band" VALUES(3206434494859208869,9);
INSERT INTO "band" VALUES(6182449254207489016,9);
INSERT INTO "band" VALUES(6397739989076236379,9);
INSERT INTO "band" VALUES(7069059909489393505,9);
INSERT INTO "band" VALUES(9051153583823769377,9);
CREATE TABLE called (                -- what a source calls an article: a feed's guid, the address of a page
  origin TEXT NOT NULL, article TEXT NOT NULL, name TEXT NOT NULL,
  found TEXT,                        -- where it was last found, if its page was read
  PRIMARY KEY (origin, article)
) STRICT, WITHOUT ROWID;
INSERT INTO "called" VALUES('/feed/https://news.example/feed','https://news.example/vineyard','tag:news.example,2025:vineyard',NULL);
CREATE TABLE dead (                  -- keys that are no more in `passage`, or, of what was pruned, in `article`
  died INTEGER NOT NULL,             -- the first generation without them
  kind TEXT NOT NULL,                -- 'passage', 'article'
  key INTEGER NOT NULL,
  born INTEGER NOT NULL,             -- the first generation with them
  PRIMARY KEY (died, kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_since (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
INSERT INTO "dead_since" VALUES(1,7);
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
INSERT INTO "generation" VALUES(8,1,'2026-11-30T07:39:19.447604+00:00');
CREATE TABLE hidden (                -- what readers took out for themselves
  reader TEXT NOT NULL, id TEXT NOT NULL, canonical TEXT, reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (reader, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "hidden" VALUES('4711','https://tessel.example/nets [1]','https://tessel.example/nets','a test','2026-11-30T07:39:19+00:00');
CREATE TABLE keeps (                 -- for how long readers see what their own sections brought, if not for good
  reader TEXT PRIMARY KEY, days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE language (              -- of a version's text; where there is no row, nobody looked yet
  article INTEGER PRIMARY KEY REFERENCES article,
  code TEXT NOT NULL                 -- ISO 639-1; '': it cannot be told
) STRICT;
INSERT INTO "language" VALUES(3,'en');
INSERT INTO "language" VALUES(5,'en');
INSERT INTO "language" VALUES(6,'en');
INSERT INTO "language" VALUES(8,'en');
INSERT INTO "language" VALUES(9,'en');
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
INSERT INTO "line" VALUES(8,'2 terms by language en
12 0 0 0 1 0 1	grower around tessel want a roof of net over the young vine	growers|tessel		
16 0 1 0 0 0 1	the union said on friday that net would have save half of the shoot in april	april|friday	half	april.|friday');
INSERT INTO "line" VALUES(9,'2 terms by language en
17 0 0 0 0 0 1	a ferri with 221 peopl on board ran aground off the island of marlo on tuesday evening	marlo|tuesday	221	tuesday
12 0 1 0 0 0 1	the coast guard said that all passeng were brought ashor by midnight			
13 0 1 0 0 0 1	captain ils brandt told report that the steer had fail in heavi rain	captain ilse brandt		
15 0 1 0 0 0 1	diver will look at the hull onc the wind has drop the harbour offic said	divers		
12 0 0 0 0 0 1	the ferri compani cancel it sail for the rest of the week			');
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
INSERT INTO "link" VALUES(4,8,NULL,'https://tessel.example/nets [1]',NULL,0.0,NULL);
INSERT INTO "link" VALUES(5,8,NULL,'https://tessel.example/aground [1]','ferry',9.99999884592826404627e-01,1741046400.0);
CREATE TABLE linked (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
INSERT INTO "linked" VALUES(1,8);
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
INSERT INTO "numbered" VALUES(4,'https://tessel.example/nets [1]');
INSERT INTO "numbered" VALUES(5,'https://tessel.example/aground [1]');
CREATE TABLE passage (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  article INTEGER NOT NULL REFERENCES article, model INTEGER NOT NULL REFERENCES model,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  hash BLOB NOT NULL,                -- of the text that is embedded
  vector BLOB                        -- float16, little endian; NULL: not embedded yet
) STRICT;
INSERT INTO "passage" VALUES(3,3,1,0,389,X'BF219B852FC1163BA3F274EB8A42C18B',X'D429652CDB1A3C2D742DF3A6BC202B279CAD2CA9EC24D42C7C21C2A7F4ACAD24A3AAEBA2EB1E7A2B7BA244254BAE33AA3DACDC210C217DAC45AC43A7BCAC8B22D49CECA8542D921F0BA73DA85B271BAFDC2DF41CFC29142543A703AB2B277AA725A4349D6BAE05AC7B26FAABC4AC0DA882AB7D249D2CD41D952C05280BAB7BAAAA271DA8A5A43CA90D2C332FAA2BC31A05985C296A2BA2A7A4A91BA64C295B2A2BAFECAD642575A47B9EEC2934297326042A6B261D282B22ECA515A895987BA27D20B32643A70D20332E6A2F9510AAABBAA77D2CC42424994DACBCA87C1DBA2B65204CA9BCA923A64BAA1DA8152853ABFA9B5DA0BC2DBAA7D4A08C2D03270000EAA71BA344A904A9AC2D63AABA231B2653AB9B2A0CAAE4A8F4A913AE259C94A9C42C55ACB3AA1BAFDB2E92AB35A0DBAE9CAD9227B5A415A47D2C2C2D2D2864297A27F39EEC24E2A30CA67B2233AA54A14D24BCA00426742955A89B9EAD2C6BA2D227C42484A5DBAE6AAF532A1CA91B2254253CA13DACC4A14B228524642D35A8042A0D2C7C2964ADA4AD04A674299BAA352C6DA8BA1B0CA6339A9BA61B2B532E9B2A5BA7FCA82C21ECA4A2A703AB83267DACF4280C268B9AA32A7A1794A50080ECA5832A042A53ABD4AC1499442DD2A72BA753A635ACB3AAF4292B2E4CAD0C21F42D0528431F732A3DA80CAABA27B530041D3D284530DB2614A90393B530BC28EC2D34A92BAF2BA6A4AD432E7C295B265B2F6AA76DA865A484A5BC20AA2BEB1E0C2A432AC3A61C25A51CDC14F4296D28D217A2A314AD531FB3A64425E4A41B27BC2D432EFCAC0CAA5BAB0D24A3A6C21F8CADFC15CBA66C255DB00D2C7DA49B269429DBAA5323A5207BA61CA934257CA954290C299B2AEA9FF3AA8425F3A6018055245BA30B23349DCBAAEBA6332AEB1E6A9B5B265CAD54A99BAA33AABC294C09A3260BA7A5205DAC8B2A8CAD3CA1FC247AA79DA04327E217132E94AD0C2515A81BAA552C0B27D227C420EBAE95A465280D24E430ADA84323EA27F42C55A4B5A0DB123BAAB5A44C290CA61B2F852C9B2676824327CBAAC42C1BA7542185ACA429');
INSERT INTO "passage" VALUES(5,6,1,0,398,X'9A767AFCDC8BC2EA26BD7CA87CBE4233',X'71A79929B929A12DE99A102468AC591E4923D127892218A4192FA12679AA499B98A8D8ACE8AC20AC502911AA411B5821912E28AC19AF78A458A8492B7028D830E92EC88C28299810782C90ADA11AD02C011B2824F1A2682961AA281C482CA92A91A7319EF8AC801C71A291AE28ACA9A7412E59A79127C11EC8A440A8F9A99025E91EF925D9A190AC089D58AC092A902D612A70A9C82031AEA8A08923E1AD401D30A9D8A85927902990B0891BB92A7C01002C60257122F0A480AC409CC0AC112A2824F0A879AB10A5599B10AD48289898A115282589A711260821419AE91798A44029F02411AAA126712689AAE125792AF127112B59A72020C8A8D923B9220080912A4824F127A8A0582528A84122E9AA799EA9AD10AC28AC49AE11AE402C312219A2A8A4D99DA828A92A68AD70A5A82C00ADA12BB92B302CE92750A0202CC828402C299F79A670281019E92A71275024E02C892B4830799FF12950ADC10DD02011AA5814C11FC02CA82CD92A8927881C899F01AB581DF1A73126D9AD1123C8A460AC4029011FC12659AA68214913A9A238A5C9A10020301C282999ADD028E91EB926D1ADA9AB19AB68ACE1A9C81858157828912361AF80AD49228825602D0080F024B921182DF12AA820302540A96828A8281122B9AE892A502978A4D8A8702C503141A790A0102C11ABF12BC1AD31AE8024E129F129B8A470A9611B892710ADD1A26821B9A6019361AA29AE28208825192E70AD1922482D102D60ACB0A85922C02C9024A1AA582811AAB12DF1A360ACE92AD83010AC68AD08AC602848A8282470A5312B112B782840243028D12A2019402028A931AA412791AE012728AD899F192A3029B922F11D312AD9ADB12990A859A6592AE9AAD1A6D1294018012A01809024302C08ADA02C792629AED1A13829C1A7502CE917C8282825C8A0912B70A9C02C19AB91A7C9AD79AB1028592A402429AEA8A8290600ACC81CA19729ABD8240029F12660A520A8C1AD712E2923C0A4C1A3592649AA58A571AA9029D9A991A7A922412ED9871126F0A0082DC9A9D127689940A428A8E92371AA01AFE9A689AB');
INSERT INTO "passage" VALUES(7,8,1,0,144,X'3562338B8AEA6EF8329E3E58C54CE9B0',X'08AC5B28DB2BD623222A0F2AD82773A977288B2C5BA4FD29A1A896A3C9ACA127F2A9F1A36EACB8AC0A2439AA2AA575AA442845ABD3AF932596263FA8D71FD12D93A85329C41B40A9A999E91CF1097A2BD22DA52320A337218DAB1223DDA4E5282C2C4CAB33A928A62BA050AC4929A62B849E0396EB20F5A40E2F66A892AD43201D28361C38A78F2A982DBD1F4F2CA12E33AA88AC8F2C06228D120BA870A805AB05AA3FA3D929DB28FEAD92271F252F8D622B379BB4ABBD1D0FA9C0203FA7A02884A469AC7AAC452C0E2C9FAE5F281EAC0324CE2A4AA81CA90628D7AA2FA80220F12AD82C79AA04AE299E7FA5692F172A3BA3452EF8A8CA241EAC379C92A900002F2C262C3125699F083139AB03291FABDAA6D1263DB22FAE84AEDFAD8C2E8CAB95A0B90EDF244B273AA921AEA2A451AA53978E914F9B0C97E929DC29612BDB2A722C762B53A8B52C122873975E267FADD425672720283321369F8CACB1AF792BC4AA372503301F2A4A22DAACC124F4220AA35B28BC2CBF2A472C9DADCDAC8EA37CA62E2BCE254D2146A986A8F8AC16A6501B0B2906A80A2925AC3F9A441ECC28E21592A41AAB7CAD46ABDFACC52BBA12AC29BC2DB4A471A9C02868281AA800803DAD8E20DDAAE42295A97B267A22B3A36521C9A20EA4542CAB2753A0719739A9932C8EAA1E217221B7A8E4A885AA761E662462286B2262285FAD392921244DAD91A87C24A9A51D286F2885ACEE2625AB7A2DFFABADA9272E9B2B460927A0070BC1AB53273BA8E229FFA5852836A2D8A24D27CF2A2C2639ACE1ACD5ABF9AE78297B27312B77A2BD208D95B92A0329162DC5A114A621AC91244E9E342507AE922C0CAEE5286EA18302C83099AAB72CB428CCA23D28C52868A421990029AE2A00803FA9E12F49AB42A1E526A4AD482DA42AFF9688A3E0A74813B024CF24382D8B2886218AA87BA640AD07A8F92519285B2FCFAD1FAA749DE0A8AB14A92D93AA2729412B8829EF23412C07AC1B2CAC260BA168AAA9193922A3A983271426BD28D22AE39B7925971F31273426F3273A258AA70DA1DAAC2DA9F41C03AFEBA2EDA98B18');
INSERT INTO "passage" VALUES(8,9,1,0,389,X'C23E7E9E296D2CCE6F758864DBA76D22',X'8F29802C859CA02DA72DDFA53425DA27B8AD8DA9CE27782C36221EA897AC8425A7AA61A2F31C252B6CA5EA2531AEE3A91EABFC20191DBFACDDAB05A61FADC62676A11BA99B2DB01DDBA757A7112754AFE22DCE1D0D2A2E226BA614AB5D27B6A58EA1FC9D1EAE3FAC5225C4AB60AD5FA6ECA99A1DEB2C911C662C77268AAA6FAA4C2735A845A55FA9722CF72E282C9C21FF16E3287F2BDCA8F2A841A4B029DA2AD9AE86AD75255EA13BA02F292B2981261829ED26E2276B21C4A69CA7FFA498A4C41DE927CFA6E220752E8C2FC69703AC56A9EB2C5225C09D22AC60A82F99F92B3D205BA978A946A3F3A982A81528C5ABEE9FEC9F0A2E69A80E1A942D702700004EA844A0AEA935A9032EF4AAB222022419ABD22934AA65A951A93EAE7EA219AA382D12AC3FAAC9AE932E16AC9E9DE1AE88AD2E294BA4F9A29E2C312D46275529762941A0CA2456A381A40E1DFDA9ADA3F724AF9FC125212942A8129C9E2C57A291286E24E5A66AAE9DAF3229BAA9652460246A1005AC32A13222FA25A62DC8A8042A362C482723AD6EAD2AA62B293EA9B62C7EA852211DA7FDA144A7842B6A2E722BB9A679AAF8239CA437A821AB8E284AAC77297623B51B0E2A8C9C53A70080D0A53A2B882975AB69AC9F1D382D85A8B6A7EDA530ACAAAA6329A32D45AD3124692D1B281E223D2B9EA611AB7D27A630DA17502847305828E2A8F719C4307C28D82D16AADEAE22A60AADA32EFE28A8267F2ED0A6BDA85CA551A5E5210D2B5C1CD72A0C2B2BA7C82315941F9993292429C09ED1A39DACA11B0FA92D247FA54925CB2D2D2E6CAC5AAA13ACDD22A9A73E1A38ADE81F5CA4732656B01D2CCCA49825CE293CAB0924AC2020A6D6A8A925D5A99229B628A42ABF93F9AAB222B2A701800525FEA2CE2192A228AB22A82C296018C29F5F26BCAD3EA98EAA19AAF129879B19269AA82620D1ACB92A4EAD9C9D872400A7289F1D277613282ED8ADA72453A7AEAA292CBB2836253020EAAEA4A46F28D723C230C3A89F239D282B2D4DA438A0929AE3A90EA52728D2A6682F5F2C832560924125D2A9842CD1A7B02145AD2229');
CREATE TABLE placed (                -- in which section a version is, if not in 0
  article INTEGER PRIMARY KEY REFERENCES article, section INTEGER NOT NULL REFERENCES section
) STRICT;
INSERT INTO "placed" VALUES(8,1);
INSERT INTO "placed" VALUES(9,1);
CREATE TABLE reads (                 -- what readers chose; of other collections the host says who reads them
  reader TEXT NOT NULL, section INTEGER NOT NULL REFERENCES section,
  since INTEGER NOT NULL,            -- the generation that was served then: what it holds is no news
  joined TEXT NOT NULL,              -- when that was
  until INTEGER,                     -- it is read no more: up to which generation what came is seen
  PRIMARY KEY (reader, section)
) STRICT, WITHOUT ROWID;
INSERT INTO "reads" VALUES('4711',1,7,'2026-11-30T07:39:08+00:00',NULL);
INSERT INTO "reads" VALUES('4712',1,7,'2026-11-30T07:39:08+00:00',NULL);
CREATE TABLE section (               -- what one source brings, kept once for all who read it (see sections.py)
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,         -- of a collection, its name; of a feed, its origin; of a page, "/page/" and its id
  shared INTEGER NOT NULL            -- 1: a collection, which the host fills and offers to all
) STRICT;
INSERT INTO "section" VALUES(0,'news',1);
INSERT INTO "section" VALUES(1,'/feed/https://tessel.example/feed',0);
CREATE TABLE twin (                  -- versions of one article, or of one text, of which none is another's copy
  article INTEGER NOT NULL REFERENCES article, other INTEGER NOT NULL REFERENCES article,  -- each pair both ways
  PRIMARY KEY (article, other)
) STRICT, WITHOUT ROWID;
INSERT INTO "twin" VALUES(3,9);
INSERT INTO "twin" VALUES(9,3);
CREATE TABLE twinned (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
INSERT INTO "twinned" VALUES(1,8);
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
INSERT INTO "sqlite_sequence" VALUES('article',9);
INSERT INTO "sqlite_sequence" VALUES('model',7);
INSERT INTO "sqlite_sequence" VALUES('passage',8);
INSERT INTO "sqlite_sequence" VALUES('numbered',5);
INSERT INTO "sqlite_sequence" VALUES('section',1);
COMMIT;
PRAGMA user_version = 11;
