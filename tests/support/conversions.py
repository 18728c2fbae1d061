"""Conversions of embedding models, as tests want them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from retrieval.index import conversion, converting


def skip_without_openvino() -> None:
    """Skip a test, or a module, where OpenVINO is not installed. It is looked for only: to import it is left to
    `converted.openvino`, for else it reports that, and each conversion, in a process that takes seconds."""
    if find_spec("openvino") is None:
        pytest.skip("there is no OpenVINO for this system", allow_module_level=True)


def make_here(patch: pytest.MonkeyPatch) -> None:
    """Have conversions be made in this process, which has imported torch already: where what they meet can be changed,
    and without the ten seconds that one of their own needs."""

    def make(*arguments: Any) -> None:
        if reason := converting.made_or_refused(*arguments):
            raise conversion.Unconverted(reason)

    patch.setattr(conversion, "make_apart", make)
