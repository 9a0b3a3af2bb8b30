"""A project explored in a real kernel: what `%docfile` tells of a file follows edits of it and of its neighbours."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import v4

_V4: Any = v4
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/__init__.py": '"""A shop."""\nfrom shop.cart import Cart\n',
    "shop/cart.py": '''"""Carts."""

from shop.price import total


class Cart:
    """Holds items."""

    def __init__(self):
        self.items = []

    def amount(self):
        return total(self.items)
''',
    "shop/price.py": '''"""Prices."""


def total(items):
    """The sum of the prices."""
    return sum(items)
''',
    "tests/test_cart.py": """from shop.price import total


def test_total():
    assert total([]) == 0
""",
}
CELLS = {
    "load": "from pathlib import Path\n%load_ext kwmagic",
    "first": "%docfile shop/price.py",
    "again": "%docfile shop/price.py",
    "edit": """with Path('shop/price.py').open('a') as file:
    file.write('''

def discount(price, percent):
    "Less by some percent."
    return price - price * percent / 100
''')
""",
    "edited": "%docfile shop/price.py",
    "new user": """bill = Path('shop/bill.py')
_ = bill.write_text('from shop.price import discount\\n\\n\\nx = discount(1, 2)\\n')
""",
    "used": "%docfile shop/price.py",
    "user gone": "bill.unlink()",
    "unused": "%docfile shop/price.py",
    "import": "import shop.price\nbefore = shop.price.total",
    "live": "%docfile shop.price",
    "second edit": "file = Path('shop/price.py')\n_ = file.write_text('import math\\n' + file.read_text())",
    "stale": "%docfile shop.price",
    "stale function": "%docfile before",
    "reload": "import importlib\n_ = importlib.reload(shop.price)",
    "fresh": "%docfile shop.price",
    "old function": "%docfile before",
    "broken": "_ = file.write_text('def total(:\\n')",
    "not parsed": "%docfile shop/price.py",
}


@pytest.fixture(name="shown", scope="module")
def _shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The Markdown of each cell's last output, as text without escapes and backticks."""
    folder = tmp_path_factory.mktemp("project")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    patch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    patch.delenv("JPY_SESSION_NAME", raising=False)
    patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    notebook = _V4.new_notebook(cells=[_V4.new_code_cell(cell) for cell in CELLS.values()])
    try:
        NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    finally:
        patch.undo()
    nbformat.validate(notebook)
    outputs = {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}
    assert all(Path(str(folder)).name not in str(each) for each in outputs.values()), "a path of this machine is shown"
    return {name: _text(each[-1].data["text/markdown"]) for name, each in outputs.items() if each}


def _text(markdown: str) -> str:
    return html.unescape(markdown).replace("`", "").replace("\\", "")


def _section(text: str, title: str) -> str:
    """What stands under a heading; "" without it."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_a_file_is_shown_with_its_neighbours(shown: dict[str, str]) -> None:
    first = shown["first"]
    assert "total(items)" in _section(first, "Detailed Analysis")
    assert "discount" not in first
    assert "shop/cart.py" in _section(first, "Dependencies")
    assert "shop/cart.py" in _section(first, "Cross-References")
    assert "tests/test_cart.py" in _section(first, "Testing & Coverage") + _section(first, "Related Files")


def test_twice_the_same_says_the_same(shown: dict[str, str]) -> None:
    assert shown["again"] == shown["first"]


def test_an_edit_is_seen_at_once(shown: dict[str, str]) -> None:
    assert "discount(price, percent)" in _section(shown["edited"], "Detailed Analysis")
    assert "Less by some percent." in shown["edited"]
    assert "shop/cart.py" in _section(shown["edited"], "Dependencies")


def test_new_and_deleted_neighbours_are_seen_at_once(shown: dict[str, str]) -> None:
    assert "shop/bill.py" not in shown["edited"]
    assert "shop/bill.py" in _section(shown["used"], "Dependencies")
    assert "shop/bill.py" in _section(shown["used"], "Cross-References")
    assert shown["unused"] == shown["edited"]


def test_what_is_loaded_is_told_from_what_is_written(shown: dict[str, str]) -> None:
    changed = "The file has changed since it was imported as shop.price: total began at L4, it begins at L5 now"
    assert "since it was imported" not in shown["live"]
    assert f"{changed}, 1 more begins on another line; it had" in shown["stale"]
    assert f"{changed}." in shown["stale function"]
    assert "since it was imported" not in shown["fresh"]
    assert "This function is not the one that shop.price.total names now (shop.price, L5)" in shown["old function"]


def test_a_file_that_does_not_parse_is_still_shown(shown: dict[str, str]) -> None:
    assert "total" in _section(shown["not parsed"], "Detailed Analysis")
    assert "can't parse it" in shown["not parsed"]
