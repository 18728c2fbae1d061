"""Each rule on messages can fail, and a message that keeps them all passes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.loopback.rules import (
    COMPONENTS_V2,
    against_our_policy,
    deferral_violations,
    message_violations,
    refused_by_discord,
    texts_of,
)
from tests.support.loopback.rules_forms import callback_violations

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


def gallery(*items: Json) -> Json:
    return {"type": 12, "items": list(items)}


def picture(url: str = "https://example.org/a.png", **fields: Any) -> Json:
    return {"media": {"url": url}, **fields}


def select(count: int = 1, **fields: Any) -> Json:
    options = [{"label": f"option {number}", "value": str(number)} for number in range(count)]
    return {"type": 3, "custom_id": "select", "options": options, **fields}


def options(**fields: Any) -> Json:
    return select(options=[{"label": "a", "value": "a", **fields}])


GOOD = [
    message(container(text(), {"type": 14}, row(link(), button()))),
    message(text("x" * 4000)),
    message({"type": 9, "components": [text()], "accessory": link()}),
    message(*[text("x")] * 40),
    message(row(*[button(custom_id=str(n)) for n in range(5)])),
    message(gallery(*[picture(description="x" * 1024)] * 10)),
    message(row(select(25))),
    message(row({"type": 8, "custom_id": "channels"})),
    message(text(), nonce="1" * 25, enforce_nonce=True),
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
    (message(row(select(), button())), "stands alone"),
    (message({"type": 9, "components": [text()]}), "needs an accessory"),
    (message(gallery()), "0 items in a gallery"),
    (message(gallery(*[picture()] * 11)), "11 items in a gallery"),
    (message(gallery(picture(description="x" * 1025))), "description has 1025"),
    (message(gallery(picture(description=""))), "description has 0"),
    (message(gallery(picture("attachment://a.png"))), "attachment://a.png is not among the files"),
    (message(gallery(picture("file:///a.png"))), "scheme must be http, https or attachment"),
    (message(gallery(picture("https://example.org/" + "x" * 2029))), "url has 2049"),
    (message({"type": 13, "file": {"url": "attachment://a.txt"}}), "is not among the files"),
    (message({"type": 13, "file": {"url": "https://example.org/a"}}), "only attachments"),
    (message({"type": 9, "components": [text()], "accessory": {"type": 11, **picture("attachment://a")}}), "not among"),
    (message(row(select(26))), "26 options"),
    (message(row(select(0))), "0 options"),
    (message(row(options(label="x" * 101))), "label must have 1 to 100"),
    (message(row(options(value=""))), "value must have 1 to 100"),
    (message(row(options(description="x" * 101))), "description must have 1 to 100"),
    (message(row(select(options=[{"label": "a", "value": "a"}] * 2))), "the value 'a' is used 2 times"),
    (message(row(select(placeholder="x" * 151))), "placeholder has 151"),
    (message(row(select(custom_id=""))), "a select menu needs a custom_id"),
    (message(row(select(custom_id="x" * 101))), "custom_id has 101"),
    (message(row(button(custom_id=""))), "needs a custom_id"),
    (message(text(), nonce="1" * 26), "nonce has 26"),
    (message(text(), enforce_nonce=True), "without a nonce"),
    (message(container()), "it holds nothing"),
    (message(text(" \n")), "the text is empty"),
    ({"content": "x" * 2001}, "content has 2001"),
]


@pytest.mark.parametrize(("payload", "expected"), BAD)
def test_each_rule_can_fail(payload: Json, expected: str) -> None:
    problems = refused_by_discord(payload)
    assert any(expected in problem for problem in problems), problems


def test_files_that_come_with_a_message_can_be_shown() -> None:
    payload = message(gallery(picture("attachment://a.png")))
    assert refused_by_discord(payload, files=("a.png",)) == []
    assert refused_by_discord(payload, files=("b.png",))


def choices(*choices: Json) -> Json:
    return {"type": 8, "data": {"choices": list(choices)}}


def form(*parts: Json, **fields: Any) -> Json:
    data = {"title": "Ask", "custom_id": "ask", "components": list(parts), **fields}
    return {"type": 9, "data": data}


def entry(**fields: Any) -> Json:
    return {"type": 4, "style": 1, "custom_id": "question", **fields}


def labelled(component: Json | None = None, **fields: Any) -> Json:
    return {"type": 18, "label": "Your question", "component": component or entry(), **fields}


GOOD_CALLBACKS = [
    choices(),
    choices(*[{"name": "x" * 100, "value": "x" * 100}] * 25),
    choices({"name": "one", "value": 1}),
    form(labelled(), title="x" * 45),
    form(row(entry(label="Your question"))),
    form(text(), labelled(entry(min_length=0, max_length=4000, value="x" * 4000))),
    form(labelled(select(25))),
]


@pytest.mark.parametrize("callback", GOOD_CALLBACKS)
def test_a_form_and_choices_within_the_rules_pass(callback: Json) -> None:
    assert callback_violations(callback) == []


BAD_CALLBACKS = [
    ({"type": 8, "data": {}}, "choices are missing"),
    (choices(*[{"name": "x", "value": "x"}] * 26), "26 choices"),
    (choices({"name": "", "value": "x"}), "name must have 1 to 100"),
    (choices({"name": "x" * 101, "value": "x"}), "name must have 1 to 100"),
    (choices({"name": "x", "value": "x" * 101}), "value must have 1 to 100"),
    (form(labelled(), title="x" * 46), "title must have"),
    (form(labelled(), title=""), "title must have"),
    (form(labelled(), custom_id="x" * 101), "custom_id must have"),
    (form(), "0 parts"),
    (form(*[labelled(entry(custom_id=str(number))) for number in range(6)]), "6 parts"),
    (form(labelled(), labelled()), "custom_id 'question' is used 2 times"),
    (form(labelled(label="x" * 46)), "label must have 1 to 45"),
    (form(labelled(description="x" * 101)), "description must have 1 to 100"),
    (form({"type": 18, "label": "Your question"}), "it labels nothing"),
    (form(row(entry())), "label must have 1 to 45"),
    (form(row(entry(label="a"), entry(label="b", custom_id="b"))), "holds one text input"),
    (form(row(button())), "holds one text input"),
    (form(container(text())), "type 17 may not stand in a form"),
    (form(labelled(entry(label="twice"))), "none of its own"),
    (form(labelled(entry(custom_id=""))), "custom_id must have"),
    (form(labelled(entry(placeholder="x" * 101))), "placeholder has more"),
    (form(labelled(entry(max_length=4001))), "no bounds"),
    (form(labelled(entry(min_length=5, max_length=4))), "no bounds"),
    (form(labelled(entry(max_length=4, value="hello"))), "longer than it may be"),
    (form(labelled(select(26))), "26 options"),
]


@pytest.mark.parametrize(("callback", "expected"), BAD_CALLBACKS)
def test_each_rule_on_forms_and_choices_can_fail(callback: Json, expected: str) -> None:
    problems = callback_violations(callback)
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
