#!/usr/bin/env bash
# warcio's content_stream() gives bytes that are still compressed, or the first part of a body only, and raises nothing.
#
# Versions: warcio 1.8.1, urllib3 2.8.0 (for comparison), Brotli 1.2.0.
#
# content_stream() gives a record's body with its Content-Encoding undone. Where it knows no way to undo it, it gives
# the body as it is, and nothing tells one from the other:
#  * "br", as warcio is installed by default. With the package Brotli, which urllib3[brotli] brings, it raises an
#    AttributeError instead: what it can use is brotlipy, another package with the same module (warcio[all]). So what
#    comes of one archive, rubbish, an error or the text, is up to what else is installed;
#  * "x-gzip", which HTTP has recipients take for "gzip", and two codings in one header ("deflate, gzip").
# And of a gzip body of several members, which are one file by RFC 1952, it gives the first and ends there, as if the
# page were over. urllib3 gives all of them.
#
# Seen:
#   br, without Brotli   b'\x0b\x02\x80hello\x03' (what Brotli makes b'hello' of)
#   br, with Brotli      AttributeError: 'brotli.Decompressor' object has no attribute 'unused_data'
#   x-gzip               still compressed
#   deflate, gzip        still compressed
#   gzip, two members    b'The first half. '; urllib3: b'The first half. The second half.'
#
# Source: https://github.com/webrecorder/warcio/issues/73 (the AttributeError) and pull request 179 (documents Brotli;
# what happens without it, and the other cases, were not found anywhere); RFC 9110, section 8.4.1.3 (x-gzip); RFC 1952,
# section 2.2 (members).
#
# Hurts: whoever makes texts or an index of web archives: rubbish is decoded as text, and halves are taken for pages.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check warcio==1.8.1 urllib3==2.8.0

cat > "$folder/read.py" <<'PYTHON'
import gzip
import importlib.util
import io
import sys
import zlib

from urllib3 import HTTPResponse
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HELLO = b"\x0b\x02\x80hello\x03"  # "hello" in Brotli


def read(body: bytes, coding: str) -> bytes:
    """The body of a page with this coding, written to a web archive and read from it."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Encoding", coding)], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record("https://news.example/", "response", payload=io.BytesIO(body), http_headers=headers)
    )
    file.seek(0)
    return next(iter(ArchiveIterator(file))).content_stream().read()


packed = gzip.compress(b"hello")
twice = gzip.compress(zlib.compress(b"hello"))
members = gzip.compress(b"The first half. ") + gzip.compress(b"The second half.")
seen: dict[str, object] = {
    "x-gzip": read(packed, "x-gzip"),
    "deflate, gzip": read(twice, "deflate, gzip"),
    "gzip, two members": read(members, "gzip"),
    "the same with urllib3": HTTPResponse(
        io.BytesIO(members), headers={"Content-Encoding": "gzip"}, preload_content=False
    ).read(),
}
expected: list[object] = [packed, twice, b"The first half. ", b"The first half. The second half."]
try:
    seen["br"] = read(HELLO, "br")
except AttributeError as error:
    seen["br"] = str(error)
if importlib.util.find_spec("brotli") is None:
    print("without Brotli:")
    expected.append(HELLO)
else:
    import brotli

    print("with Brotli:")
    seen["br by Brotli itself"] = brotli.decompress(HELLO)
    expected += ["'brotli.Decompressor' object has no attribute 'unused_data'", b"hello"]
for case, body in seen.items():
    print(f"  {case:22} {body!r}")
sys.exit(list(seen.values()) != expected)
PYTHON
"$folder/venv/bin/python" "$folder/read.py"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Brotli==1.2.0
"$folder/venv/bin/python" "$folder/read.py"
