"""Posting digests and alerts: what to post when, and the loop that does it, each message exactly once.

Between "sent" and "noted as sent" lies an instant at which a process can die, or an answer of Discord can get lost,
so neither order of the two is safe alone. Each message therefore goes through three steps:

1. *Plan.* One transaction writes the post with its articles under a random id: all that is new of the stories that it
   is to tell. From here on these articles are dealt with: no other post of the subscription takes them, and there is
   none beside this one. A story that grows later comes again, for what is new of it.
2. *Try.* One transaction notes the last message of the channel; then the message is sent. It carries the post's id
   twice: as its nonce, of which Discord takes no second one for some minutes, and as the `id` of its container, which
   nobody sees and which stays with the message.
3. *Done.* One transaction notes that it is there.

A post that was tried and is not done may be in the channel or not. So before it is tried again, at the next start or
after an error, the messages that came after the noted one are looked through for its id; this needs no clock that
agrees with Discord's. A message on its way while they are looked through is what the nonce is for. Dying before 1
leaves the articles new, between 1 and 2 a post that was never tried and needs no looking for, after 2 one that is
looked for. The one case left is that a moderator deletes the message within that very instant: it comes again.

Of several processes that share what is remembered, one posts: the one that holds the lease. When it dies, is cut off or
stands still, another one takes over, and meets what it finds as after a restart: the ids and the noted messages are
shared. The one before may still wake up in the middle of a step. It does not send unless it surely holds the lease at
that very moment; what it plans or notes counts only where nobody has gone on with it since; and what it had just begun
to send carries the nonce that the other one's has, so Discord takes one of the two. A send is therefore given up before
nonces are forgotten.

A digest that could not be posted for long (`Schedule.patience`) and is certainly not in its channel is taken back, and
the next one tells its news. Alerts are never taken back, but only the newest articles wait for one; a message says how
many others there were.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.cards.card import Card
from bot.cards.digests import alert_card, digest_card
from bot.cards.subscribed import paused_card
from bot.connection.offload import offload
from bot.connection.replies import UNSENT
from bot.memory.posts import NEVER, WAITING, Post, Posts
from bot.memory.subscriptions import GONE, Kind, Subscription
from bot.posting.news import bundled, dealt_with, news_of, told_by
from bot.wording.language import speaking
from retrieval.edition import Edition
from retrieval.errors import QuotewireError
from retrieval.newsroom import Newsroom
from retrieval.replicas.leases import Alone, Leases
from retrieval.text.controls import one_line

_log = logging.getLogger(__name__)

T = TypeVar("T")

BUNDLE = 10
"""Stories of an alert's message."""
ALERTS_AN_HOUR = 3
"""Messages of an alert within `HOUR`; what comes beyond them is bundled later."""
HOUR = 3600.0
LOOK = 60.0
"""Seconds after which the index is looked at again: another process may have added articles."""
FIRST_PAUSE, LONGEST_PAUSE = 60.0, HOUR
"""Seconds after which a post is tried again; each pause is twice the one before."""
CLOSED_PAUSE = 24 * HOUR
"""Seconds after which a channel that was closed is tried again."""
LEASE = "posting"
TAKE_OVER = 5.0
"""Seconds after which it is tried again to post in the place of another process, which may have ended."""
SEND_WITHIN = 60.0
"""Seconds that a send may take, waiting for Discord's limits included: for some minutes it takes no nonce twice."""


class Closed(Exception):
    """Nothing can be posted in a channel until a moderator changes something; `reason` as in `Subscription.paused`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unsendable(Exception):
    """Discord will never take this message."""


class OpenChannel(Protocol):
    """A channel that can be written to. Its methods raise `Closed`, `Unsendable` (`send`) or one of `UNSENT`."""

    last: int
    """The id of its last message, or of an earlier one; 0 if there is none."""

    async def holds(self, mark: int, after: int) -> bool:
        """Whether a message with this mark came after the message `after`."""
        ...

    async def send(self, mark: int, card: Card) -> None:
        """Send `card` under a mark."""
        ...


class Channels(Protocol):
    """Discord, as far as posting needs it."""

    async def open(self, subscription: Subscription) -> OpenChannel:
        """The channel of a subscription. Raises `Closed` or one of `UNSENT`."""
        ...

    async def tell(self, guild: int, card: Callable[[], Card]) -> None:
        """Tell the moderators of a server, if they have a channel for that. Never raises."""
        ...


class Posting:
    """Posts what is due from `start` to `stop`, while it has the lease for that, each server's from its own edition of
    `room`; `failed` is called with the kind of each try that fails, and `beginning`, off the loop, in each turn, also
    where another process posts.

    For one event loop; disk and index are used off it.
    """

    def __init__(
        self,
        room: Newsroom,
        posts: Posts,
        channels: Channels,
        now: Callable[[], float] = time.time,
        failed: Callable[[Kind], object] = lambda _: None,
        beginning: Callable[[], object] = lambda: None,
        leases: Leases | None = None,
    ) -> None:
        self._leases = leases or Alone()
        self.now = now
        self._beginning = beginning
        self._failed = failed
        self._room = room
        self._posts = posts
        self._channels = channels
        self._stopped = False
        self._task: asyncio.Task[None] | None = None
        self._sleep: asyncio.Task[None] | None = None
        self._awake = False
        self._complained = ""
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin; once, and not after `stop`."""
        if not self._stopped and self._task is None:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Look at once for what to post: the index or the subscriptions have changed."""
        self._awake = True
        if self._sleep is not None:
            self._sleep.cancel()

    def wake_soon(self) -> None:
        """As `wake`, from any thread; before `start` there is nothing to wake."""
        with contextlib.suppress(RuntimeError):  # the loop is closed
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self.wake)

    async def stop(self, within: float) -> None:
        """End, and let the message under way be sent within so many seconds; what is cut off is looked for later."""
        self._stopped = True
        self.wake()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=within)
            self._task.cancel()
            await asyncio.wait({self._task})
        await offload(lambda: self._leases.give_back(LEASE))

    async def _run(self) -> None:
        while not self._stopped:
            self._awake = False
            pause = await self._guarded(self.turn()) or LOOK
            if self._awake:
                continue
            # A task of its own, so that `wake` can end it.
            self._sleep = asyncio.create_task(asyncio.sleep(pause))
            await asyncio.wait({self._sleep})
            self._sleep = None

    async def turn(self) -> float:
        """Plan and post what is due now. Returns the seconds until something may be due again.

        Raises only what is about no single subscription, such as `StoreUnavailable`.
        """
        await self._guarded(offload(self._beginning))
        if not await offload(lambda: self._leases.take(LEASE)):
            return TAKE_OVER
        await self._guarded(offload(self._look))
        for subscription in await offload(lambda: self._posts.ripe(self.now())):
            await self._guarded(offload(lambda each=subscription: self._plan(each)))
        for post in await offload(lambda: self._posts.to_post(self.now())):
            if self._stopped or not self._leases.holds(LEASE):
                break
            await self._guarded(self._post(post))
        now = self.now()
        moment = await offload(lambda: self._posts.next_moment(now))
        return HOUR if moment is None else min(LOOK, moment - now)

    def _edition(self, guild: int) -> Edition:
        return self._room.edition(str(guild))

    # --- plan ------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Have the articles that are new since the last look wait for the alerts that they match."""
        if not (alerts := self._posts.alerts()):
            return
        generation = self._room.arrivals.generation()
        alike: defaultdict[tuple[int, int], list[Subscription]] = defaultdict(list)
        for alert in alerts:
            if alert.known != generation:
                alike[alert.guild, alert.known].append(alert)
        for (guild, known), group in alike.items():
            arrived = self._edition(guild).arrivals.since(known, {alert.topic or "" for alert in group})
            days = arrived.articles
            found = {
                each.id: [id_ for id_ in arrived.about[each.topic or ""] if each.is_news(days[id_])] for each in group
            }
            self._posts.queue(found, arrived.generation)

    def _plan(self, subscription: Subscription) -> None:
        if subscription.schedule:
            self._plan_digest(subscription)
        elif waiting := self._posts.waiting(subscription, WAITING):
            now = self.now()
            if self._posts.posts_between(subscription, now - HOUR, now + HOUR) < ALERTS_AN_HOUR:
                articles = bundled(self._edition(subscription.guild), waiting, BUNDLE)
                self._posts.plan(subscription, articles, subscription.known, now)

    def _plan_digest(self, digest: Subscription) -> None:
        now, schedule = self.now(), digest.schedule
        if schedule is None:
            return
        if digest.due > schedule.next_after(schedule.next_after(now)):  # from when the clock was wrong
            self._posts.pass_by(digest, schedule.next_after(now), digest.known)
            return
        if now < digest.due:
            return
        missed = digest.due
        while (due := schedule.next_after(missed)) <= now:  # while the bot was off: they are told as one
            missed = due
        if now - missed > schedule.patience:
            self._posts.pass_by(digest, due, digest.known)
            return
        _stories, articles, generation = news_of(self._edition(digest.guild), self._posts, digest)
        if articles:
            self._posts.plan(digest, articles, generation, now, due)
        else:
            self._posts.pass_by(digest, due, generation)

    # --- try, done -------------------------------------------------------------------------------------

    async def _post(self, post: Post) -> None:
        try:
            await self._try(post)
        except Closed as closed:
            await self._pause(post, closed.reason)
        except Unsendable as error:
            self._failed(post.subscription.kind)
            _log.error("a post in channel %d is left out: %s", post.subscription.channel, one_line(str(error)))
            await offload(lambda: self._posts.done(post, self.now()))
        except (*UNSENT, TimeoutError) as error:
            self._failed(post.subscription.kind)
            pause = min(FIRST_PAUSE * 2.0 ** min(post.tries, 16), LONGEST_PAUSE)
            again = self.now() + pause
            _log.warning(
                "a post in channel %d is tried again in %d minutes: %s",
                *(post.subscription.channel, pause / 60, one_line(str(error) or type(error).__name__)),
            )
            await offload(lambda: self._posts.put_off(post, again))
        except Exception:  # ours: it is told, and does not come back every minute
            self._failed(post.subscription.kind)
            again = self.now() + LONGEST_PAUSE
            await offload(lambda: self._posts.put_off(post, again))
            raise

    async def _try(self, post: Post) -> None:
        place = await self._channels.open(post.subscription)
        last = place.last  # read before the channel is looked through, so that nothing falls between
        if post.after is not None and await place.holds(post.id, post.after):
            await offload(lambda: self._posts.done(post, self.now()))
            return
        schedule = post.subscription.schedule
        if schedule and self.now() - post.prepared > schedule.patience:
            await offload(lambda: self._posts.drop(post))
            return
        stories = await offload(lambda: told_by(self._edition(post.subscription.guild), self._posts, post))
        if stories:  # their articles may have been withdrawn since
            with speaking(post.subscription.locale):
                if schedule:
                    card, shown = digest_card(post.subscription, stories)
                else:
                    card, shown = alert_card(post.subscription, stories, post.unshown)
            left_out = dealt_with(stories[shown:], post)
            ours = await offload(lambda: self._posts.trying(post, last, left_out))
            if not ours or not self._leases.holds(LEASE):
                return  # another process goes on with it
            async with asyncio.timeout(SEND_WITHIN):
                await place.send(post.id, card)
        await offload(lambda: self._posts.done(post, self.now()))

    async def _pause(self, post: Post, reason: str) -> None:
        again = NEVER if reason == GONE else self.now() + CLOSED_PAUSE
        if await offload(lambda: self._posts.put_off(post, again, reason)):
            where = post.subscription
            _log.warning("nothing can be posted in channel %d of server %d: %s", where.channel, where.guild, reason)

            def card() -> Card:
                with speaking(where.locale):
                    return paused_card(where, reason)

            await self._channels.tell(where.guild, card)

    # --- errors ----------------------------------------------------------------------------------------

    async def _guarded(self, work: Awaitable[T]) -> T | None:
        """The result of `work`; None after an error, which is logged once until another one comes."""
        try:
            return await work
        except Exception as error:
            if not self._stopped:
                self._complain(error)
            return None

    def _complain(self, error: Exception) -> None:
        said = str(error) if isinstance(error, QuotewireError) else f"unexpected {type(error).__name__}: {error}"
        if said != self._complained:
            self._complained = said
            _log.warning("posting goes on, but: %s", one_line(said))
            if not isinstance(error, QuotewireError):
                _log.debug("where it happened", exc_info=error)
