"""Pictures of the bot's messages as Discord shows them, for the README: `python docs/pictures.py`.

The real client answers in simcord's Discord, and headless Chromium photographs simcord's preview of the
replies. Needs the extra `pictures`, and Chromium or Chrome: on the PATH, or named in the variable CHROMIUM.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import simcord

from bot.client import QuotewireClient
from bot.settings import Settings
from retrieval.newsroom import Newsroom, NewsroomSettings

DOCS = Path(__file__).parent
WIDTHS = {"": 700, "-phone": 390}
"""The end of a picture's name, and its width in CSS pixels; a picture has twice as many, for sharp screens."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Root in a container may not use the sandbox; no page but simcord's own is opened.
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --remote-debugging-port=0"
).split()

# The seed has neither outlet, date nor link, and a picture should show them. Outlets and texts are invented.
ARTICLES = {
    "ceasefire.txt": """\
---
{url: https://courier.example.org/world/allies-wait, source: The Harbour Courier, published: 2025-04-29}
---
Rutte and allies wait for Russia’s answer
- Talks about a truce go on; no date is set for the next round.
- Allies keep supplying air defence in the meantime.
Russia has yet to answer the proposal of a 30-day ceasefire, NATO Secretary General Mark Rutte said on Tuesday. \
Allies will keep supplying air defence while the talks go on, he told reporters. No date is set for the next round.
""",
    "budgets.txt": """\
---
{url: https://ledger.example.com/politics/spending, source: Northern Ledger, published: 2025-04-24}
---
Allies to report their defence spending every quarter
- The first quarterly figures are due in July.
Members of the alliance will report their defence spending every three months, ambassadors agreed on Thursday. \
Rutte said that budgets have to reflect the long-term threat from Russia. The first figures are due in July.
""",
    "ferries.txt": """\
---
{url: https://courier.example.org/local/night-ferries, source: The Harbour Courier, published: 2025-04-27}
---
Night ferries return to the northern islands after two years
The night ferry to the northern islands sails again from the first of May, the port authority said on Sunday. \
Two ships will leave at ten in the evening from Monday to Saturday.
""",
}
# What a reload finds: something new, and something that it has to skip.
CHANGES = {
    "lighthouse.txt": "Lighthouse opens to visitors\nIt opens in June, the harbour office said.\n",
    "harvest.txt": "Barley harvest starts early in the south\n",
}

STYLE = """
  /* Nothing but the message. Simcord's clock stands still, so its time says nothing; and what fills in a
     deferred reply is no edit to Discord. */
  .preview-toolbar, .messages-sidebar, .inspector-panel, .message-time, .message-edited { display: none !important }
  .preview-workspace, .preview-stage { display: block !important; overflow: visible !important }
  .preview-app { width: 100vw !important; min-width: 0 !important; margin: 0 !important; height: auto !important }
  #focused-content { padding: 12px 0 16px }
  /* The distances and sizes of Discord's own client, where the preview's differ. */
  .component-container > .text-display + .text-display { margin-top: 8px }
  .markdown-subtext { font-size: 13px; line-height: 18px }
"""
# To Discord, unlike to CommonMark, a block quote ends with the last line that starts with ">".
TOUCH_UP = """(async (style) => {
  while (!window.simcordPreview?.ready) await new Promise((later) => setTimeout(later, 100));
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(await sheet.replace(style));
  for (const quote of document.querySelectorAll("#focused-content blockquote"))
    quote.after(...quote.querySelectorAll(".markdown-subtext"));
  const { x, y, width, height } = document.querySelector("#focused-content").getBoundingClientRect();
  return { x, y, width, height, scale: 1 };
})"""


@dataclass(frozen=True, slots=True)
class Browser:
    """A page of headless Chromium, driven over its DevTools protocol."""

    socket: aiohttp.ClientWebSocketResponse
    numbers: itertools.count[int]

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """The result of a DevTools command. Raises RuntimeError when Chromium refuses it."""
        number = next(self.numbers)
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        while (reply := await self.socket.receive_json(timeout=30)).get("id") != number:
            pass  # an event
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']['message']}")
        return reply["result"]

    async def photograph(self, url: str, width: int) -> bytes:
        """The message that the preview at `url` shows, `width` CSS pixels wide, as a PNG."""
        # Higher than any message, which then has no need to scroll.
        screen = {"width": width, "height": 4000, "deviceScaleFactor": 2, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **screen)
        # By way of another page: what differs after the "#" alone would load nothing.
        await self.call("Page.navigate", url="about:blank")
        await self.call("Page.navigate", url=url)
        run = {"expression": f"{TOUCH_UP}(`{STYLE}`)", "awaitPromise": True, "returnByValue": True}
        frame = await self.call("Runtime.evaluate", **run)
        picture = await self.call("Page.captureScreenshot", format="png", clip=frame["result"]["value"])
        return base64.b64decode(picture["data"])


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium with an empty profile. Raises FileNotFoundError or RuntimeError when there is none that starts."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise FileNotFoundError("There is no Chromium on the PATH; name one in the variable CHROMIUM.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = (*FLAGS, f"--user-data-dir={profile}", "about:blank")
        process = await asyncio.create_subprocess_exec(program, *arguments, stderr=asyncio.subprocess.PIPE)
        try:
            assert process.stderr is not None
            async with asyncio.timeout(30):
                while (line := await process.stderr.readline()) and not line.startswith(b"DevTools listening on "):
                    pass
            if not line:
                raise RuntimeError(f"{program} did not start.")
            async with aiohttp.ClientSession() as http:
                async with http.get(f"http://{urlsplit(line.decode().split()[-1]).netloc}/json/list") as listing:
                    page = next(target for target in await listing.json() if target["type"] == "page")
                async with http.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Browser(socket, itertools.count())
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def take_pictures(scratch: Path, out: Path, *, every_message: bool) -> None:
    """Write the pictures of an answer to `out`, or those of every kind of message."""
    articles = scratch / "articles"
    shutil.copytree(DOCS.parent / "seeds", articles)
    write(articles, ARTICLES)
    settings = Settings(discord_token=None, data_dir=scratch / "bot", seeds_dir=articles)
    with Newsroom.open(NewsroomSettings(scratch / "index", articles)) as room:
        room.reload()
        async with simcord.run(QuotewireClient(room, settings), settle_timeout=60) as env, chromium() as browser:
            assert env.bot.user is not None
            await env.bot.user.edit(username="Quotewire")
            alice = env.create_user("alice")
            guild = env.create_guild(owner=alice)  # who may also reload
            member, channel = guild.add_member(alice), guild.create_text_channel("news")
            async with env.preview(channel, viewers=[member]) as preview:

                async def picture(name: str, command: str, **options: str) -> None:
                    await preview.show(await member.slash(channel, command, **options))
                    for suffix, width in WIDTHS.items():
                        (out / f"{name}{suffix}.png").write_bytes(await browser.photograph(preview.url, width))

                await picture("answer", "ask", question="What did Rutte say about Russia?")
                if every_message:
                    await picture("abstention", "ask", question="Who won the 2018 World Cup?")
                    await picture("latest", "latest")
                    write(articles, CHANGES)
                    await picture("reload", "reload")


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each text to the file in `folder` that it is named for."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take pictures of the bot's messages for the README.")
    parser.add_argument("--all", type=Path, metavar="OUT", help="take pictures of every message, into this folder")
    every = parser.parse_args().all
    (every or DOCS).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(take_pictures(Path(scratch), every or DOCS, every_message=every is not None))
