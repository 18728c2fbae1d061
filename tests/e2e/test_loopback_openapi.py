"""The validator can be seen to fail: wrong requests and responses are reported, right ones are not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.loopback.openapi import Description, description, description_path

Json = dict[str, Any]

if description_path() is None:
    pytest.skip("Discord's OpenAPI description is not there (set DISCORD_OPENAPI)", allow_module_level=True)

MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"


@pytest.fixture(scope="module")
def discord() -> Description:
    found = description()
    assert found
    return found


def row(*children: Json) -> Json:
    return {"type": 1, "components": list(children)}


def send(discord: Description, body: Any, *, path: str = MESSAGES, method: str = "POST") -> list[str]:
    return discord.request_violations(method, path, content_type="application/json", body=body)


GOOD = [
    {"content": "hello"},
    {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4000}]},
    {
        "flags": 1 << 15,
        "allowed_mentions": {"parse": [], "replied_user": False},
        "message_reference": {"message_id": "2", "channel_id": "1", "fail_if_not_exists": False},
        "components": [
            {
                "type": 17,
                "accent_color": 255,
                "components": [
                    {"type": 10, "content": "a"},
                    {"type": 14, "spacing": 1, "divider": True},
                    row({"type": 2, "style": 5, "label": "Read", "url": "https://example.org/#:~:text=a"}),
                    {
                        "type": 9,
                        "components": [{"type": 10, "content": "a"}],
                        "accessory": {"type": 2, "style": 1, "label": "b", "custom_id": "c"},
                    },
                ],
            }
        ],
    },
]


@pytest.mark.parametrize("body", GOOD)
def test_a_right_message_passes(discord: Description, body: Json) -> None:
    assert send(discord, body) == []


BAD: list[tuple[Any, str]] = [
    ({"content": 5}, "content: 5 is not of type"),
    ({"content": "x" * 4001}, "content"),
    ({"contents": "hello"}, "'contents' was unexpected"),
    ({"components": [{"type": 99}]}, "components[0]"),
    ({"components": [{"type": "10", "content": "a"}]}, "components[0]"),
    ({"components": [{"type": 10}]}, "'content' is a required property"),
    ({"components": [{"type": 10, "content": "x" * 4001}]}, "components[0].content"),
    ({"components": [{"type": 10, "content": ""}]}, "components[0].content"),
    ({"components": [{"type": 10, "content": "a", "colour": 1}]}, "'colour' was unexpected"),
    ({"components": [{"type": 17, "components": []}]}, "components[0].components"),
    (
        {"components": [{"type": 17, "components": [{"type": 17, "components": []}]}]},
        "components[0].components[0]",
    ),
    ({"components": [row({"type": 2, "style": 5, "label": "x" * 81})]}, "components[0].components[0].label"),
    ({"components": [row({"type": 2, "label": "x"})]}, "'style' is a required property"),
    ({"components": [row({"type": 2, "style": 42, "label": "x"})]}, "components[0].components[0].style"),
    ({"components": [row({"type": 2, "style": 5, "url": "no uri"})]}, "components[0].components[0].url"),
    ({"components": [row(*[{"type": 2, "style": 1, "custom_id": "a"}] * 6)]}, "components[0].components"),
    (
        {"components": [row({"type": 2, "style": 1, "custom_id": "x" * 101})]},
        "components[0].components[0].custom_id",
    ),
    ({"allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse[0]"),
    ({"message_reference": {"channel_id": "1"}}, "'message_id' is a required property"),
    ({"message_reference": {"message_id": "x"}}, "message_reference.message_id"),
    ({"message_reference": {"message_id": "9" * 30}}, "message_reference.message_id"),
    ([], "is not of type 'object'"),
]


@pytest.mark.parametrize(("body", "expected"), BAD)
def test_a_wrong_message_is_reported(discord: Description, body: Any, expected: str) -> None:
    problems = send(discord, body)
    assert any(expected in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"type": 5}, True),
        ({"type": 5, "data": {"flags": 64}}, True),
        ({"type": 4, "data": {"content": "hello"}}, True),
        ({"type": 4, "data": {"content": "x" * 2001}}, False),
        ({"type": 4, "data": {"colour": 1}}, False),
        ({"type": 3}, False),
        ({}, False),
    ],
)
def test_callbacks_are_checked(discord: Description, body: Json, right: bool) -> None:
    assert (send(discord, body, path=CALLBACK) == []) is right


@pytest.mark.parametrize(
    ("command", "right"),
    [
        ({"name": "ask", "type": 1, "description": "Ask", "nsfw": False}, True),
        ({"type": 1, "description": "Ask"}, False),
        ({"name": "x" * 33}, False),
        ({"name": "ask", "options": [{"type": 3, "name": "question"}]}, False),
        ({"name": "ask", "options": [{"type": 12, "name": "question", "description": "Q"}]}, False),
        ({"name": "ask", "permissions": 8}, False),
    ],
)
def test_commands_are_checked(discord: Description, command: Json, right: bool) -> None:
    problems = send(discord, [command], path="/applications/1/commands", method="PUT")
    assert (problems == []) is right, problems


def test_an_unknown_endpoint_is_reported(discord: Description) -> None:
    assert discord.request_violations("GET", "/channels/1/secrets")
    assert discord.request_violations("PUT", MESSAGES)


def test_parameters_are_checked(discord: Description) -> None:
    assert not discord.request_violations("GET", MESSAGES, query={"limit": "5"})
    assert discord.request_violations("GET", MESSAGES, query={"limit": "many"})
    assert discord.request_violations("GET", MESSAGES, query={"amount": "5"})
    assert discord.request_violations("GET", "/channels/general/messages")


def test_a_body_is_needed_and_must_be_of_an_accepted_kind(discord: Description) -> None:
    assert discord.request_violations("POST", MESSAGES)
    assert discord.request_violations("POST", MESSAGES, content_type="text/plain", body="hello")
    assert not discord.request_violations("POST", MESSAGES, content_type="multipart/form-data", body={})
    assert discord.request_violations("POST", MESSAGES, content_type="multipart/form-data", body={"tts": 1})
    assert not discord.request_violations("POST", "/channels/1/typing")
    assert discord.request_violations("POST", "/channels/1/typing", content_type="application/json", body={"a": 1})


def test_the_literal_path_goes_before_the_parameter(discord: Description) -> None:
    original = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
    assert discord.template("PATCH", "/webhooks/1/token/messages/@original") == original
    assert discord.template("GET", "/users/@me") == "/users/@me"


def test_responses_are_checked(discord: Description) -> None:
    url = {"url": "wss://gateway.discord.gg"}
    assert not discord.response_violations("GET", "/gateway", 200, url)
    assert discord.response_violations("GET", "/gateway", 200, {})
    assert discord.response_violations("GET", "/gateway", 200, None)
    assert discord.response_violations("GET", "/gateway", 302, url)
    assert not discord.response_violations("POST", "/channels/1/typing", 204, None)
    assert discord.response_violations("POST", "/channels/1/typing", 204, {"a": 1})


def test_error_responses_are_checked(discord: Description) -> None:
    nested = {"components": {"0": {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "x"}]}}}}
    assert not discord.response_violations("GET", "/gateway", 404, {"code": 10008, "message": "Unknown Message"})
    assert not discord.response_violations(
        "GET", "/gateway", 429, {"code": 0, "message": "slow down", "retry_after": 0.5, "global": False}
    )
    assert discord.response_violations("GET", "/gateway", 404, {"message": "Unknown Message"})
    assert discord.response_violations("GET", "/gateway", 429, {"code": 0, "message": "slow down"})
    assert not discord.response_violations(
        "GET", "/gateway", 400, {"code": 50035, "message": "Invalid Form Body", "errors": nested}
    )
