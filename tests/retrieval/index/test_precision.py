"""In which precision models compute, without asking a library that takes seconds to import."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from retrieval.index import precision
from retrieval.index.precision import native_bfloat16


@pytest.fixture(autouse=True)
def x86(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(precision.PRECISION, raising=False)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


@pytest.mark.parametrize(
    ("flags", "native"),
    [
        ("fpu sse2 avx2 avx512f avx512_bf16", True),
        ("fpu sse2 amx_bf16 amx_tile amx_int8", True),
        ("fpu sse2 avx2 fma avx512f", False),
        ("fpu avx512_bf16_of_old", False),
    ],
)
def test_bfloat16_only_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flags: str, native: bool
) -> None:
    monkeypatch.setattr(precision, "CPUINFO", tmp_path / "cpuinfo")
    text = f"processor\t: 0\nmodel name\t: One with avx512_bf16\nflags\t\t: {flags}\nbugs\t\t: none\n"
    (tmp_path / "cpuinfo").write_text(text)
    assert native_bfloat16() == native
    assert precision.precision() == ("bfloat16" if native else "float32")


def test_a_system_that_has_no_such_file_asks_torch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import torch

    monkeypatch.setattr(precision, "CPUINFO", tmp_path / "none")
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    for native in (True, False):
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda native=native: native)
        assert native_bfloat16() == native


def test_other_processors_compute_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert not native_bfloat16()


@pytest.mark.skipif(not (sys.platform == "linux" and precision.CPUINFO.exists()), reason="a file of Linux")
def test_both_say_the_same_of_this_machine() -> None:
    if platform.uname().machine == "x86_64":
        assert native_bfloat16() == precision._native_by_torch()
