"""Headless Chromium, which photographs messages in simcord's preview."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Root in a container may not use the sandbox; no page but simcord's own is opened.
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --remote-debugging-port=0"
).split()

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
  .component-container:not([style*="--accent"]) { border-left: 1px solid var(--component-border) }
  /* The preview dims all buttons while nobody may press any, as in a picture. */
  button.component-button[aria-disabled="true"]:not(:disabled) { opacity: 1 !important }
"""
# To Discord, unlike to CommonMark, a block quote ends with the last line that starts with ">".
TOUCH_UP = """(async (style) => {
  while (!window.simcordPreview?.ready) await new Promise((later) => setTimeout(later, 100));
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(await sheet.replace(style));
  for (const quote of document.querySelectorAll("#focused-content blockquote"))
    quote.after(...quote.querySelectorAll(".markdown-subtext"));
  const shown = document.querySelector("#modal-root .modal-dialog") ?? document.querySelector("#focused-content");
  const { x, y, width, height } = shown.getBoundingClientRect();
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
        while (reply := await self.socket.receive_json(timeout=600)).get("id") != number:
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
        async with asyncio.timeout(60):
            frame = await self.call("Runtime.evaluate", **run)
        picture = await self.call("Page.captureScreenshot", format="png", clip=frame["result"]["value"])
        return base64.b64decode(picture["data"])


@asynccontextmanager
async def devtools() -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """Chromium with an empty profile: a session, and the address of its DevTools.

    Raises FileNotFoundError or RuntimeError when there is none that starts.
    """
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise FileNotFoundError("There is no Chromium on the PATH; name one in the variable CHROMIUM.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = (*FLAGS, f"--user-data-dir={profile}", "about:blank")
        process = await asyncio.create_subprocess_exec(program, *arguments, stderr=asyncio.subprocess.PIPE)
        try:
            assert process.stderr is not None
            async with asyncio.timeout(600):
                while (line := await process.stderr.readline()) and not line.startswith(b"DevTools listening on "):
                    pass
            if not line:
                raise RuntimeError(f"{program} did not start.")
            async with aiohttp.ClientSession() as http:
                yield http, f"http://{urlsplit(line.decode().split()[-1]).netloc}"
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A page of Chromium; raises as `devtools` does."""
    async with devtools() as (http, address):
        async with http.get(f"{address}/json/list") as listing:
            page = next(target for target in await listing.json() if target["type"] == "page")
        async with http.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            yield Browser(socket, itertools.count())
