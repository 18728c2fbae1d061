"""Headless browsers that open a link and tell which characters of the page they highlight.

Chromium is driven over its DevTools protocol, Firefox over WebDriver BiDi. Neither says what a text directive
highlights, but both colour it as the page's `::target-text` has it: so it is seen in a photograph.
"""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
import numpy as np
from PIL import Image

from docs.browser import Browser, devtools

WIDTH, HEIGHT = 800, 2400
WINDOWS = 4
"""Opened beside each other, since opening a page is mostly waiting."""
STYLE = "::target-text { background-color: #f0f !important; color: #f0f !important; -webkit-text-fill-color: #f0f }"
# Every character that is laid out: itself, where its middle is, and whether it is marked as set apart or unseen.
CHARACTERS = """(async () => {
  await document.fonts.ready;
  for (let turn = 0; turn < 3; turn++) await new Promise((later) => requestAnimationFrame(() => setTimeout(later, 10)));
  scrollTo(0, 0);
  await new Promise((later) => requestAnimationFrame(() => setTimeout(later, 0)));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  const text = [], xs = [], ys = [], marks = [];
  for (let node; (node = walker.nextNode()); ) {
    const holder = node.parentElement;
    if (holder.closest("script, style, noscript, textarea, select, option")) continue;
    const mark = holder.closest("[data-aside]") ? 1 : holder.closest("[data-unseen]") ? 2 : 0;
    for (let at = 0; at < node.length; ) {
      const sign = String.fromCodePoint(node.data.codePointAt(at));
      range.setStart(node, at);
      range.setEnd(node, (at += sign.length));
      if (/\\s/u.test(sign)) continue;
      const box = range.getClientRects()[0];
      text.push(sign);
      xs.push(box ? Math.round(box.x + box.width / 2) : -1);
      ys.push(box ? Math.round(box.y + box.height / 2) : -1);
      marks.push(box && box.width > 0.5 && !/\\p{Extended_Pictographic}/u.test(sign) ? mark : 2);
    }
  }
  const height = Math.ceil(document.documentElement.getBoundingClientRect().bottom);
  return JSON.stringify([text, xs, ys, marks, height]);
})()"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it was shown: its characters but for white space, and of each whether it was highlighted.

    `aside` are those that are no part of the article's text, `unseen` those that a reader cannot see.
    """

    characters: list[str]
    highlighted: np.ndarray
    aside: np.ndarray
    unseen: np.ndarray


class Opener(Protocol):
    """A browser that opens links."""

    async def open(self, url: str) -> tuple[str, bytes]:
        """The result of `CHARACTERS` there, and a photograph."""
        ...


async def shown(opener: Opener, url: str) -> Shown:
    """What the browser shows at `url`."""
    described, picture = await opener.open(url)
    text, xs, ys, marks, _ = json.loads(described)
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    x, y, mark = (np.array(each, int) for each in (xs, ys, marks))
    seen = (x >= 0) & (y >= 0) & (x < pixels.shape[1]) & (y < pixels.shape[0])
    red, green, blue = pixels[np.where(seen, y, 0), np.where(seen, x, 0)].astype(int).T
    magenta = (red > 200) & (green < 60) & (blue > 200)
    return Shown(text, seen & magenta & (mark != 2), mark == 1, (mark == 2) | ~seen)


def _clip(described: str) -> dict[str, int]:
    """The part of the window that the page fills."""
    return {"x": 0, "y": 0, "width": WIDTH, "height": max(1, min(HEIGHT, json.loads(described)[-1] + 10))}


@dataclass(frozen=True, slots=True)
class Chromium:
    """Chromium, or Chrome."""

    browser: Browser

    async def open(self, url: str) -> tuple[str, bytes]:
        """As `Opener` has it."""
        call = self.browser.call
        await call("Page.navigate", url="about:blank")
        await call("Page.navigate", url=url)
        await self._loaded()
        run = {"expression": CHARACTERS, "awaitPromise": True, "returnByValue": True}
        described = (await call("Runtime.evaluate", **run))["result"]["value"]
        clip = {**_clip(described), "scale": 1}
        picture = await call("Page.captureScreenshot", format="png", optimizeForSpeed=True, clip=clip)
        return described, base64.b64decode(picture["data"])

    async def _loaded(self) -> None:
        ready = "document.readyState === 'complete' && location.href.startsWith('http')"
        async with asyncio.timeout(600):
            while True:
                frame = await self.browser.call("Runtime.evaluate", expression=ready, returnByValue=True)
                if frame["result"].get("value"):
                    return
                await asyncio.sleep(0.01)


@asynccontextmanager
async def open_chromium() -> AsyncIterator[list[Opener]]:
    """Windows of Chromium; raises FileNotFoundError where there is none."""
    async with devtools() as (http, address), AsyncExitStack() as stack:

        async def connected(target: str) -> Browser:
            url = f"{address.replace('http', 'ws', 1)}/devtools/page/{target}"
            return Browser(await stack.enter_async_context(http.ws_connect(url, max_msg_size=0)), itertools.count())

        async with http.get(f"{address}/json/list") as listing:
            first = await connected(next(each["id"] for each in await listing.json() if each["type"] == "page"))
        openers: list[Opener] = []
        for _ in range(WINDOWS):
            made = await first.call("Target.createTarget", url="about:blank", newWindow=True)
            browser = await connected(made["targetId"])
            screen = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            await browser.call("Emulation.setDeviceMetricsOverride", **screen)
            openers.append(Chromium(browser))
        yield openers


@dataclass(frozen=True, slots=True)
class BiDi:
    """A connection to Firefox, on which several windows wait for their answers."""

    socket: aiohttp.ClientWebSocketResponse
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    waiting: dict[int, asyncio.Future[dict]] = field(default_factory=dict)

    async def call(self, method: str, **parameters: object) -> dict:
        """The result of a command. Raises RuntimeError when Firefox refuses it."""
        number = next(self.numbers)
        self.waiting[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        reply = await asyncio.wait_for(self.waiting[number], 600)
        if reply["type"] == "error":
            raise RuntimeError(f"{method}: {reply['message']}")
        return reply["result"]

    async def receive(self) -> None:
        """Hand on answers, until the connection ends."""
        async for message in self.socket:
            reply = message.json()
            if (future := self.waiting.pop(reply.get("id"), None)) and not future.done():
                future.set_result(reply)


@dataclass(frozen=True, slots=True)
class Firefox:
    """A window of Firefox."""

    bidi: BiDi
    context: str

    async def open(self, url: str) -> tuple[str, bytes]:
        """As `Opener` has it."""
        await self.bidi.call("browsingContext.navigate", context=self.context, url="about:blank", wait="complete")
        await self.bidi.call("browsingContext.navigate", context=self.context, url=url, wait="complete")
        target = {"context": self.context}
        run = {"expression": CHARACTERS, "awaitPromise": True, "target": target}
        described = (await self.bidi.call("script.evaluate", **run))["result"]["value"]
        clip = {"type": "box", **_clip(described)}
        picture = await self.bidi.call("browsingContext.captureScreenshot", context=self.context, clip=clip)
        return described, base64.b64decode(picture["data"])


@asynccontextmanager
async def open_firefox() -> AsyncIterator[list[Opener]]:
    """Windows of Firefox; raises FileNotFoundError where there is none."""
    program = os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, ("firefox", "firefox-esr"))), None)
    if program is None:
        raise FileNotFoundError("There is no Firefox on the PATH; name one in the variable FIREFOX.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile)
        environment: Mapping[str, str] = {**os.environ, "HOME": profile, "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
        process = await asyncio.create_subprocess_exec(
            program, *arguments, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, env=environment
        )
        try:
            assert process.stderr is not None
            address = None
            async with asyncio.timeout(180):
                while address is None and (line := await process.stderr.readline()):
                    address = re.search(r"BiDi listening on (ws://\S+)", line.decode(errors="replace"))
            if address is None:
                raise RuntimeError(f"{program} did not start.")
            async with (
                aiohttp.ClientSession() as http,
                http.ws_connect(f"{address[1]}/session", max_msg_size=0) as socket,
            ):
                bidi = BiDi(socket)
                receiving = asyncio.create_task(bidi.receive())
                await bidi.call("session.new", capabilities={})
                yield [await _window(bidi) for _ in range(WINDOWS)]
                receiving.cancel()
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _window(bidi: BiDi) -> Firefox:
    context = (await bidi.call("browsingContext.create", type="window"))["context"]
    await bidi.call("browsingContext.setViewport", context=context, viewport={"width": WIDTH, "height": HEIGHT})
    return Firefox(bidi, context)


BROWSERS = {"Chromium": open_chromium, "Firefox": open_firefox}
