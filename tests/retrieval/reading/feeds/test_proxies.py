"""The article's own address where a service hands a feed on."""

from __future__ import annotations

import pytest

from retrieval.reading.feeds.proxies import original_link

OWN = "https://gazette.example/2026/ferry"
THROUGH = "https://proxy.example/~r/gazette/~3/x1"


@pytest.mark.parametrize(
    "entry",
    [
        {"link": THROUGH, "feedburner_origlink": OWN},
        {"link": THROUGH, "pheedo_origlink": OWN},
        {"link": THROUGH, "links": [{"rel": "alternate", "href": THROUGH}, {"rel": "canonical", "href": OWN}]},
        {"link": "https://www.proxy.example/url?rct=j&url=https%3A%2F%2Fgazette.example%2F2026%2Fferry&ct=ga"},
        {"link": f"https://click.example/apiclick.aspx?u={OWN}"},
        {"link": f"https://www.proxy.example/url?sa=t&q={OWN}&ust=17"},
        {"link": f"https://go.example/out?target={OWN}"},
        {"link": f"https://reader.example/{OWN}"},
        {"link": "https://archive.example/web/20260501/https:/gazette.example/2026/ferry"},
    ],
)
def test_is_found(entry: dict) -> None:
    assert original_link(entry) == OWN


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"link": OWN},
        {"link": THROUGH, "feedburner_origlink": "https://gazette.example/"},
        {"link": THROUGH, "feedburner_origlink": "javascript:alert(1)"},
        {"link": f"https://gazette.example/print?url={OWN}"},
        {"link": "https://click.example/?u=ferry"},
        {"link": f"{OWN}?ref=https://social.example/1"},
        {"link": "https://gazette.example/search?q=https"},
        {"link": "https://[", "links": [{"rel": "canonical"}]},
    ],
)
def test_is_not_made_up(entry: dict) -> None:
    assert original_link(entry) is None
