"""A Discord on 127.0.0.1: REST and gateway, as strict as the real one where a bot can feel it.

| module | what lives there |
|---|---|
| `world.py` | who and what exists: the application, one guild, its members; their payloads |
| `messages.py` | messages and what may be done to them (components V2, editing, ephemeral) |
| `interactions.py` | an interaction's life: callback, original response, follow-ups |
| `commands.py` | the application's registered commands, and the options a member may give |
| `forms.py` | forms (modals) as members fill them in |
| `attachments.py` | files that come with messages |
| `faults.py` | what a test prescribes instead of Discord's answers |
| `ratelimit.py` | Discord's buckets and their headers |
| `rules.py` | rules on messages that Discord's OpenAPI description does not hold |
| `rules_forms.py` | the same for choices, forms and deferrals |
| `openapi.py` | checks against that description |
| `recording.py` | every REST call, with what is wrong with it |
| `rest.py`, `gateway.py` | the two servers (`answering.py`: requests and answers of the first) |
| `launch.py` | the bot's process, and the home it has on disk |
| `member.py` | the bot's messages as a member sees them |
| `server.py` | `LoopbackDiscord`, what tests use: starts both, plays the members |
"""
