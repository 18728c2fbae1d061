"""Checks requests and responses against Discord's own OpenAPI description of its HTTP API.

The description is a file of Discord's (github.com/discord/discord-api-spec, `specs/openapi.json`, MIT), found
by `DISCORD_OPENAPI` or beside the repository; without it nothing can be checked and tests say so.
It is an OpenAPI 3.1 document, so its schemas are JSON Schema draft 2020-12.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.places import ROOT

Json = dict[str, Any]

URI = "urn:discord"
UPDATE_CALLBACK = "IncomingWebhookUpdateForInteractionCallbackRequestPartial"
SNOWFLAKE = "#/components/schemas/SnowflakeType"

FORMATS = FormatChecker(formats=())


@FORMATS.checks("int32")
def _int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("int64")
def _int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@FORMATS.checks("snowflake")
def _snowflake(value: object) -> bool:
    return not isinstance(value, str) or (value.isdigit() and int(value) < 2**64)


@FORMATS.checks("date-time", raises=ValueError)
def _date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def _uri(value: object) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and not re.search(r"\s", value))


def description_path() -> Path | None:
    """Where the description lies, or None."""
    given = os.environ.get("DISCORD_OPENAPI")
    path = Path(given) if given else ROOT.parent / "shared" / "discord" / "openapi.json"
    return path if path.is_file() else None


@lru_cache(maxsize=1)
def description() -> Description | None:
    """The description, read once for a test run (it is over a megabyte), or None where there is none."""
    path = description_path()
    return Description(json.loads(path.read_text())) if path else None


class Description:
    """The endpoints and schemas of one OpenAPI document."""

    def __init__(self, document: Json) -> None:
        _amend(document)
        self._paths: Json = document["paths"]
        self._responses: Json = document["components"]["responses"]
        resource = Resource(contents=document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(URI, resource)
        self._validators: dict[tuple[str, ...], Draft202012Validator] = {}
        # Literal paths first: `/messages/@original` also matches `/messages/{message_id}`.
        self._patterns = [(_pattern(template), template) for template in sorted(self._paths, key=_literalness)]

    def template(self, method: str, path: str) -> str | None:
        """The path template that an endpoint goes by, or None when Discord has no such endpoint."""
        for pattern, template in self._patterns:
            if pattern.fullmatch(path) and method.lower() in self._paths[template]:
                return template
        return None

    def request_violations(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] = {},
        content_type: str | None = None,
        body: Any = None,
    ) -> list[str]:
        """What is wrong with a request; `body` is its JSON (of a multipart request: its `payload_json`)."""
        template = self.template(method, path)
        if template is None:
            return [f"{method} {path}: no such endpoint"]
        return [
            *self._parameter_violations(method, path, template, query),
            *self._body_violations(method, template, content_type, body),
        ]

    def response_violations(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with a response."""
        template = self.template(method, path)
        if template is None or status >= 500:
            return []  # Discord does not describe its own failures, nor what it answers for other paths
        operation = ("paths", template, method.lower(), "responses")
        described: Json = self._paths[template][method.lower()]["responses"]
        key = next((key for key in (str(status), f"{status // 100}XX") if key in described), None)
        if key is None:
            return [f"status {status} is not described"]
        pointer, answer = (*operation, key), described[key]
        if "$ref" in answer:
            name = answer["$ref"].rpartition("/")[2]
            pointer, answer = ("components", "responses", name), self._responses[name]
        if "content" not in answer:
            return [] if body is None else [f"status {status} has no body"]
        return self._violations((*pointer, "content", "application/json", "schema"), body)

    def _parameter_violations(self, method: str, path: str, template: str, query: Mapping[str, str]) -> Iterator[str]:
        item = self._paths[template]
        match = _pattern(template).fullmatch(path)
        assert match
        given = {"path": match.groupdict(), "query": dict(query)}
        for owner in ((template,), (template, method.lower())):
            holder: Json = item if len(owner) == 1 else item[owner[1]]
            for position, parameter in enumerate(holder.get("parameters", [])):
                values, name = given[parameter["in"]], parameter["name"]
                if name in values:
                    pointer = ("paths", *owner, "parameters", str(position), "schema")
                    value = _read(values.pop(name), parameter["schema"])
                    yield from (f"{name}: {problem}" for problem in self._violations(pointer, value))
                elif parameter.get("required"):
                    yield f"the parameter {name} is missing"
        yield from (f"unknown query parameter {name!r}" for name in given["query"])

    def _body_violations(self, method: str, template: str, content_type: str | None, body: Any) -> list[str]:
        described = self._paths[template][method.lower()].get("requestBody")
        if described is None:
            return [] if body is None else ["this endpoint takes no body"]
        if content_type is None:
            return ["the body is missing"] if described.get("required") else []
        media = content_type.partition(";")[0].strip()
        if media not in described["content"]:
            return [f"Content-Type {content_type} is not accepted"]
        # A multipart body is the JSON one (as `payload_json`) with files beside it: same schema.
        schema = "application/json" if "application/json" in described["content"] else media
        pointer = ("paths", template, method.lower(), "requestBody", "content", schema, "schema")
        return self._violations(pointer, body)

    def _violations(self, pointer: tuple[str, ...], value: Any) -> list[str]:
        validator = self._validators.get(pointer)
        if validator is None:
            reference = "/".join(part.replace("~", "~0").replace("/", "~1") for part in pointer)
            schema = {"$ref": f"{URI}#/{_quote(reference)}"}
            validator = Draft202012Validator(schema, registry=self._registry, format_checker=FORMATS)
            self._validators[pointer] = validator
        return [_explain(error) for error in validator.iter_errors(value)]


def _amend(document: Json) -> None:
    """Where the description is looser than is useful, or at odds with Discord itself: all of it is here.

    - It leaves every object open, so a misspelt field would pass. Discord ignores such fields; we report
      them: objects are closed. (Not those that others extend through `allOf`.)
    - Discord takes an id as a number too ("API Reference", "Snowflakes"), and discord.py sends some so.
    - `nsfw` of a command is in Discord's documentation and missing here; discord.py sends it.
    - Channels for media (type 16) are in Discord's documentation and missing here; discord.py takes them for forums.
    - `tts` belongs to new messages only; discord.py sends its `false` with every edit, which Discord ignores.
    - A callback's response may only say that it was of type 4 or 7; Discord names the type it was sent.
    - The codes in a failure's nested `errors` are words ("BASE_TYPE_REQUIRED"), not numbers as it says.
    """
    schemas: Json = document["components"]["schemas"]
    extended = {"Error", "ErrorResponse", "RatelimitedResponse"}
    for name, schema in schemas.items():
        if name not in extended:
            _close(schema)
        if "Request" in name:
            _take_numbers_for_ids(schema)
    schemas["ApplicationCommandUpdateRequest"]["properties"]["nsfw"] = {"type": ["boolean", "null"]}
    schemas["ChannelTypes"]["oneOf"].append({"title": "GUILD_MEDIA", "const": 16})
    for name in ("MessageEditRequestPartial", "IncomingWebhookUpdateRequestPartial", UPDATE_CALLBACK):
        schemas[name]["properties"]["tts"] = {"const": False}
    for name, types in (("CreateMessage", [4, 5]), ("UpdateMessage", [6, 7])):
        response = schemas[f"{name}InteractionCallbackResponse"]
        response["properties"]["type"]["enum"] = types
    nested = {"code": {"type": "string"}, "message": {"type": "string"}}
    schemas["InnerErrors"]["properties"]["_errors"]["items"] = {
        "type": "object",
        "properties": nested,
        "required": list(nested),
    }


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "allOf" not in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


def _take_numbers_for_ids(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("$ref") == SNOWFLAKE:
            del schema["$ref"]
            schema["anyOf"] = [{"$ref": SNOWFLAKE}, {"type": "integer", "minimum": 0, "format": "int64"}]
        else:
            for part in schema.values():
                _take_numbers_for_ids(part)
    elif isinstance(schema, list):
        for part in schema:
            _take_numbers_for_ids(part)


def _explain(error: ValidationError) -> str:
    """The innermost reason: of a union, the alternative that was meant, by its `type`."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = [errors for errors in branches.values() if not any(map(_is_other_kind, errors))]
        error = max(meant[0] if meant else error.context, key=lambda inner: len(inner.absolute_path))
        if not meant:
            break
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return f"{where.lstrip('.') or 'body'}: {error.message[:300]}"


def _is_other_kind(error: ValidationError) -> bool:
    """Whether an alternative fails because it describes another kind of thing altogether."""
    relative = list(error.relative_path)
    return relative == ["type"] or (not relative and error.validator == "type")


def _read(value: str, schema: Json) -> Any:
    """A query parameter's text as the type its schema names; unreadable text is for the schema to refuse."""
    if schema.get("type") == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    if schema.get("type") == "integer" and value.lstrip("-").isdigit():
        return int(value)
    return value


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(f"(?P<{part}>[^/]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))


def _literalness(template: str) -> tuple[int, str]:
    return template.count("{"), template


def _quote(pointer: str) -> str:
    """A JSON pointer as a URI fragment."""
    return pointer.replace("%", "%25").replace("{", "%7B").replace("}", "%7D")
