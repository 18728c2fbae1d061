"""What makes no sense where the suite is run over PostgreSQL."""

from __future__ import annotations

import os

import pytest

from tests.support.replicas import WANTED

needs_files_alone = pytest.mark.skipif(
    WANTED in os.environ, reason="files are put back as they were, which a database brings up again"
)
"""A test that replaces files of a data folder by earlier ones."""
