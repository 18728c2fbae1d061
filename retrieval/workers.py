"""Reading apart from this process: what strangers wrote is read by a few workers, with a limit of time and memory each.

The libraries that read markup and cut sentences hold a whole process while they compute, and some inputs keep them at
it for minutes. A worker is a process of its own, so that neither questions nor Discord's heartbeat wait for it. It is
started when it is first needed, does one call after another, and ends by itself: when it has had none for a while, when
it has become large, or when this process has ended, however that came about (an idle one at once, a busy one at its
limit, which the system itself keeps). Of the environment it gets what Python needs, so it knows no secret.

It is started as a program, not by `multiprocessing`, which would import this process's main module anew in each worker,
and needs scripts to be written for that.
"""

from __future__ import annotations

import atexit
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeVar, cast

from retrieval.errors import WorkerUnavailable
from retrieval.reasons import Reason

if sys.platform != "win32":
    import resource

Result = TypeVar("Result")

MOST = 2
"""Workers at a time."""
SECONDS, SECONDS_A_MEGABYTE = 2.0, 2.0
"""What a call may compute, and what more for each megabyte that it is given; some ten times what common input takes."""
LOADING = 10.0
"""Seconds more for the first call of a function in a worker, which imports what it needs."""
PATIENCE, A_SHARE = 60.0, 10.0
"""A call may last so many seconds, and so many times what it may compute, whether it computes or not."""
MEGABYTES = 1024
"""What a worker may take in memory."""
LARGE = 400
"""Megabytes that a worker once took from which on it ends, so that the memory is free again."""
IDLE = 60.0
"""Seconds without a call after which a worker ends."""

_PASSED_ON = ("PATH", "LANG", "LC_", "TZ", "TMP", "TEMP", "SYSTEMROOT", "LD_LIBRARY", "DYLD_", "PYTHON", "COVERAGE_")
"""What the names of the variables begin with that a worker gets."""
_PROGRAM = "from retrieval.workers import serve; serve()"
_MEGABYTE = 1024 * 1024


class Overrun(ValueError):
    """What was to be read passed a limit, or made the worker that read it fail; `str(error)` goes on from its name."""


class Workers:
    """At most `most` processes that do calls for this one. Safe to use from many threads."""

    def __init__(self, most: int = MOST) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._idle: deque[_Worker] = deque()

    def call(self, function: Callable[..., Result], *args: object) -> Result:
        """What `function`, of a module's top level, gives for `args`, or raises; all of that can be pickled.

        Raises `Overrun` when it passes a limit, `WorkerUnavailable` when no worker can be started.
        """
        with self._turns:
            try:
                answer, error = self._answered(function, args)
            except _Died:  # by another's hand, perhaps, or because it had been idle for long enough
                answer, error = self._answered(function, args, again=True)
        if error is not None:
            raise error
        return cast("Result", answer)

    def close(self) -> None:
        """End the workers that have nothing to do."""
        while (worker := self._rested()) is not None:
            worker.end()

    def _answered(
        self, function: Callable[..., object], args: tuple[object, ...], *, again: bool = False
    ) -> tuple[object, Exception | None]:
        worker = (None if again else self._rested()) or _Worker()
        try:
            answer, error, leaves = worker.answer(function, args)
        except BaseException as failed:
            worker.end(kill=True)
            if isinstance(failed, _Died) and again:
                raise Overrun(Reason("makes the program fail that reads it")) from None
            raise
        if leaves:
            worker.end()
        else:
            self._idle.append(worker)
        return answer, error

    def _rested(self) -> _Worker | None:
        """A worker that has nothing to do, which is from now on the caller's."""
        with suppress(IndexError):
            while True:
                worker = self._idle.pop()
                if worker.runs:
                    return worker
                worker.end()
        return None


class _Died(Exception):
    """A worker ended before it had answered, and not for a limit."""


class _Worker:
    """A process that does calls, to be used by one thread at a time."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109
        environment["OPENBLAS_NUM_THREADS"] = "1"  # each would take memory
        try:
            self._process = subprocess.Popen(  # noqa: S603  # no words of strangers are in it
                [sys.executable, "-P", "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
            )
        except OSError as error:
            raise _unavailable(error.strerror or str(error)) from error
        self._calls, self._answers, self._said = map(
            _pipe, (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._known: set[object] = set()
        self._late = False
        try:
            self._heard(PATIENCE)
        except _Died:
            self._process.kill()
            said = self._said.read().decode(errors="replace").strip()
            self.end()
            raise _unavailable((said or "it ended at once").splitlines()[-1][:200]) from None

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def answer(
        self, function: Callable[..., object], args: tuple[object, ...]
    ) -> tuple[object, Exception | None, bool]:
        """What the call gives or raises, and whether the worker ends after it. Raises `Overrun` or `_Died`."""
        call = pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)
        seconds = SECONDS + SECONDS_A_MEGABYTE * len(call) / _MEGABYTE + LOADING * (function not in self._known)
        self._known.add(function)
        try:
            pickle.dump((seconds, MEGABYTES, call), self._calls)
            self._calls.flush()
            return cast("tuple[object, Exception | None, bool]", self._heard(PATIENCE + A_SHARE * seconds))
        except (_Died, OSError) as error:
            if self._late or (sys.platform != "win32" and self._process.wait() == -signal.SIGPROF):
                raise Overrun(Reason("takes more than {seconds} seconds to read", seconds=round(seconds))) from None
            raise _Died from error

    def _heard(self, seconds: float) -> object:
        """What it says next. Raises `_Died` if it ends before, or says nothing for so many `seconds`."""
        timer = threading.Timer(seconds, self._stop)
        timer.daemon = True
        timer.start()
        try:
            return pickle.load(self._answers)  # noqa: S301  # from a program of ours
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise _Died from error
        finally:
            timer.cancel()

    def _stop(self) -> None:
        self._late = True
        self._process.kill()

    def end(self, *, kill: bool = False) -> None:
        """Have it end, which it does when it can hear no more calls."""
        if kill:
            self._process.kill()
        for pipe in (self._calls, self._answers, self._said):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _unavailable(reason: str) -> WorkerUnavailable:
    return WorkerUnavailable(
        "What strangers wrote is read in a process of its own, and none can be started ({reason}); free memory, or let "
        "Quotewire start processes.",
        reason=reason,
    )


# --- in the worker -------------------------------------------------------------------------------------


def serve() -> None:
    """What a worker does: calls from its standard input, one after another, until there are none any more."""
    global _in_worker
    _in_worker = True
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123
        pickle.dump(None, answers)
        answers.flush()
        for place in range(3):  # what a library prints is no answer
            os.dup2(nowhere.fileno(), place)
    for number in (signal.SIGINT, signal.SIGTERM):  # which go to all of a terminal, or of a service; who calls decides
        signal.signal(number, signal.SIG_IGN)
    while _comes(calls):
        try:
            seconds, megabytes, call = pickle.load(calls)  # noqa: S301  # from the program that started this one
        except EOFError:
            return
        _limit_memory(megabytes)
        _limit_time(seconds)
        answer = _answer_to(call)
        _limit_time(0)
        with suppress(BrokenPipeError):
            answers.write(answer)
            answers.flush()


def _comes(calls: IO[bytes]) -> bool:
    """Whether a call comes, or the end of all, before it has been quiet for long."""
    return sys.platform == "win32" or bool(select.select([calls], [], [], IDLE)[0])


def _limit_time(seconds: float) -> None:
    """Have the system end this process when it has computed for so long; 0 is without end."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(megabytes: int) -> None:
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))


def _answer_to(call: bytes) -> bytes:
    answer, error = None, None
    try:
        function, args = pickle.loads(call)  # noqa: S301
        answer = function(*args)
    except MemoryError:
        error = Overrun(Reason("takes more than {size} MB of memory to read", size=MEGABYTES))
    except BaseException as raised:  # whatever reading brings about, also what is no `Exception`
        error = _as_sent(raised)
    return pickle.dumps((answer, error, _is_large() or isinstance(error, Overrun)), pickle.HIGHEST_PROTOCOL)


def _as_sent(error: BaseException) -> Exception:
    """The error, if it is still the same when it has been sent; else what it says."""
    with suppress(Exception):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301
        if isinstance(error, Exception) and type(again) is type(error) and str(again) == str(error):
            return error
    return RuntimeError(f"{type(error).__name__}: {error}")


def _is_large() -> bool:
    if sys.platform == "win32":
        return False
    if sys.platform == "linux":  # where `ru_maxrss` begins with what the process took that started this one
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) > LARGE * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KB, on macOS in bytes
    return peak > LARGE * (_MEGABYTE if sys.platform == "darwin" else 1024)


_in_worker = False
_workers = Workers()
atexit.register(_workers.close)


def outside(function: Callable[..., Result], *args: object) -> Result:
    """`function(*args)`, done by one of this process's workers (see `Workers.call`); in a worker, by that one."""
    return function(*args) if _in_worker else _workers.call(function, *args)
