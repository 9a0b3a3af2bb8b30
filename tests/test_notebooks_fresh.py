"""The notebooks are what the magics and commands really show today, and README shows cells of them.

`python tests/test_notebooks_fresh.py` runs them again and saves what they show.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```python\n(?:%load_ext kwmagic\n)?(%[^\n]+)\n```.*?```text\n(.*?)```", README, re.DOTALL)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, list[dict[str, Any]]]]:
    """Source and outputs of the code cells."""
    return [
        (cell.source, [{key: output.get(key) for key in ("data", "text", "metadata")} for output in cell.outputs])
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook, run again in a real kernel."""
    notebook = read(path)
    about_python = notebook.metadata.language_info
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(notebook, timeout=120, record_timing=False, coalesce_streams=True).execute(cwd=str(path.parent))
    notebook.metadata.language_info = about_python  # the kernel adds its version
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]  # progress that is gone
    return notebook


@pytest.mark.slow
@every_notebook
def test_outputs_are_fresh(path: Path) -> None:
    saved, again = read(path), executed(path)
    assert sum(bool(outputs) for _, outputs in cells(saved)) >= 9
    assert cells(again) == cells(saved)


@every_notebook
def test_saved_as_it_would_be_again(path: Path) -> None:
    """Valid, with nothing in it that tells of one machine or one hour."""
    notebook = read(path)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len({*ids}) == len(ids)
    assert not any("execution" in cell.metadata for cell in notebook.cells)
    assert "version" not in notebook.metadata.language_info
    text = path.read_text(encoding="utf-8")
    assert text == nbformat.writes(notebook) + "\n"
    assert not re.search(r"/tmp/|/home/|/root/|/Users/|[A-Z]:\\\\|site-packages|, in \d", text)
    assert sys.prefix not in text


@every_notebook
def test_cells_run_in_order_without_an_error(path: Path) -> None:
    ran = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in ran] == [*range(1, len(ran) + 1)]
    assert not any(output.output_type == "error" for cell in ran for output in cell.outputs)


@every_notebook
def test_notebooks_link_to_each_other(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    linked = re.findall(r"\]\((\w+\.ipynb)\)", text)
    assert linked
    assert all((path.parent / name).is_file() for name in linked)


def test_readme_shows_cells_of_the_notebooks() -> None:
    plain = {
        source: "".join(str(o["data"]["text/plain"]) for o in outputs if o["data"])
        for path in NOTEBOOKS
        for source, outputs in cells(read(path))
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


if __name__ == "__main__":
    for each in NOTEBOOKS:
        each.write_text(nbformat.writes(executed(each)) + "\n", encoding="utf-8", newline="\n")
