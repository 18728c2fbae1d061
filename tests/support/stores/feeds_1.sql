-- The file of the feeds as version 1 of our tables had it: feeds_0.sql, opened by the program of then.
BEGIN TRANSACTION;
CREATE TABLE entries (

    id TEXT NOT NULL,
    feed TEXT NOT NULL,
    title TEXT,
    link TEXT,
    updated TIMESTAMP,

    author TEXT,
    published TIMESTAMP,
    summary TEXT,
    content TEXT,
    enclosures TEXT,
    source TEXT,
    original_feed TEXT,
    data_hash BLOB,
    data_hash_changed INTEGER,

    read INTEGER,
    read_modified TIMESTAMP,
    important INTEGER,
    important_modified TIMESTAMP,
    added_by TEXT NOT NULL,
    last_updated TIMESTAMP NOT NULL,
    first_updated TIMESTAMP NOT NULL,
    first_updated_epoch TIMESTAMP NOT NULL,
    feed_order INTEGER NOT NULL,
    recent_sort TIMESTAMP NOT NULL,
    sequence BLOB,

    PRIMARY KEY (id, feed),
    FOREIGN KEY (feed) REFERENCES feeds(url)
        ON UPDATE CASCADE
        ON DELETE CASCADE
);
INSERT INTO "entries" VALUES('id:/news/ferry-2','http://news.example:8123/full','The ferry 2 sails again','http://news.example/news/ferry-2',NULL,NULL,'2026-05-01 12:00:00','A ferry left the harbour.','[{"value": "<p>The ferry number 2 left harbour 1 at dawn, and 7 people watched it from the pier. The ferry number 2 left harbour 2 at dawn, and 14 people watched it from the pier. The ferry number 2 left harbour 3 at dawn, and 21 people watched it from the pier.</p><p>The ferry number 2 left harbour 4 at dawn, and 28 people watched it from the pier. The ferry number 2 left harbour 5 at dawn, and 35 people watched it from the pier. The ferry number 2 left harbour 6 at dawn, and 42 people watched it from the pier.</p><p>The ferry number 2 left harbour 7 at dawn, and 49 people watched it from the pier. The ferry number 2 left harbour 8 at dawn, and 56 people watched it from the pier. The ferry number 2 left harbour 9 at dawn, and 63 people watched it from the pier.</p><p>The ferry number 2 left harbour 10 at dawn, and 70 people watched it from the pier. The ferry number 2 left harbour 11 at dawn, and 77 people watched it from the pier. The ferry number 2 left harbour 12 at dawn, and 84 people watched it from the pier.</p>", "type": "text/html", "language": null}]',NULL,NULL,NULL,X'00680F597542356B1AC5031CAF3EE511',0,1,'2026-11-28 20:19:56.563279',NULL,NULL,'feed','2026-11-28 20:19:56.253737','2026-11-28 20:19:56.253737','2026-11-28 20:19:56.204548',1,'2026-05-01 12:00:00',NULL);
INSERT INTO "entries" VALUES('id:/news/ferry-1','http://news.example:8123/full','The ferry 1 sails again','http://news.example/news/ferry-1',NULL,NULL,'2026-05-01 12:00:00','A ferry left the harbour.','[{"value": "<p>The ferry number 1 left harbour 1 at dawn, and 7 people watched it from the pier. The ferry number 1 left harbour 2 at dawn, and 14 people watched it from the pier. The ferry number 1 left harbour 3 at dawn, and 21 people watched it from the pier.</p><p>The ferry number 1 left harbour 4 at dawn, and 28 people watched it from the pier. The ferry number 1 left harbour 5 at dawn, and 35 people watched it from the pier. The ferry number 1 left harbour 6 at dawn, and 42 people watched it from the pier.</p><p>The ferry number 1 left harbour 7 at dawn, and 49 people watched it from the pier. The ferry number 1 left harbour 8 at dawn, and 56 people watched it from the pier. The ferry number 1 left harbour 9 at dawn, and 63 people watched it from the pier.</p><p>The ferry number 1 left harbour 10 at dawn, and 70 people watched it from the pier. The ferry number 1 left harbour 11 at dawn, and 77 people watched it from the pier. The ferry number 1 left harbour 12 at dawn, and 84 people watched it from the pier.</p>", "type": "text/html", "language": null}]',NULL,NULL,NULL,X'009E6F83C256F8197796E566DC4FCED0',0,1,'2026-11-28 20:19:56.537588',NULL,NULL,'feed','2026-11-28 20:19:56.253737','2026-11-28 20:19:56.253737','2026-11-28 20:19:56.204548',0,'2026-05-01 12:00:00',NULL);
INSERT INTO "entries" VALUES('id:/news/barge-4','http://news.example:8123/summaries','The barge 4 sails again','http://news.example:8123/news/barge-4',NULL,NULL,'2026-05-01 12:00:00','A barge left the harbour.',NULL,NULL,NULL,NULL,X'00C546F959F6BA81871335B5740D6B81',0,0,NULL,NULL,NULL,'feed','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.208628',3,'2026-05-01 12:00:00',NULL);
INSERT INTO "entries" VALUES('id:/news/barge-3','http://news.example:8123/summaries','The barge 3 sails again','http://news.example:8123/news/barge-3',NULL,NULL,'2026-05-01 12:00:00','A barge left the harbour.',NULL,NULL,NULL,NULL,X'005790C74DCB6B3F4E5220311969E772',0,1,'2026-11-28 20:19:56.614597',NULL,NULL,'feed','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.208628',2,'2026-05-01 12:00:00',NULL);
INSERT INTO "entries" VALUES('id:/news/barge-2','http://news.example:8123/summaries','The barge 2 sails again','http://news.example:8123/news/barge-2',NULL,NULL,'2026-05-01 12:00:00','A barge left the harbour.',NULL,NULL,NULL,NULL,X'00616AC3857357B4EBD8926717964117',0,1,'2026-11-28 20:19:56.599864',NULL,NULL,'feed','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.208628',1,'2026-05-01 12:00:00',NULL);
INSERT INTO "entries" VALUES('id:/news/barge-1','http://news.example:8123/summaries','The barge 1 sails again','http://news.example:8123/news/barge-1',NULL,NULL,'2026-05-01 12:00:00','A barge left the harbour.',NULL,NULL,NULL,NULL,X'000F7B1CD9F6960245447E14DDE74CDD',0,1,'2026-11-28 20:19:56.581312',NULL,NULL,'feed','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.208628',0,'2026-05-01 12:00:00',NULL);
CREATE TABLE entry_tags (
    id TEXT NOT NULL,
    feed TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,

    PRIMARY KEY (id, feed, key),
    FOREIGN KEY (id, feed) REFERENCES entries(id, feed)
        ON UPDATE CASCADE
        ON DELETE CASCADE
);
INSERT INTO "entry_tags" VALUES('id:/news/barge-2','http://news.example:8123/summaries','quotewire-page','{"attempts": 1, "after": 1780272900.0}');
CREATE TABLE feed_tags (
    feed TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,

    PRIMARY KEY (feed, key),
    FOREIGN KEY (feed) REFERENCES feeds(url)
        ON UPDATE CASCADE
        ON DELETE CASCADE
);
INSERT INTO "feed_tags" VALUES('http://news.example:8123/full','quotewire','{"origin": "/feed/http://news.example:8123/full", "rhythm": {"interval": 900.0, "failures": 0, "hint": 0.0, "due": 1780272952.9245107}, "checked": 1780272000.0, "error": null, "sites": ["news.example"]}');
INSERT INTO "feed_tags" VALUES('http://news.example:8123/missing','quotewire','{"origin": "/feed/http://news.example:8123/missing", "rhythm": {"interval": 1800.0, "failures": 1, "hint": 0.0, "due": 1780275493.3587947}, "checked": 1780272000.0, "error": "news.example has nothing at this address (HTTP 404). If that stays, look up the feed''s new address on the site and add that one.", "sites": ["news.example"]}');
INSERT INTO "feed_tags" VALUES('http://news.example:8123/summaries','quotewire','{"origin": "/feed/http://news.example:8123/summaries", "rhythm": {"interval": 900.0, "failures": 0, "hint": 0.0, "due": 1780272936.9845562}, "checked": 1780272000.0, "error": null, "sites": ["news.example"]}');
INSERT INTO "feed_tags" VALUES('http://news.example:8123/unasked','quotewire','{"origin": "/feed/http://news.example:8123/unasked", "rhythm": {"interval": 1800.0, "failures": 0, "hint": 0.0, "due": 0.0}, "checked": null, "error": null, "sites": ["news.example"]}');
CREATE TABLE feeds (

    url TEXT PRIMARY KEY NOT NULL,
    title TEXT,
    link TEXT,
    updated TIMESTAMP,

    author TEXT,
    subtitle TEXT,
    version TEXT,
    user_title TEXT,
    caching_info TEXT,
    data_hash BLOB,

    stale INTEGER NOT NULL DEFAULT 0,
    updates_enabled INTEGER NOT NULL DEFAULT 1,
    update_after TIMESTAMP,
    last_retrieved TIMESTAMP,
    last_updated TIMESTAMP,
    added TIMESTAMP NOT NULL,
    last_exception TEXT

);
INSERT INTO "feeds" VALUES('http://news.example:8123/full','Harbour Post','http://news.example/',NULL,NULL,'News','rss20',NULL,'{"etag": "\"full-1\""}',X'007A99377F7A655E216F54EDA1FF4426',0,1,'2026-11-28 21:00:00','2026-11-28 20:19:56.253737','2026-11-28 20:19:56.253737','2026-11-28 20:19:55.738281',NULL);
INSERT INTO "feeds" VALUES('http://news.example:8123/summaries','Harbour Post','http://news.example:8123/',NULL,NULL,'News','rss20',NULL,'{"etag": "\"summaries-1\""}',X'00BC39AAB639CBF2DB04636074D77512',0,1,'2026-11-28 21:00:00','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.238237','2026-11-28 20:19:56.141890',NULL);
INSERT INTO "feeds" VALUES('http://news.example:8123/missing',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,1,'2026-11-28 21:00:00','2026-11-28 20:19:56.225713',NULL,'2026-11-28 20:19:56.174770','{"type_name": "reader.exceptions.ParseError", "value_str": "bad HTTP status code: ''http://news.example:8123/missing'': requests.exceptions.HTTPError: 404 Client Error: Not Found for url: http://news.example:8123/missing", "traceback_str": "Traceback (most recent call last):\n  File \"/usr/lib/python3.11/site-packages/reader/_parser/__init__.py\", line 961, in wrap_exceptions\n    yield\n  File \"/usr/lib/python3.11/site-packages/reader/_parser/http.py\", line 159, in __call__\n    response.raise_for_status()\n  File \"/usr/lib/python3.11/site-packages/requests/models.py\", line 1167, in raise_for_status\n    raise HTTPError(http_error_msg, response=self)\nrequests.exceptions.HTTPError: 404 Client Error: Not Found for url: http://news.example:8123/missing\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"/usr/lib/python3.11/site-packages/reader/_parser/__init__.py\", line 266, in retrieve_fn\n    context = self.retrieve(feed.url, feed.caching_info)\n              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.11/site-packages/reader/_parser/__init__.py\", line 308, in retrieve\n    feed = context.__enter__()\n           ^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.11/contextlib.py\", line 137, in __enter__\n    return next(self.gen)\n           ^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.11/site-packages/reader/_parser/http.py\", line 145, in __call__\n    with wrap_exceptions(error):\n  File \"/usr/lib/python3.11/contextlib.py\", line 158, in __exit__\n    self.gen.throw(typ, value, traceback)\n  File \"/usr/lib/python3.11/site-packages/reader/_parser/__init__.py\", line 973, in wrap_exceptions\n    raise exc from e\nreader.exceptions.ParseError: bad HTTP status code: ''http://news.example:8123/missing'': requests.exceptions.HTTPError: 404 Client Error: Not Found for url: http://news.example:8123/missing\n"}');
INSERT INTO "feeds" VALUES('http://news.example:8123/unasked',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,1,NULL,NULL,NULL,'2026-11-28 20:19:56.639315',NULL);
CREATE TABLE global_tags (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE quotewire_schema (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO "quotewire_schema" VALUES(1,1);
CREATE TABLE quotewire_visit (
    feed TEXT NOT NULL, entry TEXT NOT NULL, asked TEXT NOT NULL, read REAL NOT NULL, said TEXT NOT NULL,
    same INTEGER NOT NULL, due REAL, article TEXT NOT NULL, url TEXT NOT NULL,
    PRIMARY KEY (feed, entry)
) WITHOUT ROWID;
INSERT INTO "quotewire_visit" VALUES('http://news.example:8123/summaries','id:/news/barge-1','http://news.example:8123/news/barge-1',1780272000.0,'bf04d07e749763f327543498ced9cf11',0,1780358400.0,'https://news.example:8123/news/barge-1','http://news.example:8123/news/barge-1');
INSERT INTO "quotewire_visit" VALUES('http://news.example:8123/summaries','id:/news/barge-3','http://news.example:8123/news/barge-3',1780272000.0,'ae7700d08e07dd05472d143ac8deff2f',0,1780358400.0,'https://news.example:8123/news/barge-3','http://news.example:8123/news/barge-3');
ANALYZE "sqlite_master";
INSERT INTO "sqlite_stat1" VALUES('entries','entries_by_feed','2 2');
INSERT INTO "sqlite_stat1" VALUES('entries','entries_by_recent','2 2 2 2 2 1 1');
INSERT INTO "sqlite_stat1" VALUES('entries','sqlite_autoindex_entries_1','2 1 1');
CREATE INDEX entries_by_recent ON entries (
    recent_sort DESC,
    coalesce(published, updated, first_updated) DESC,
    feed DESC,
    last_updated DESC,
    - feed_order DESC,
    id DESC
);
CREATE INDEX entries_by_feed ON entries (feed);
CREATE INDEX feed_tags_by_key ON feed_tags(key);
CREATE INDEX entry_tags_by_key ON entry_tags(key);
CREATE INDEX quotewire_visit_due ON quotewire_visit (due) WHERE due IS NOT NULL;
COMMIT;
PRAGMA user_version = 44;
PRAGMA application_id = 1919246692;
