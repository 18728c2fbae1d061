"""No spelling, name or address of this machine or its network passes; what plainly is on the public web does."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import AddressRefused, FetchFailed
from retrieval.reading.web.address import is_public, is_public_or_private, web_address
from retrieval.reading.web.fetch import Fetcher
from retrieval.reading.web.session import GuardedSession
from retrieval.reading.web.turns import HostTurns
from retrieval.reading.web.wire import Resolve, resolve

HOSTILE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0177.0.0.1",
    "0177.0.0.01",
    "017700000001",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7F.0x0.0x0.0x1",
    "127.0.0.1.",
    "127.0.0.0x1",
    "news.example.1",
    "127.0.0.1.0x",
    "0",
    "0.0.0.0",
    "00.0.0.0",
    "１２７.0.0.1",
    "８.8.8.8",
    "8。8。8。8",
    "8｡8.8.8",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "①②⑦.⓪.⓪.①",
    "١٢٧.٠.٠.١",
    "ｌｏｃａｌｈｏｓｔ",
    "%31%32%37.0.0.1",
    "%6cocalhost",
    "localhost%00.news.example",
    "localhost",
    "LOCALHOST",
    "LocalHost.",
    "feeds.localhost",
    "localhost.localdomain",
    "metadata.google.internal",
    "printer.local",
    "router.lan",
    "1.0.0.127.in-addr.arpa",
    "intranet",
    "news.example.",
    "news..example",
    "-news.example",
    "news.example\\@127.0.0.1",
    "news.example\\",
    "127.0.0.1\\.news.example",
    "user@127.0.0.1",
    "user:secret@news.example",
    "news.example@127.0.0.1",
    "@news.example",
    "news.example\t.org",
    "news.exa\nmple",
    "new s.example",
    "news.example\x00.org",
    "lo\u00adcalhost",
    "localhost\u200b",
    "news.example:0",
    "news.example:22",
    "news.example:65536",
    "news.example:-1",
    "news.example:٨٠",
    "news.example:80:80",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:2::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[100::1]",
    "[::1",
    "::1",
    "[127.0.0.1]",
    "[]",
    "[::1].news.example",
    "[v1.fe80::a]",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]

HOSTILE_URLS = [
    "",
    "news.example",
    "//127.0.0.1/",
    "http:127.0.0.1",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "http://?127.0.0.1",
    "http://#news.example",
    "file:///etc/passwd",
    "FILE://localhost/etc/passwd",
    "ftp://news.example/",
    "gopher://127.0.0.1:6379/_INFO",
    "httpx://news.example/",
    "view-source:http://news.example/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "\x00http://news.example/",
    "\nhttp://127.0.0.1/",
    "http://news.example/" + "a" * 10_000,
    "http://news.example/\r\nX-Header: 1",
]


class Listener:
    """A server on loopback that only counts who connects."""

    def __init__(self) -> None:
        self.accepted = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            said = connection.recv(1)
            connection.close()
            if said == b"q":
                return
            self.accepted += 1

    def close(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.send(b"q")
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


TRUST = ssl.create_default_context()  # made once: it takes longer than a test


def session(resolve: Resolve) -> GuardedSession:
    return GuardedSession(resolve=resolve, turns=HostTurns(0), trust=TRUST)


def never_asked(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_a_hostile_host_is_refused_before_anything_is_looked_up_or_sent(host: str, listener: Listener) -> None:
    with_port = host if ":" in host.rpartition("]")[2] else f"{host}:{listener.port}"
    for url in (f"http://{with_port}/feed", f"https://{with_port}/feed", f"HTTP://{host}"):
        with pytest.raises(AddressRefused) as refused:
            Fetcher(session(never_asked)).get(url)
        assert "secret" not in str(refused.value)
        assert str(refused.value).isprintable()
        with pytest.raises(AddressRefused):
            session(never_asked).get(url)
    assert listener.accepted == 0


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        web_address(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "plain"),
    [
        ("http://news.example", "news.example", 80, "http://news.example/"),
        ("HTTPS://News.Example/A?b=C#d", "news.example", 443, "https://news.example/A?b=C"),
        ("https://news.example:443/", "news.example", 443, "https://news.example/"),
        ("http://news.example:8080?q", "news.example", 8080, "http://news.example:8080/?q"),
        ("https://zürich.example/ü", "xn--zrich-kva.example", 443, "https://xn--zrich-kva.example/ü"),
        ("https://新聞.example/", "xn--efvv70d.example", 443, "https://xn--efvv70d.example/"),
        ("https://a_b.news.example/@x:y", "a_b.news.example", 443, "https://a_b.news.example/@x:y"),
        ("http://8.8.8.8/", "8.8.8.8", 80, "http://8.8.8.8/"),
        ("http://[2606:4700:0::1111]:80/", "2606:4700::1111", 80, "http://[2606:4700::1111]/"),
        (" https://3com.example/ ", "3com.example", 443, "https://3com.example/"),
    ],
)
def test_a_plain_address_has_one_spelling(url: str, host: str, port: int, plain: str) -> None:
    address = web_address(url)
    assert (address.host, address.port, address.url) == (host, port, plain)
    assert web_address(address.url) == address


def test_a_name_of_the_own_network_passes_only_where_it_is_asked_for() -> None:
    for url in ("http://localhost:8000/", "http://wiki/", "http://nas.local/"):
        with pytest.raises(AddressRefused):
            web_address(url)
        assert web_address(url, local_names=True).url == url
    for url in ("http://127.1/", "http://user@localhost/", "file://localhost/", "http://localhost./"):
        with pytest.raises(AddressRefused):
            web_address(url, local_names=True)


@pytest.mark.parametrize(
    ("text", "public", "private"),
    [
        ("8.8.8.8", True, True),
        ("2606:4700::1111", True, True),
        ("64:ff9b::808:808", True, True),
        ("127.0.0.1", False, True),
        ("192.168.1.20", False, True),
        ("100.64.3.4", False, True),
        ("::1", False, True),
        ("fd12::1", False, True),
        ("169.254.169.254", False, False),
        ("fd00:ec2::254", False, False),
        ("100.100.100.200", False, False),
        ("fe80::1", False, False),
        ("fe80::1%eth0", False, False),
        ("fd12::1%eth0", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("255.255.255.255", False, False),
        ("::ffff:8.8.8.8", False, False),
        ("::8.8.8.8", False, False),
        ("2002:808:808::1", False, False),
        ("64:ff9b::c0a8:101", False, False),
    ],
)
def test_which_ip_addresses_may_be_connected_to(text: str, public: bool, private: bool) -> None:
    ip = ip_address(text)
    assert (is_public(ip, 80), is_public_or_private(ip, 80)) == (public, private)


@given(st.ip_addresses())
def test_no_address_that_python_knows_as_special_is_public(ip: IPv4Address | IPv6Address) -> None:
    special = ip.is_private or ip.is_multicast or ip.is_loopback or ip.is_link_local or ip.is_reserved
    if isinstance(ip, IPv6Address):
        special = special or ip.is_site_local or ip.sixtofour or ip.teredo or ip.ipv4_mapped
        special = special and int(ip) >> 32 != 0x0064FF9B << 64
    assert not (special and is_public(ip, 443))


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}", "{:d}.", "0x{:X}."]))
def test_a_number_is_never_a_host(number: int, spelling: str) -> None:
    with pytest.raises(AddressRefused):
        web_address(f"http://{spelling.format(number)}/")


@given(st.text(max_size=40))
def test_every_text_is_either_one_plain_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://news.example{text}"):
        try:
            address = web_address(url)
        except AddressRefused:
            continue
        assert web_address(address.url) == address
        assert address.host.isascii()
        assert "@" not in address.origin


@pytest.mark.parametrize(
    "ips",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["2606:4700::1111", "::1"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
    ],
)
def test_a_name_with_even_one_private_address_is_refused(ips: list[str], listener: Listener) -> None:
    with pytest.raises(AddressRefused, match=r"news\.example is refused.*ALLOW_PRIVATE_ADDRESSES"):
        session(lambda host, port: ips).get(f"http://news.example:{listener.port}/?token=abc")
    assert listener.accepted == 0


def test_a_name_that_resolves_to_another_address_the_second_time_is_only_asked_once(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    dialled: list[tuple[str, int]] = []

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        dialled.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(FetchFailed, match="cannot be reached"):
        session(lambda host, port: next(answers)).get(f"http://news.example:{listener.port}/")
    assert dialled == [("8.8.8.8", listener.port)]
    with pytest.raises(AddressRefused):  # and the second answer is judged anew
        session(lambda host, port: next(answers)).get(f"http://news.example:{listener.port}/")
    assert len(dialled) == 1


def test_neither_proxies_nor_passwords_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: (_ for _ in ()).throw(OSError(111, "no")))
    with pytest.raises(FetchFailed):
        session(lambda host, port: ["8.8.8.8"]).get("http://news.example/")
    with pytest.raises(AddressRefused):
        session(lambda host, port: ["127.0.0.1"]).get(
            "http://news.example/", proxies={"http": f"http://127.0.0.1:{listener.port}"}
        )
    assert listener.accepted == 0


def test_the_systems_own_lookup_of_this_machine_is_refused(listener: Listener) -> None:
    name = socket.gethostname()
    for url in (f"http://{name}:{listener.port}/", f"http://localhost:{listener.port}/"):
        with pytest.raises((AddressRefused, FetchFailed)):
            session(resolve).get(url)
    assert listener.accepted == 0


def test_the_listener_counts() -> None:
    """Or all the zeros above would say nothing."""
    listener = Listener()
    with pytest.raises(FetchFailed):
        GuardedSession(allow_private=True, turns=HostTurns(0), trust=TRUST).get(f"http://127.0.0.1:{listener.port}/")
    listener.close()
    assert listener.accepted == 1
