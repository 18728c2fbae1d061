"""The body of an answer, unpacked: never more of it than the limit, and never a truncated one for a whole one."""

from __future__ import annotations

import zlib

import urllib3

from retrieval.errors import FetchFailed, FetchProblem, QuotewireError, sentence

ENCODINGS = "gzip, deflate"
"""What is asked for: what can be unpacked step by step, so that a small answer cannot become a large one."""

_CHUNK = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"


def read_body(answer: urllib3.BaseHTTPResponse, host: str, limit: int, *, cut: bool = False) -> bytes:
    """The unpacked body; with `cut` its first `limit` bytes, if it has more.

    Raises `FetchFailed` above `limit` bytes, on the wire or unpacked, or if it is unreadable; urllib3's errors and
    OSError if the connection breaks.
    """
    unpack = _unpacker(answer.headers.get("Content-Encoding", ""), host)
    announced = answer.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit and not cut:
        raise _too_large(host, limit)
    received = 0
    body = bytearray()
    while chunk := answer.read(_CHUNK, decode_content=False):
        received += len(chunk)
        try:
            body += unpack.unpacked(chunk, limit + 1 - len(body)) if unpack else chunk
        except zlib.error:
            raise _broken(host, sentence("its compressed text is damaged")) from None
        if cut and len(body) > limit:
            return bytes(body[:limit])
        if received > limit or len(body) > limit:
            raise _too_large(host, limit)
    if unpack and received and not unpack.complete:
        raise _broken(host, sentence("it ends in the middle of its compressed text"))
    return bytes(body)


def _unpacker(header: str, host: str) -> Unpacker | None:
    encodings = [name.strip().lower() for name in header.split(",")]
    encodings = [name for name in encodings if name not in ("", "identity")]
    if not encodings:
        return None
    if encodings not in (["gzip"], ["x-gzip"], ["deflate"]):
        raise _broken(host, sentence("it is compressed in a way that was not asked for"))
    return Unpacker(gzip=encodings != ["deflate"])


class Unpacker:
    """Gzip (of one or more members) or deflate, with or without zlib's wrapping: servers send both by that name."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream = zlib.decompressobj(31 if gzip else zlib.MAX_WBITS)
        self._start = b""  # of a deflate stream, until it is clear whether it is wrapped
        self._judged = gzip
        self._ended = False  # what follows the last member is not part of the text
        self._behind = b""

    @property
    def complete(self) -> bool:
        """Whether the stream came to its end."""
        return self._ended or self._stream.eof

    def unpacked(self, packed: bytes, most: int) -> bytes:
        """What `packed` adds to the text, some `most` bytes of it. Raises zlib.error if it is damaged."""
        text = bytearray()
        packed = self._opening(packed)
        while packed and not self._ended and len(text) < most:
            if self._stream.eof:
                packed = self._next_member(packed)
                continue
            text += self._stream.decompress(packed, most - len(text))
            packed = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
        return bytes(text)

    def _opening(self, packed: bytes) -> bytes:
        if self._judged:
            return packed
        self._start += packed
        if len(self._start) < 2:
            return b""
        self._judged = True
        if self._start[0] & 0x0F != 8 or int.from_bytes(self._start[:2]) % 31:  # RFC 1950, 2.2
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._start

    def _next_member(self, packed: bytes) -> bytes:
        self._behind += packed
        if self._gzip and len(self._behind) < 2 and GZIP_MAGIC.startswith(self._behind):
            return b""
        packed, self._behind = self._behind, b""
        if not self._gzip or not packed.startswith(GZIP_MAGIC):
            self._ended = True  # padding, as some servers send it
            return b""
        self._stream = zlib.decompressobj(31)
        return packed


def _too_large(host: str, limit: int) -> FetchFailed:
    size = f"{limit / 1024 / 1024:.3g}"
    return FetchFailed("The answer of {host} is larger than {size} MB.", FetchProblem.TOO_LARGE, host=host, size=size)


def _broken(host: str, reason: str) -> FetchFailed:
    why = QuotewireError(reason)
    return FetchFailed("The answer of {host} cannot be read: {reason}.", FetchProblem.BROKEN, host=host, reason=why)
