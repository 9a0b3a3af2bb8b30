"""The tour is what the magics really show today, and README shows cells of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
TOUR = ROOT / "notebooks" / "tour.ipynb"
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```python\n(?:%load_ext kwmagic\n)?(%[^\n]+)\n```.*?```text\n(.*?)```", README, re.DOTALL)


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, list[dict[str, Any]]]]:
    """Source and outputs of the code cells, without what differs from run to run, such as progress that is gone."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            outputs = [
                {"data": o.get("data"), "text": o.get("text"), "metadata": o.get("metadata")}
                for o in cell.outputs
                if o.get("data") != {}
            ]
            found.append((cell.source, outputs))
    return found


@pytest.fixture(scope="module")
def saved() -> nbformat.NotebookNode:
    return nbformat.read(TOUR, as_version=4)


def test_outputs_are_fresh(saved: nbformat.NotebookNode) -> None:
    """Run again in a real kernel, each cell shows what the saved notebook holds."""
    again = nbformat.from_dict({**saved, "cells": [dict(cell) for cell in saved.cells]})
    for cell in again.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(again, timeout=120, record_timing=False).execute(cwd=str(TOUR.parent))
    assert len(cells(saved)) >= 24
    assert cells(again) == cells(saved)


def test_readme_shows_cells_of_the_tour(saved: nbformat.NotebookNode) -> None:
    plain = {
        source: "".join(str(o["data"]["text/plain"]) for o in outputs if o["data"]) for source, outputs in cells(saved)
    }
    assert len(SHOWN) == 3
    for source, text in SHOWN:
        assert plain[source].rstrip("\n") == text.rstrip("\n"), source


def test_readme_opens_with_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block
    commands = block[1].splitlines()
    assert len(commands) == 2
    assert all(command.startswith("pip install ") and " && " in command for command in commands)
