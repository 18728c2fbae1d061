"""What models compute in: bfloat16 where the processor is quicker with it, else float32.

Both give vectors that are comparable, so an index stays valid when it moves to another machine.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Literal

from retrieval.errors import ModelUnavailable

Precision = Literal["bfloat16", "float32"]
PRECISIONS: tuple[Precision, ...] = ("bfloat16", "float32")
PRECISION = "QUOTEWIRE_PRECISION"
"""The environment variable that has every CPU compute in one of `PRECISIONS`: it is for tests and measurements."""

CPUINFO = Path("/proc/cpuinfo")


def precision() -> Precision:
    """What models compute in here: what this CPU is quickest at, unless the variable `PRECISION` names another.

    Raises `ModelUnavailable` where it names what is none.
    """
    named = os.environ.get(PRECISION, "")
    for known in PRECISIONS:
        if named == known:
            return known
    if named:
        raise ModelUnavailable(f"{PRECISION} is {named!r}: it can be {' or '.join(PRECISIONS)}, or left out.")
    return "bfloat16" if quicker_in_bfloat16() else "float32"


def quicker_in_bfloat16() -> bool:
    """Whether this CPU computes models quicker in bfloat16; where it has no instructions for that, it emulates them.

    Intel's need AMX for it, which virtual machines may hide: with AVX512-BF16 alone, a core embedded 16 passages a
    second in bfloat16 and 22 in float32 with torch, 20 and 33 with OpenVINO. AMD's need no more than that: there it was
    34 and 18, 49 and 26. Linux tells of both in a file; torch, which takes seconds to import, is only asked on other
    systems.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return _native_by_torch()
    vendor, flags = ((_told(lines, name)) for name in ("vendor_id", "flags"))
    return "amx_bf16" in flags or ("avx512_bf16" in flags and "GenuineIntel" not in vendor)


def _told(lines: list[str], name: str) -> list[str]:
    """The words that the first of the lines about `name` says."""
    found = (line.partition(":") for line in lines)
    return next((words.split() for about, _, words in found if about.strip() == name), [])


def _native_by_torch() -> bool:
    import torch

    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, check, lambda: False)() for check in checks)
