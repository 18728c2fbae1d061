"""In which precision models compute, without asking a library that takes seconds to import."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from retrieval.index import precision
from retrieval.index.precision import quicker_in_bfloat16


@pytest.fixture(autouse=True)
def x86(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(precision.PRECISION, raising=False)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


@pytest.mark.parametrize(
    ("vendor", "flags", "quicker"),
    [
        ("AuthenticAMD", "fpu sse2 avx2 avx512f avx512_bf16", True),
        ("GenuineIntel", "fpu sse2 avx2 avx512f avx512_bf16 amx_bf16 amx_tile", True),
        ("GenuineIntel", "fpu sse2 avx2 avx512f avx512_bf16", False),
        ("GenuineIntel", "fpu sse2 avx2 fma avx512f", False),
        ("AuthenticAMD", "fpu avx512_bf16_of_old", False),
    ],
)
def test_bfloat16_only_where_the_processor_is_quicker_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, vendor: str, flags: str, quicker: bool
) -> None:
    monkeypatch.setattr(precision, "CPUINFO", tmp_path / "cpuinfo")
    text = (
        f"processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: One with amx_bf16\n"
        f"vmx flags\t: amx_bf16\nflags\t\t: {flags}\nbugs\t\t: none\n"
    )
    (tmp_path / "cpuinfo").write_text(text)
    assert quicker_in_bfloat16() == quicker
    assert precision.precision() == ("bfloat16" if quicker else "float32")


def test_a_system_that_has_no_such_file_asks_torch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import torch

    monkeypatch.setattr(precision, "CPUINFO", tmp_path / "none")
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    for native in (True, False):
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda native=native: native)
        assert quicker_in_bfloat16() == native


def test_other_processors_compute_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert not quicker_in_bfloat16()
