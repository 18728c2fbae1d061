"""The application's registered commands, and the checks that Discord makes on what a member enters."""

from __future__ import annotations

from typing import Any

from tests.support.loopback import errors
from tests.support.loopback.messages import Message
from tests.support.loopback.world import EVERYBODY, Channel, Json, User, World, snowflake

CHAT_INPUT, MESSAGE_MENU = 1, 3
SUBCOMMAND, GROUP = 1, 2
PYTHON_TYPES: dict[int, tuple[type, ...]] = {3: (str,), 4: (int,), 5: (bool,), 10: (int, float)}


class Commands:
    """Global commands, and those of single guilds; they outlive the bot's process, as they do on Discord."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.registered: list[Json] = []
        self.of_guild: dict[str, list[Json]] = {}

    def overwrite(self, definitions: list[Json]) -> list[Json]:
        """PUT: what is not among `definitions` is gone; a command of the same name and type keeps its id."""
        self.registered = self._overwritten(self.registered, definitions)
        return self.registered

    def overwrite_in(self, guild_id: str, definitions: list[Json]) -> list[Json]:
        """The same for the commands of one guild."""
        commands = self._overwritten(self.of_guild.get(guild_id, []), definitions)
        self.of_guild[guild_id] = [each | {"guild_id": guild_id} for each in commands]
        return self.of_guild[guild_id]

    def _overwritten(self, known: list[Json], definitions: list[Json]) -> list[Json]:
        names = [(each.get("type") or CHAT_INPUT, each["name"]) for each in definitions]
        if len(set(names)) < len(names):
            raise errors.invalid_form("name", ["names must be unique"], "APPLICATION_COMMANDS_DUPLICATE_NAME")
        ids = {(each["type"], each["name"]): each["id"] for each in known}
        return [self._registered(each, ids.get(name)) for name, each in zip(names, definitions, strict=True)]

    def find(self, name: str, kind: int = CHAT_INPUT) -> Json:
        for command in self.registered:
            if (command["name"], command["type"]) == (name, kind):
                return command
        known = ", ".join(command["name"] for command in self.registered)
        raise LookupError(f"no command {name!r} is registered, only: {known}")

    def invocation(
        self, name: str, options: dict[str, Any], *, direct: bool = False, focused: str | None = None
    ) -> Json:
        """The `data` of an interaction, as Discord makes it when a member enters `options`.

        `name` is that of a command, or of a subcommand with all names before it: "settings channels add".
        """
        command = self._offered(name.split()[0], CHAT_INPUT, direct=direct)
        leaf, nesting = command, []
        for word in name.split()[1:]:
            inner = [each for each in leaf.get("options", []) if each["name"] == word]
            if not inner or inner[0]["type"] not in (SUBCOMMAND, GROUP):
                raise LookupError(f"/{name} is not there: {leaf['name']} holds no {word!r}")
            leaf = inner[0]
            nesting.append(leaf)
        described = {option["name"]: option for option in leaf.get("options", [])}
        if any(option["type"] in (SUBCOMMAND, GROUP) for option in described.values()):
            raise LookupError(f"/{name} is a group: name one of {', '.join(described)}")
        missing = [key for key, option in described.items() if option.get("required") and key not in options]
        if missing and focused is None:
            raise ValueError(f"/{name} requires {', '.join(missing)}")
        entered = [_option(described[key], value, focused=key == focused) for key, value in options.items()]
        for part in reversed(nesting):
            entered = [{"name": part["name"], "type": part["type"], "options": entered}]
        data = {"id": command["id"], "name": command["name"], "type": CHAT_INPUT, "options": entered}
        resolved = _resolved(options)
        return data | ({"resolved": resolved} if resolved else {})

    def chosen(self, name: str, message: Message) -> Json:
        """The `data` of an interaction, when a member chooses `name` in the menu of a message."""
        command = self._offered(name, MESSAGE_MENU, direct=message.channel.direct)
        data = {"id": command["id"], "name": name, "type": MESSAGE_MENU, "target_id": message.id}
        return data | {"resolved": {"messages": {message.id: message.to_json()}}}

    def _offered(self, name: str, kind: int, *, direct: bool) -> Json:
        command = self.find(name, kind)
        contexts = command["contexts"] or [0, *([1] if command["dm_permission"] else [])]
        if (1 if direct else 0) not in contexts:
            raise LookupError(f"/{name} is not on offer {'in direct messages' if direct else 'in servers'}")
        return command

    def _registered(self, definition: Json, known_id: str | None) -> Json:
        kept = {name: value for name, value in definition.items() if value is not None}
        permissions = definition.get("default_member_permissions")
        return {
            "description": "",
            "type": CHAT_INPUT,
            "nsfw": False,
            "dm_permission": True,
            **kept,
            "id": known_id or snowflake(),
            "application_id": self._world.application_id,
            "version": snowflake(),
            "contexts": definition.get("contexts"),
            "integration_types": definition.get("integration_types") or [0],
            "default_member_permissions": None if permissions is None else str(permissions),
        }


def _option(option: Json, value: Any, *, focused: bool) -> Json:
    if isinstance(value, (Channel, User)):
        entered: Any = value.id
    else:
        entered = value if focused else _entered(option, value)  # what is still being typed is not checked yet
    sent = {"name": option["name"], "type": option["type"], "value": entered}
    return sent | ({"focused": True} if focused else {})


def _resolved(options: dict[str, Any]) -> Json:
    """What Discord says of the users and channels that are among the options."""
    users = {value.id: value for value in options.values() if isinstance(value, User)}
    channels = [value for value in options.values() if isinstance(value, Channel)]
    described = {
        "users": {id_: user.to_json() for id_, user in users.items()},
        "members": {id_: user.member_json() | {"permissions": str(user.permissions)} for id_, user in users.items()},
        "channels": {each.id: each.to_json() | {"permissions": str(EVERYBODY)} for each in channels},
    }
    return {name: values for name, values in described.items() if values}


def _entered(option: Json, value: Any) -> Any:
    """Discord's own form refuses what an option does not allow; such a value never reaches a bot."""
    expected = PYTHON_TYPES.get(option["type"], (str,))
    if not isinstance(value, expected):
        raise ValueError(f"{option['name']} takes {expected[0].__name__}, not {value!r}")
    allowed = [choice["value"] for choice in option.get("choices") or []]
    if allowed and value not in allowed:
        raise ValueError(f"{option['name']} must be one of {allowed}")
    if isinstance(value, str):
        longest, shortest = option.get("max_length") or 6000, option.get("min_length") or 0
        if not shortest <= len(value) <= longest:
            raise ValueError(f"{option['name']} must have {shortest} to {longest} characters")
    return value
