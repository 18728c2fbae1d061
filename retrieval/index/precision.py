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
    return "bfloat16" if native_bfloat16() else "float32"


def native_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 itself; elsewhere it is emulated and slower than float32.

    Linux says so in a file; torch, which takes seconds to import, is only asked on other systems.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return _native_by_torch()
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(flags)


def _native_by_torch() -> bool:
    import torch

    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, check, lambda: False)() for check in checks)
