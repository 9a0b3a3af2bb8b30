"""The notebook that `kwmagic notebook` writes: its cells, that they run, and that the exported page is whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kwmagic.checking import check
from kwmagic.composing import compose, notebook_text
from kwmagic.errors import TargetError
from kwmagic.publishing import export

CHECKOUT = Path(__file__).parent / "cases" / "checkout"


def magics(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def words(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def run(notebook: nbformat.NotebookNode, folder: Path) -> list[list[dict[str, Any]]]:
    """The outputs of the code cells; raises where one fails."""
    NotebookClient(notebook, timeout=120).execute(cwd=str(folder))
    return [
        [output for output in cell.outputs if output.get("data") != {}]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def shown(outputs: list[list[dict[str, Any]]]) -> list[str]:
    """The first line of what each cell but the first shows, which is nothing but kwmagic's."""
    assert outputs[0] == []
    assert all(len(each) == 1 for each in outputs[1:])
    return [each[0]["data"]["text/plain"].splitlines()[0] for each in outputs[1:]]


def test_package(tmp_path: Path) -> None:
    notebook = compose("nbformat", folder=str(tmp_path))
    nbformat.validate(notebook)
    assert notebook.cells[0].source.startswith("# nbformat\n\nThe Jupyter notebook format\n\nUse this module to read")
    assert "25 more files that define something public have no section here" in words(notebook)
    cells = magics(notebook)
    assert cells[:4] == [
        "%load_ext kwmagic",
        "%docfile nbformat --only metadata,overview",
        "%docfile nbformat --only architecture,dependencies",
        "%docfile nbformat.validator --only purpose,overview,analysis",
    ]
    assert cells[-1] == "%kwindex nbformat -k class -k function --no-private --no-local"
    assert len(cells) == 12
    titles = shown(run(notebook, tmp_path))
    assert titles[2] == "Documentation: nbformat.validator"
    assert titles[-1] == "Keyword index: nbformat"


def test_folder_is_named_from_where_the_notebook_is(tmp_path: Path) -> None:
    """Whatever folder the command was given in."""
    shutil.copytree(CHECKOUT, tmp_path / "my code" / "it's")
    notebook = compose(str(tmp_path / "my code" / "it's"), folder=str(tmp_path / "my code"))
    assert "A small ray tracer with bindings for many languages." in notebook.cells[0].source
    assert magics(notebook)[1] == '%docfile "it\'s/" --only metadata,overview'
    titles = shown(run(notebook, tmp_path / "my code"))
    assert titles[0] == "Documentation: it's"
    assert "Documentation: it's/src/vec.h" in titles


def test_own_folder_is_not_the_cells(tmp_path: Path) -> None:
    for name in ("shop", "till"):
        (tmp_path / f"{name}.py").write_text(f"def {name}(): ...\n", encoding="utf-8")
    cells = magics(compose(str(tmp_path), folder=str(tmp_path)))
    assert cells[1].startswith("%docfile ./ ")
    assert cells[3] == "%docfile ./shop.py --only purpose,overview,analysis"


def test_folder_comes_before_a_package_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which the notebook could not find from its own folder."""
    (tmp_path / "shop").mkdir()
    for name in ("__init__", "till"):
        (tmp_path / "shop" / f"{name}.py").write_text(f'"""The {name}."""\ndef {name}(): ...\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    cells = magics(compose("shop", folder="notebooks"))
    assert cells[1] == "%docfile ../shop/ --only metadata,overview"
    assert cells[3] == "%docfile ../shop/till.py --only purpose,overview,analysis"


def test_module_and_file(tmp_path: Path) -> None:
    assert magics(compose("nbformat.sign"))[1:] == [
        "%docfile nbformat.sign --only purpose,overview",
        "%docfile nbformat.sign --only analysis,architecture,dependencies",
        "%docfile nbformat.sign --only testing,related,references",
    ]
    (tmp_path / "json.py").write_text("A = 1\n", encoding="utf-8")
    notebook = compose(str(tmp_path / "json.py"), folder=str(tmp_path))
    assert magics(notebook)[1] == "%docfile ./json.py --only purpose,overview"
    assert shown(run(notebook, tmp_path))[0] == "Documentation: json.py"


def test_most_imported_come_first_and_tests_not_at_all(tmp_path: Path) -> None:
    for name, text in {
        "shop/__init__.py": '"""A shop."""\nfrom shop.till import Till\n',
        "shop/till.py": "from shop.money import Money\nclass Till: ...\n",
        "shop/money.py": "class Money: ...\n",
        "shop/stock.py": "from shop.money import Money\ndef count(): ...\n",
        "shop/_version.py": "VERSION = '1'\n",
        "tests/test_shop.py": "from shop.stock import count\ndef test_count(): ...\n",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    notebook = compose(str(tmp_path), folder=str(tmp_path))
    told = [line for line in words(notebook).splitlines() if line.startswith("### ")]
    assert told == ["### `shop/money.py`", "### `shop/till.py`", "### `shop/stock.py`"]
    assert "Imported by 2 other files here." in words(notebook)


def test_exports_cleanly(tmp_path: Path) -> None:
    """With what the cells show and without what is for the author alone; every link leads somewhere."""
    shutil.copytree(CHECKOUT, tmp_path / "code")
    (tmp_path / "guide.ipynb").write_text(
        notebook_text(str(tmp_path / "code"), folder=str(tmp_path)), encoding="utf-8", newline="\n"
    )
    report = export(tmp_path / "guide.ipynb", tmp_path / "pages", execute=True, say=pytest.fail)
    assert report.problems == ()
    page = (tmp_path / "pages" / "guide.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    assert "#### Documentation: `code/src/vec.h`" in page.splitlines()
    assert "For the author" not in page
    assert "%docfile" not in page
    assert check(str(tmp_path / "pages")).dead == ()


def test_same_notebook_each_time() -> None:
    assert notebook_text("nbformat") == notebook_text("nbformat")
    ids = [cell.id for cell in compose("nbformat").cells]
    assert len({*ids}) == len(ids)


def test_text_is_that_of_a_notebook_file() -> None:
    text = notebook_text("nbformat.sign")
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert nbformat.reads(text, as_version=4) == compose("nbformat.sign")
    assert os.getcwd() not in text


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nbformat.sign.SignatureStore", "a notebook is about a package, a module, a folder or a file"),
        (f"{CHECKOUT}/*/*.h", "files that match a pattern"),
        ("no_such_package", "no_such_package"),
        ("sys", "has no files that can be read"),
    ],
)
def test_other_targets_are_refused_in_one_line(target: str, said: str) -> None:
    with pytest.raises(TargetError, match=said) as caught:
        compose(target)
    assert "\n" not in str(caught.value)


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError):
        compose(str(tmp_path))
