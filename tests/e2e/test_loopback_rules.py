"""Each rule on messages can fail, and a message that keeps them all passes."""

from __future__ import annotations

from typing import Any

import pytest
from loopback.rules import (
    COMPONENTS_V2,
    against_our_policy,
    deferral_violations,
    message_violations,
    refused_by_discord,
    texts_of,
)

Json = dict[str, Any]


def text(content: str = "A quote.") -> Json:
    return {"type": 10, "content": content}


def button(**fields: Any) -> Json:
    return {"type": 2, "style": 1, "label": "More", "custom_id": "more", **fields}


def link(**fields: Any) -> Json:
    return {"type": 2, "style": 5, "label": "Read", "url": "https://example.org/a", **fields}


def row(*children: Json) -> Json:
    return {"type": 1, "components": list(children)}


def container(*children: Json) -> Json:
    return {"type": 17, "components": list(children)}


def message(*components: Json, **fields: Any) -> Json:
    return {
        "flags": COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
        "components": list(components),
        **fields,
    }


GOOD = [
    message(container(text(), {"type": 14}, row(link(), button()))),
    message(text("x" * 4000)),
    message({"type": 9, "components": [text()], "accessory": link()}),
    message(*[text("x")] * 40),
    message(row(*[button(custom_id=str(n)) for n in range(5)])),
    {"content": "x" * 2000, "allowed_mentions": {"parse": []}},
    {"content": "hello", "components": [row(button())], "allowed_mentions": {"parse": []}},
]


@pytest.mark.parametrize("payload", GOOD)
def test_a_message_within_the_rules_passes(payload: Json) -> None:
    assert message_violations(payload) == []


BAD = [
    (message(*[text("x")] * 41), "41 components"),
    (message(container(*[text("x")] * 39), text("x")), "41 components"),
    (message({"type": 9, "components": [text()], "accessory": link()}, *[text("x")] * 38), "41 components"),
    (message(text("x" * 2000), container(text("x" * 2001))), "4001 characters over all texts"),
    (message(text("\N{GRINNING FACE}" * 2001)), "4002 characters over all texts"),
    (message(row(*[button(custom_id=str(n)) for n in range(6)])), "6 buttons in a row"),
    (message(row(button(label="x" * 81))), "label has 81"),
    (message(row(button(label=""))), "needs a label or an emoji"),
    (message(row(button(custom_id="x" * 101))), "custom_id has 101"),
    (message(row(button()), row(button())), "custom_id 'more' is used 2 times"),
    (message({**text(), "id": 7}, {**text(), "id": 7}), "id '7' is used 2 times"),
    (message(row(link(url="https://example.org/" + "x" * 493))), "url has 513"),
    (message(row(link(url=None))), "a link button needs a url"),
    (message(row(link(url="javascript:alert(1)"))), "scheme must be"),
    (message(row(link(custom_id="more"))), "a link button has no custom_id"),
    (message(row(button(custom_id=None))), "needs a custom_id"),
    (message(row(button(url="https://example.org"))), "only a link button has a url"),
    (message(text(), content="hello"), "'content' field cannot be used"),
    (message(text(), embeds=[{"title": "x"}]), "'embeds' field cannot be used"),
    (message(text(), flags=0), "type 10 may not stand in the message without IS_COMPONENTS_V2"),
    (message(container(container(text()))), "type 17 may not stand in a component of type 17"),
    (message(row(text())), "type 10 may not stand in a component of type 1"),
    (message(button()), "type 2 may not stand in the message"),
    (message({"type": 9, "components": [text()], "accessory": text()}), "type 10 may not stand"),
    (message({"type": 9, "components": [text()] * 4, "accessory": link()}), "at most 3 texts"),
    (message(row({"type": 3, "custom_id": "a"}, button())), "stands alone"),
    (message(container()), "it holds nothing"),
    (message(text(" \n")), "the text is empty"),
    ({"content": "x" * 2001}, "content has 2001"),
]


@pytest.mark.parametrize(("payload", "expected"), BAD)
def test_each_rule_can_fail(payload: Json, expected: str) -> None:
    problems = refused_by_discord(payload)
    assert any(expected in problem for problem in problems), problems


def test_an_edit_of_a_v2_message_is_judged_as_v2() -> None:
    assert refused_by_discord({"content": "hello"}, v2=True)
    assert not refused_by_discord({"components": [text()]}, v2=True)


@pytest.mark.parametrize(
    "mentions",
    [
        None,
        {},
        {"parse": ["everyone"]},
        {"parse": None},
        {"parse": [], "users": ["1"]},
        {"parse": [], "roles": ["1"]},
    ],
)
def test_text_that_may_mention_people_is_reported(mentions: Json | None) -> None:
    assert against_our_policy(message(text("@everyone"), allowed_mentions=mentions))


def test_a_message_without_text_mentions_nobody() -> None:
    assert against_our_policy({"components": []}) == []


def test_a_deferred_reply_carries_only_the_ephemeral_flag() -> None:
    assert deferral_violations({"type": 5}) == []
    assert deferral_violations({"type": 5, "data": {"flags": 64}}) == []
    assert deferral_violations({"type": 5, "data": {"flags": 64 | COMPONENTS_V2}})
    assert deferral_violations({"type": 5, "data": {"content": "hello"}})


def test_texts_are_read_in_order() -> None:
    assert texts_of(message(text("a"), container(text("b"), row(link())), text("c"))) == ("a", "b", "c")
