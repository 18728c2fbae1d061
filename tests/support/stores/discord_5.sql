-- What the bot remembered as version 5 of its file had it: discord_4.sql, opened by the program of then, and a page turned.
BEGIN TRANSACTION;
CREATE TABLE departed (guild INTEGER PRIMARY KEY, since REAL NOT NULL) STRICT;
INSERT INTO "departed" VALUES(2,1699999995.0);
CREATE TABLE exchange (
    id INTEGER PRIMARY KEY,
    asked REAL NOT NULL,
    channel INTEGER,
    member INTEGER NOT NULL,
    parent INTEGER,
    message INTEGER,
    record TEXT NOT NULL
, guild INTEGER NOT NULL DEFAULT 0);
INSERT INTO "exchange" VALUES(101,1699999940.0,11,5,NULL,1001,'{"asking": {"question": "What happened to the ferry?", "member": 5, "channel": 11, "guild": 1, "since": "2023-11-01", "until": "2023-11-14T20:00:00+00:00", "source": "Marlo Gazette", "parent": null, "understood": null, "hidden": false}, "quotes": [{"article": "https://news.example/ferry", "version": "9b53f4031f92d609", "start": 0, "end": 88}], "nearest": []}',1);
INSERT INTO "exchange" VALUES(102,1699999970.0,11,5,101,1002,'{"asking": {"question": "And why?", "member": 5, "channel": 11, "guild": 1, "since": null, "until": null, "source": null, "parent": 101, "understood": "Why did the ferry run aground?", "hidden": true}, "quotes": [], "nearest": ["https://news.example/vineyard"]}',1);
CREATE TABLE guild (id INTEGER PRIMARY KEY, settings TEXT NOT NULL);
INSERT INTO "guild" VALUES(1,'{"channels": [11, 12], "moderator_roles": [13], "log_channel": 14, "cooldown": 9, "quotes": 2, "ephemeral": true, "digest_hour": 7, "zone": "Europe/Berlin"}');
INSERT INTO "guild" VALUES(2,'{"channels": [], "moderator_roles": [], "log_channel": null, "cooldown": 5, "quotes": 5, "ephemeral": false, "digest_hour": 8, "zone": "UTC"}');
CREATE TABLE item (
  number INTEGER PRIMARY KEY,
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  article TEXT NOT NULL, post INTEGER, -- NULL: it waits for one
  UNIQUE (subscription, article)
) STRICT;
INSERT INTO "item" VALUES(1,3,'t0',1844749906);
INSERT INTO "item" VALUES(10,3,'t47',NULL);
INSERT INTO "item" VALUES(11,3,'t46',NULL);
INSERT INTO "item" VALUES(12,3,'t45',NULL);
INSERT INTO "item" VALUES(13,3,'t44',NULL);
INSERT INTO "item" VALUES(14,3,'t43',NULL);
INSERT INTO "item" VALUES(15,3,'t42',NULL);
INSERT INTO "item" VALUES(16,3,'t41',NULL);
INSERT INTO "item" VALUES(17,3,'t40',NULL);
INSERT INTO "item" VALUES(18,3,'t39',NULL);
INSERT INTO "item" VALUES(19,3,'t38',NULL);
INSERT INTO "item" VALUES(20,3,'t37',NULL);
INSERT INTO "item" VALUES(21,3,'t36',NULL);
INSERT INTO "item" VALUES(22,3,'t35',NULL);
INSERT INTO "item" VALUES(23,3,'t34',NULL);
INSERT INTO "item" VALUES(24,3,'t33',NULL);
INSERT INTO "item" VALUES(25,3,'t32',NULL);
INSERT INTO "item" VALUES(26,3,'t31',NULL);
INSERT INTO "item" VALUES(27,3,'t30',NULL);
INSERT INTO "item" VALUES(28,3,'t29',NULL);
INSERT INTO "item" VALUES(29,3,'t28',NULL);
INSERT INTO "item" VALUES(30,3,'t27',NULL);
INSERT INTO "item" VALUES(31,3,'t26',NULL);
INSERT INTO "item" VALUES(32,3,'t25',NULL);
INSERT INTO "item" VALUES(33,3,'t24',NULL);
INSERT INTO "item" VALUES(34,3,'t23',NULL);
INSERT INTO "item" VALUES(35,3,'t22',NULL);
INSERT INTO "item" VALUES(36,3,'t21',NULL);
INSERT INTO "item" VALUES(37,3,'t20',NULL);
INSERT INTO "item" VALUES(38,3,'t19',NULL);
INSERT INTO "item" VALUES(39,3,'t18',NULL);
INSERT INTO "item" VALUES(40,3,'t17',NULL);
INSERT INTO "item" VALUES(41,3,'t16',NULL);
INSERT INTO "item" VALUES(42,3,'t15',NULL);
INSERT INTO "item" VALUES(43,3,'t14',NULL);
INSERT INTO "item" VALUES(44,3,'t13',NULL);
INSERT INTO "item" VALUES(45,3,'t12',NULL);
INSERT INTO "item" VALUES(46,3,'t11',NULL);
INSERT INTO "item" VALUES(47,3,'t10',NULL);
INSERT INTO "item" VALUES(48,3,'t9',NULL);
INSERT INTO "item" VALUES(49,3,'t8',NULL);
INSERT INTO "item" VALUES(50,3,'t7',NULL);
INSERT INTO "item" VALUES(51,3,'t6',NULL);
INSERT INTO "item" VALUES(52,3,'t5',NULL);
INSERT INTO "item" VALUES(53,3,'t4',NULL);
INSERT INTO "item" VALUES(54,3,'t3',NULL);
INSERT INTO "item" VALUES(55,3,'t2',1902029267);
INSERT INTO "item" VALUES(56,3,'t1',1902029267);
INSERT INTO "item" VALUES(57,3,'u4',NULL);
INSERT INTO "item" VALUES(58,3,'u3',NULL);
INSERT INTO "item" VALUES(59,3,'u2',NULL);
INSERT INTO "item" VALUES(60,3,'u1',NULL);
INSERT INTO "item" VALUES(61,3,'u0',NULL);
INSERT INTO "item" VALUES(62,2,'f1',NULL);
INSERT INTO "item" VALUES(63,2,'f2',NULL);
INSERT INTO "item" VALUES(64,5,'h1',2015170476);
CREATE TABLE "listing" (id TEXT PRIMARY KEY, used REAL NOT NULL, record TEXT NOT NULL, guild INTEGER) WITHOUT ROWID;
INSERT INTO "listing" VALUES('c3c19be401ee00af',1700000000.0,'["ferries", "2023-11-01", "Marlo Gazette"]',1);
CREATE TABLE look (                    -- how far members have looked at the latest stories
  guild INTEGER NOT NULL,              -- 0: a direct message
  member INTEGER NOT NULL,
  listing TEXT NOT NULL,               -- which stories they were
  generation INTEGER NOT NULL,         -- of the index, up to which they have seen them
  looked REAL NOT NULL,
  PRIMARY KEY (guild, member, listing)
) STRICT, WITHOUT ROWID;
INSERT INTO "look" VALUES(0,6,'7ed5958c5c4e53cf',10,1699999950.0);
INSERT INTO "look" VALUES(1,5,'086add05a968d011',9,1699999900.0);
CREATE TABLE post (
  id INTEGER PRIMARY KEY,              -- random: it is looked for in channels
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  generation INTEGER NOT NULL, prepared REAL NOT NULL,
  after INTEGER,                       -- the channel's last message before it was sent; NULL: it never was
  tries INTEGER NOT NULL DEFAULT 0, again REAL NOT NULL DEFAULT 0,
  done REAL                            -- when it was known to be in the channel
, unshown INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "post" VALUES(1844749906,3,8,1700000000.0,900,0,0.0,1700000001.0,0);
INSERT INTO "post" VALUES(1902029267,3,9,1700000002.0,901,1,1700000060.0,NULL,5);
INSERT INTO "post" VALUES(2015170476,5,10,1700000000.0,NULL,1,9e999,NULL,0);
CREATE TABLE subscription (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, guild INTEGER NOT NULL, channel INTEGER NOT NULL, topic TEXT, locale TEXT NOT NULL,
  zone TEXT, hour INTEGER, minute INTEGER, weekday INTEGER, due REAL,  -- of a digest
  known INTEGER NOT NULL,              -- generation of the index up to which articles are dealt with
  paused TEXT                          -- why nothing can be posted
, unshown INTEGER NOT NULL DEFAULT 0, begun REAL NOT NULL DEFAULT 0) STRICT;
INSERT INTO "subscription" VALUES(1,'digest',1,11,NULL,'de','Europe/Berlin',8,30,5,1700292600.0,7,NULL,0,1699990000.0);
INSERT INTO "subscription" VALUES(2,'alert',1,12,'ferries','en-GB',NULL,NULL,NULL,NULL,0.0,10,NULL,0,1699990000.0);
INSERT INTO "subscription" VALUES(3,'alert',1,11,'trains','en-GB',NULL,NULL,NULL,NULL,0.0,10,NULL,3,0.0);
INSERT INTO "subscription" VALUES(4,'alert',2,21,'ferries','fr',NULL,NULL,NULL,NULL,0.0,7,NULL,0,0.0);
INSERT INTO "subscription" VALUES(5,'alert',3,31,'harvest','es-ES',NULL,NULL,NULL,NULL,0.0,10,'gone',0,0.0);
CREATE TABLE vote (
    exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    helpful INTEGER NOT NULL,
    voted REAL NOT NULL,
    PRIMARY KEY (exchange, member)
) WITHOUT ROWID;
INSERT INTO "vote" VALUES(101,5,1,1700000000.0);
INSERT INTO "vote" VALUES(101,6,0,1700000000.0);
CREATE INDEX exchange_asked ON exchange (asked);
CREATE INDEX exchange_message ON exchange (message) WHERE message IS NOT NULL;
CREATE INDEX exchange_member ON exchange (channel, member, asked);
CREATE INDEX vote_voted ON vote (voted);
CREATE INDEX subscription_guild ON subscription (guild, kind);
CREATE INDEX post_open ON post (subscription) WHERE done IS NULL;
CREATE INDEX post_done ON post (subscription, done);
CREATE INDEX item_post ON item (post);
CREATE INDEX item_waiting ON item (subscription) WHERE post IS NULL;
CREATE INDEX listing_used ON listing (used);
CREATE INDEX look_looked ON look (looked);
CREATE INDEX exchange_guild ON exchange (guild);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('subscription',5);
COMMIT;
PRAGMA user_version = 5;
PRAGMA application_id = 0;
