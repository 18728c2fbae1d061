"""From bytes to text: what is declared, what is guessed, and that a page is read alike however it came."""

from __future__ import annotations

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.warc import read_warc
from retrieval.reading.web.fetch import Fetched
from retrieval.text.charset import decoded

RUSSIAN = "Река снова поднялась ночью, и дороги закрыты до утра."
GERMAN = "Über den Flüssen stand das Wasser höher – „so hoch wie nie“."
POLISH = "Rzeka w nocy znowu wezbrała, a drogi są zamknięte do świtu."
KOREAN = "밤사이 강물이 다시 불어나 아침까지 도로가 통제된다."
CHINESE = "夜里河水再次上涨，道路封闭到早晨。"
THAI = "แม่น้ำเอ่อล้นอีกครั้งในตอนกลางคืน และถนนปิดจนถึงเช้า"
JAPANESE = "川の水位が夜のうちに再び上昇し、道路は朝まで閉鎖された。"


@pytest.mark.parametrize(
    ("text", "encoding", "header", "start"),
    [
        (RUSSIAN, "windows-1251", "text/html; charset=windows-1251", ""),
        (RUSSIAN, "koi8-r", 'text/html; CHARSET="KOI8-R"', ""),
        (RUSSIAN, "windows-1251", "text/html", '<html><meta charset="windows-1251">'),
        (RUSSIAN, "windows-1251", "text/xml", '<?xml version="1.0" encoding="windows-1251"?>'),
        (RUSSIAN, "utf-8", "text/html", ""),
        (RUSSIAN, "utf-8", "text/html; charset=iso-8859-1", ""),
        ("Das Café öffnet früh.", "utf-8", "text/html; charset=iso-8859-1", ""),
        (RUSSIAN, "utf-8", "text/html; charset=no-such-thing", ""),
        (RUSSIAN, "utf-8", "text/html; charset=utf-7", ""),
        (RUSSIAN, "utf-8", "text/html; charset=base64", ""),
        (RUSSIAN, "utf-8-sig", "text/html; charset=iso-8859-1", ""),
        (RUSSIAN, "utf-16", "text/html; charset=utf-8", ""),
        (RUSSIAN * 9, "windows-1251", "text/html; charset=utf-8", ""),
        (RUSSIAN * 9, "windows-1251", "", "<html><head><title>x</title>" * 99),
        (GERMAN, "windows-1252", "text/html; charset=iso-8859-1", ""),
        (GERMAN, "windows-1252", "text/html; charset=us-ascii", ""),
        (JAPANESE, "shift_jis", "text/html; charset=Shift_JIS", ""),
        (JAPANESE, "euc-jp", "", '<meta http-equiv="Content-Type" content="text/html; charset=euc-jp">'),
        (JAPANESE, "iso-2022-jp", "text/html; charset=iso-2022-jp", ""),
        (JAPANESE, "utf-8", "text/html; charset=shift_jis", ""),
        (JAPANESE, "utf-8", "text/html; charset=iso-2022-jp", ""),
        (JAPANESE * 9, "shift_jis", "", ""),
        (JAPANESE * 9, "euc-jp", "", ""),
        (GERMAN, "windows-1252", "", ""),
        (GERMAN, "windows-1252", "text/html; charset=utf-8", ""),
        (GERMAN, "utf-8", "text/html; charset=gbk", ""),
        (GERMAN, "utf-8", "text/html; charset=tis-620", ""),
        (GERMAN, "utf-8", "", '<meta charset="utf-16">'),
        (GERMAN, "windows-1252", "text/html; charset=unicode_escape", ""),
        (GERMAN, "utf-16-le", "text/html; charset=utf-16le", ""),
        (POLISH, "windows-1250", "text/html; charset=windows-1250", '<meta charset="utf-8">'),
        (KOREAN, "cp949", "", '<meta charset="ks_c_5601-1987">'),
        (CHINESE, "gb18030", "text/html; charset=gb2312", ""),
        (THAI, "tis-620", "text/html; charset=TIS-620", ""),
    ],
)
def test_a_text_is_read_in_its_charset(text: str, encoding: str, header: str, start: str) -> None:
    assert decoded((start + text).encode(encoding), header) == start + text


def test_a_damaged_place_does_not_spoil_the_rest() -> None:
    for header in ("text/html; charset=utf-8", "text/html", "text/html; charset=iso-8859-1"):
        text = decoded(RUSSIAN.encode() + b"\xd0 and \xff", header)
        assert text.startswith(RUSSIAN)
        assert "\ufffd" in text


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_have_a_text(body: bytes, label: str) -> None:
    logging.getLogger("charset_normalizer").setLevel(logging.ERROR)
    assert isinstance(decoded(body, f"text/html; charset={label}"), str)


@pytest.mark.parametrize(
    ("text", "encoding", "header", "start"),
    [
        (RUSSIAN, "koi8-r", "text/html; charset=koi8-r", ""),
        (RUSSIAN, "utf-8", "text/html; charset=iso-8859-1", ""),
        (GERMAN, "windows-1252", "text/html; charset=utf-8", ""),
        (POLISH, "windows-1250", "text/html", '<meta charset="windows-1250">'),
        (POLISH, "utf-8", "text/html; charset=gbk", ""),
        (JAPANESE, "iso-2022-jp", "text/html; charset=iso-2022-jp", ""),
        (JAPANESE, "euc-jp", "text/html", ""),
    ],
)
def test_a_page_is_read_alike_however_it_came(text: str, encoding: str, header: str, start: str) -> None:
    page = f"<html><head>{start}<title>A river</title></head><body><article><p>{text * 12}</p></article></body></html>"
    body, url = page.encode(encoding), "https://news.example/2026/a-river"
    fetched = Fetched(
        url=url, permanent_url=None, not_modified=False, content_type=header, body=body, etag=None, last_modified=None
    )
    assert fetched.text() == page
    assert read_page(body, url, content_type=header).article.body == text * 12
    response = f"HTTP/1.0 200 OK\r\nContent-Type: {header}\r\n\r\n".encode() + body
    record = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(response)}\r\n\r\n"
    archived = list(read_warc(io.BytesIO(record.encode() + response + b"\r\n\r\n"), "a.warc"))
    assert [each.body for each in archived if isinstance(each, Article)] == [text * 12]
