"""Which addresses are linked, what makes two of them the same article, and the id of an article without one."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from tld import get_tld

from retrieval.reasons import Reason
from retrieval.text.domains import registered_domain

_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\x9f\s<>\"\\\ud800-\udfff]")
_HOST_FIRST = re.compile(r"www\.[\w-]{1,63}\.", re.IGNORECASE)
_BEHIND_HOST = re.compile(r"((?:https?:)?//[^/?#\s]*|(?=[^:\s]*(?:[/?#]|$)))(.*)", re.IGNORECASE | re.DOTALL)
_SPACE_OR_QUOTE = re.compile(r"[\s\"<>]")
_FEED_SCHEME = re.compile(r"\s*feed:(?://)?", re.IGNORECASE)
_HTTP = re.compile(r"https?:", re.IGNORECASE)
_TO_ENCODE = re.compile(r"[\^`{|}]")
_LONGEST = 8192  # characters; no server takes a longer one
_MAX_ID = 500  # characters, as `fields` checks
# Leading labels of a host that serve the same page to another screen.
_SCREEN = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")  # RFC 3986, 2.3
_INDEX = re.compile(r"/index\.(?:html?|php)$")
_AMP_FILE = re.compile(r"\.amp(\.html?)?$")
# Google's AMP cache and viewer: the publisher's address stands in the path, "s/" before it for https.
_AMP_CACHE_PATH = re.compile(r"/(?:c|v|a|wp|amp)/(s/)?(?=[^/]+\.)(.+)")
_AMP_VALUES = {"outputtype=amp", "output=amp", "mode=amp", "view=amp", "format=amp"}
# Names that nobody but a tracker gives. Those that are left of all that are taken off may be a publisher's own.
_ONLY_TRACKING = re.compile(
    r"(?:utm_|mc_|pk_|mtm_|piwik_|matomo_|hsa_|vero_|oly_|guce_|_hs|_g[al]$|amp_)|(?:[a-z]{1,4}clid|igsh(?:id)?|wbraid"
    r"|gbraid|mibextid|gclsrc|__twitter_impression|usqp|amp)$"
)
# courlan's own list also takes off `cid`, `source`, `session` and parameters without a value, which are the
# article's number at some publishers; two articles folded into one would lose one of them.
_TRACKING_PREFIXES = ("utm_", "mc_", "at_", "ns_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "itm_", "vero_", "oly_")
# Sessions, in what servers of some makes call them, or by values that nothing else has.
_SESSION = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w{0,20}|cfid|cftoken|oscsid|zenid)(?==|$)|(?:s|sid|session_?id)=[0-9a-f]{24,64}$"
)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\([A-Z]\([0-9a-z]{24}\)\)(?=/|$)", re.IGNORECASE)
_WITHIN_PATH = re.compile(r"/(https?:/{1,2}[^/].*)", re.IGNORECASE)
_ONE_SLASH = re.compile(r"(?<=^http):/(?=[^/])|(?<=^https):/(?=[^/])", re.IGNORECASE)
_WITHIN_QUERY = "url u q to target dest destination link goto redirect redirect_url out href uri".split()
_TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid msclkid yclid igshid igsh twclid ttclid wbraid gbraid mibextid li_fat_id _ga _gl
    _hsenc _hsmi mkt_tok cmpid cmp intcmp icmp ncid ocid icid s_cid ref ref_src ref_url referrer referer refsrc
    smid smtyp smprod sr_share share sharetype spm xtor wt_mc wt.mc_id wt.mc_ev __twitter_impression guccounter
    guce_referrer guce_referrer_sig taid srnd leadsource unlocked_article_code giftid giftcopy emci emdi ceid
    usqp amp_js_v amp_gsa amp
    """.split()
)


def link_as_written(text: str) -> str:
    """`text` as browsers follow it: without line breaks, with its spaces encoded, and with "&amp;" as the sign.

    What begins with the name of a host is an address of that.
    """
    link = re.sub(r"[\t\r\n]", "", text).strip().replace("&amp;", "&")
    if _HOST_FIRST.match(link):
        link = f"//{link}"
    found = _BEHIND_HOST.match(link)
    return found[1] + _SPACE_OR_QUOTE.sub(lambda sign: quote(sign[0]), found[2]) if found else link


def feed_address(url: str) -> str:
    """`url` without the "feed:" that was once put before addresses of feeds, for browsers to hand them on."""
    behind = _FEED_SCHEME.sub("", url, count=1)
    return behind if behind == url or _HTTP.match(behind) else f"http://{behind}"


def web_url(text: str) -> str:
    """`text` as an http(s) url with a host, fit to be linked. Raises ValueError with the reason."""
    url = text.strip()
    if len(url) > _LONGEST:
        raise ValueError(Reason("it is longer than {count} characters", count=_LONGEST))
    if _NOT_IN_A_URL.search(url):
        raise ValueError(Reason("it holds characters that no url may hold"))
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # the port is only checked when it is read
    except ValueError as error:
        raise ValueError(Reason("it is malformed ({error})", error=error)) from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(Reason("it is not an http or https url"))
    if "@" in parts.netloc:
        raise ValueError(Reason("it carries a user name"))
    return _TO_ENCODE.sub(lambda match: f"%{ord(match[0]):02X}", url)


def canonical_url(url: str) -> str:
    """The address under which `url` is compared with others; not fit to be linked, for it may not be served.

    Scheme, screen (`www.`, `m.`, AMP), tracking parameters, fragment and spelling are folded. Idempotent and pure;
    never raises: text that is no http(s) url is returned without white space at its ends.
    """
    text = url.strip()
    if len(text) > _LONGEST:
        return text
    for _ in range(8):  # an address within an address, each time shorter
        folded, inner = _folded(text)
        if not inner:
            return folded
        text = folded
    return text


def article_id(url: str | None, title: str, text: str) -> str:
    """The id of an article whose file gives none: its address, else a hash of what it says.

    An address without path and query is the outlet's, which its articles would share.
    """
    try:
        address = canonical_url(web_url(url or ""))
    except ValueError:
        address = ""
    if address and len(address) <= _MAX_ID and not is_front_page(address):
        return address
    content = f"{title}\n{text}".encode(errors="replace")
    return "sha256:" + hashlib.sha256(content).hexdigest()[:32]


def is_front_page(url: str | None) -> bool:
    """Whether `url` is an outlet's own address rather than one of its articles'."""
    address = canonical_url(url or "")
    return address.startswith("https://") and "/" not in address[8:] and "?" not in address


def own_address(url: str | None) -> str | None:
    """The address by which an article is recognised when it comes again; None where it has none of its own."""
    address = canonical_url(url or "")
    return address if address.startswith("https://") and not is_front_page(address) else None


def precise_address(url: str | None) -> str | None:
    """`own_address` with what may tell articles apart that share one: a fragment, and parameters that a publisher may
    have meant (`?ref=881`). Two addresses that agree in this are the same place.
    """
    folded = own_address(url)
    if folded is None or url is None:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # it was mended when it was folded
        return folded
    meant = [each for each in sorted(_spelled(parts.query, "/?&").split("&")) if _may_be_meant(each.lower())]
    query = ("&" if "?" in folded else "?") + "&".join(meant) if meant else ""
    fragment = "" if parts.fragment.startswith((":~:", "xtor=")) else _spelled(parts.fragment, "/?&")
    return folded + query + (f"#{fragment}" if fragment else "")


def _may_be_meant(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    only_tracks = _ONLY_TRACKING.match(name) or _SESSION.match(parameter) or parameter in _AMP_VALUES or not value
    return _is_tracking(parameter) and not only_tracks


def _folded(url: str) -> tuple[str, bool]:
    """`url` folded, and whether that is an address unwrapped from an AMP cache, which is yet to be folded."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url, False
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or re.search(r"[\s\\]", url):
        return url, False
    if inner := _within_amp_cache(host, parts.path):
        return inner + (f"?{parts.query}" if parts.query else ""), True
    host = _folded_host(host)
    if port not in (None, 80, 443):
        host += f":{port}"
    query = _folded_query(parts.query)
    return f"https://{host}{_folded_path(parts.path)}" + (f"?{query}" if query else ""), False


def _within_amp_cache(host: str, path: str) -> str | None:
    cached = host == "cdn.ampproject.org" or host.endswith(".cdn.ampproject.org")
    viewed = path.startswith("/amp/") and _is_google(host)
    found = _AMP_CACHE_PATH.match(path) if cached or viewed else None
    return f"http{'s' if found[1] else ''}://{found[2]}" if found else None


def address_within(url: str) -> str | None:
    """The address on another site to which a service's address leads: `https://go.example/?q=https://news.example/a`."""
    try:
        parts = urlsplit(url.strip())
        inner = dict(parse_qsl(parts.query, max_num_fields=50))
    except ValueError:
        return None
    found = next((inner[name] for name in _WITHIN_QUERY if _HTTP.match(inner.get(name, ""))), None)
    if found is None and (path := _WITHIN_PATH.search(parts.path)):
        found = _ONE_SLASH.sub("://", path[1]) + (f"?{parts.query}" if parts.query else "")
    return found if found and registered_domain(found) != registered_domain(url) else None


def _is_google(host: str) -> bool:
    """Whether `host` is "google." before a public suffix, such as co.uk, that no one can have for a site of theirs."""
    name = host.removeprefix("www.")
    if not name.startswith("google."):
        return False
    suffix = get_tld(SplitResult("https", name, "", "", ""), fail_silently=True, search_private=False)
    return name == f"google.{suffix}"


def _folded_host(host: str) -> str:
    while screen := _SCREEN.match(host):
        host = host[screen.end() :]
    if ":" in host:
        return f"[{host}]"
    try:
        return host if host.isascii() else host.encode("idna").decode().lower()
    except UnicodeError:
        return host


def _folded_path(path: str) -> str:
    """Without a trailing slash, an index file, a session or AMP's marks; empty for the root."""
    before, path = None, re.sub("/{2,}", "/", _SESSION_IN_PATH.sub("", _spelled(path, "/")))
    while path != before:
        before = path
        path = _INDEX.sub("", path).rstrip("/")
        path = _AMP_FILE.sub(lambda mark: mark[1] or "", path)
        path = path.removesuffix("/amp")
        if path.startswith("/amp/"):
            path = path[4:]
    return path


def _folded_query(query: str) -> str:
    kept = [part for part in _spelled(query, "/?&").split("&") if part and not _is_tracking(part.lower())]
    return "&".join(sorted(kept))


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    known = name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or parameter in _AMP_VALUES
    return known or bool(_SESSION.match(parameter))


def _spelled(text: str, kept: str) -> str:
    """Percent-encoding in the one spelling of RFC 3986, 6.2.2: upper case, and only where it is needed."""
    text = _ESCAPE.sub(lambda code: _decoded(code[0]), _STRAY_PERCENT.sub("%25", text))
    return quote(text, safe=f"%:@!$'()*+,;=~{kept}", errors="replace")


def _decoded(escape: str) -> str:
    character = chr(int(escape[1:], 16))
    return character if _UNRESERVED.match(character) else escape.upper()
