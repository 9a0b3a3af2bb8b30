"""What pages say of a file's surroundings: golden ones, laws of cut lists, and hostile names."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from test_bad_input import LIVE, assert_inert
from test_markup import Shown

from kwmagic import analysis
from kwmagic.analysers.python_detail import detail
from kwmagic.evidence.surroundings import (
    CallSite,
    Cycle,
    Importer,
    Related,
    Spot,
    Surroundings,
    UsedIn,
)
from kwmagic.evidence.surroundings import (
    Tested as _Tested,
)
from kwmagic.links import Reader
from kwmagic.markup import Writer, plain
from kwmagic.mdtext import Dest
from kwmagic.model import FileRef, Import, Statement, Target
from kwmagic.options import DocOptions
from kwmagic.pages import document
from kwmagic.pages.subject import AMOUNTS, Amount, Subject, View

CASE = Path(__file__).parent / "cases" / "pages" / "around"
STATEMENTS = (
    Statement("patterns", "Protocols", "Protocol: `Takes`", 34, ""),
    Statement("security", "Changes files", "Calls `shutil.rmtree`", 81, "Cellar.close"),
    Statement("security", "Changes files", "Calls `open(…, 'w')`", 88, "load"),
    Statement("security", "Changes files", "Calls `os.remove`", 90, "load"),
    Statement("security", "Environment variables", "Reads `SHOP_LOG`", 69, "Stock.take"),
    Statement("security", "Environment variables", "Reads `SHOP_LOG`", 94, ""),
    Statement("performance", "Recursion", "`Stock.take` calls itself", 71, "Stock.take"),
)


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    """A copy, which is in no repository."""
    shutil.copytree(CASE, tmp_path / "code", ignore=shutil.ignore_patterns("*.md", "*.txt"))
    return tmp_path / "code"


def ref(root: Path, path: str) -> FileRef:
    return FileRef(path, str(root / path))


def uses(root: Path, path: str, *lines: int) -> UsedIn:
    file = ref(root, path)
    return UsedIn(file, tuple(Spot(file, line) for line in lines), len(lines))


def surroundings(root: Path) -> Surroundings:
    """What a project could tell of `shop/stock.py`; its other files are told of only here."""
    base, tests, orders = (ref(root, path) for path in ("shop/base.py", "tests/test_stock.py", "shop/orders.py"))
    own = ref(root, "shop/stock.py")
    imported = tuple(Import("shop.stock", name, None, line) for line, name in ((3, "Stock"), (4, "load")))
    return Surroundings(
        module="shop.stock",
        read=7,
        statements=STATEMENTS,
        targets={"shop.base": base, "shop.orders": orders, ".": ref(root, "shop/__init__.py")},
        importers=(
            Importer(orders, imported),
            Importer(tests, (Import("shop.stock", None, None, 9, ("local",)),)),
        ),
        bases={
            34: (("typing.Protocol", None),),
            40: (("shop.base.Named", Spot(base, 12, "Named")),),
            77: (("shop.stock.Stock", Spot(own, 40, "Stock")),),
        },
        subclasses={
            "Stock": (("shop.orders.Order", Spot(orders, 8, "Order")), ("shop.stock.Cellar", Spot(own, 77, "Cellar")))
        },
        cycles=(Cycle(("shop.stock", "shop.orders"), (Spot(own, 29), Spot(orders, 3))),),
        uses={
            "load": (uses(root, "shop/orders.py", 20),),
            "Stock": (uses(root, "shop/orders.py", 8, 14, 15), uses(root, "tests/test_stock.py", 12)),
            "Stock.take": (uses(root, "tests/test_stock.py", 13),),
        },
        tests=(
            _Tested(tests, (("Stock.take", 13, 4), ("Stock", 12, 1), ("LIMIT", 20, 0)), 12),
            _Tested(ref(root, "tests/test_shop.py"), (), 2),
        ),
        tests_read=3,
        call_sites=(CallSite(tests, 13, "Stock.take", 'assert Stock({"a": 1}).take("a") == 0'),),
        command="python -m pytest tests/test_stock.py",
        related=(
            Related(tests, (("its tests", 0), ("changed together in 7 of 9 commits", 0))),
            Related(base, (("imports `Named`", 14),)),
        ),
    )


def subject(root: Path, around: Surroundings, *, in_cell: bool, focus: str | None = None) -> Subject:
    own = FileRef("stock.py", str(root / "shop" / "stock.py"))  # as a path it is asked for by
    facts, text = analysis.analyse_with_text(own)
    if focus:
        inside = (each for each in facts.symbols if f"{each.qualname}.".startswith(f"{focus}."))
        facts = replace(facts, symbols=tuple(inside))
    reader = Reader("jupyterlab" if in_cell else "github", str(root.parent), str(root.parent))
    target = Target("shop.stock", "shop.stock", "importable module", (own,), focus=focus, project=("shop",))
    options = DocOptions(without=("metadata", "analysis", "source"))
    return Subject(
        target, facts, detail(text), text, reader, options, in_cell, None, None, (), around, {"yaml": "PyYAML"}
    )


def written(about: Subject, amount: Amount = AMOUNTS[0]) -> str:
    view = View(about, amount)
    return Writer(Dest.CELL if about.in_cell else Dest.PAGE, resolve=view.resolve).write(document.page(view))


def test_golden(root: Path, golden) -> None:
    cell, page = (subject(root, surroundings(root), in_cell=in_cell) for in_cell in (True, False))
    golden(CASE / "stock.page.md", written(page))
    golden(CASE / "stock.cell.md", written(cell))
    golden(CASE / "stock.txt", plain(document.page(View(cell, AMOUNTS[0]))))


def test_golden_of_one_definition(root: Path, golden) -> None:
    for name, focus in (("class", "Stock"), ("method", "Stock.take")):
        golden(CASE / f"{name}.cell.md", written(subject(root, surroundings(root), in_cell=True, focus=focus)))


def test_nothing_known_nothing_said(root: Path) -> None:
    (root / "shop" / "stock.py").write_text("LIMIT = 3\n", encoding="utf-8")
    for in_cell in (True, False):
        text = written(subject(root, Surroundings(), in_cell=in_cell))
        assert re.findall("(?m)^## (.*)", text) == ["File Purpose", "High-Level Overview"]


def test_examples_that_stand_alone_come_first(root: Path) -> None:
    """One further down in a docstring may need names that those before it made."""
    code = [f'def f{n}():\n    """\n    >>> whole({n})\n\n    Then:\n\n    >>> {n}\n    """\n' for n in range(3)]
    (root / "shop" / "stock.py").write_text("\n".join(code), encoding="utf-8")
    text = written(subject(root, Surroundings(), in_cell=False))
    assert re.findall("```pycon\n(.*)\n```", text) == [f">>> whole({n})" for n in range(3)]


def test_what_is_still_being_gathered_is_said(root: Path) -> None:
    about = replace(subject(root, Surroundings(), in_cell=True), pending="Evidence from `shop` is being gathered.")
    lines = [line for line in written(about).split("\n") if line]
    assert lines[3] == "Evidence from `shop` is being gathered."


# Long lists: a cell counts what it does not name, a page names all


def many(root: Path, number: int) -> Surroundings:
    files = [ref(root, f"shop/part_{index:03}.py") for index in range(number)]
    spots = [Spot(file, 7) for file in files]
    one = Import("shop.stock", "Stock", None, 7)
    return replace(
        surroundings(root),
        importers=tuple(Importer(file, (one,)) for file in files),
        subclasses={"Stock": tuple((f"shop.part_{n:03}.S", spot) for n, spot in enumerate(spots))},
        uses={
            f"name_{n}": tuple(UsedIn(file, (Spot(file, 7),), 1) for file in files[: number - n]) for n in range(number)
        },
        tests=tuple(_Tested(file, ((f"name_{number - 1}", 7, 1),), 7) for file in files),
        related=tuple(Related(file, (("its tests", 0),)) for file in files),
        statements=tuple(Statement("security", "T", f"Calls `c{n % 3}`", 7, f"f{n}") for n in range(3 * number)),
    )


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Dependencies", 15),
        ("Architecture & Design", 15),
        ("Related Files", 15),
    ],
)
def test_a_cell_counts_what_it_does_not_name(root: Path, title: str, shown: int) -> None:
    about = subject(root, many(root, 40), in_cell=True)
    for amount, most in ((AMOUNTS[0], shown), (AMOUNTS[4], 5), (AMOUNTS[-1]._replace(most=2), 2)):
        text = section(written(about, amount), title)
        assert len({*re.findall(r"part_\d+", text)}) == most
        assert f"and {40 - most} more" in text
    page = section(written(subject(root, many(root, 40), in_cell=False)), title)
    assert len({*re.findall(r"part_\d+", page)}) == 40
    assert "more" not in page


def test_many_tests_are_counted(root: Path) -> None:
    for in_cell in (True, False):
        text = section(written(subject(root, many(root, 40), in_cell=in_cell)), "Testing & Usage")
        assert len({*re.findall(r"part_\d+", text)}) == 15
        assert "… and 25 more test modules, named among the files that use its names or import it" in text


def test_uses_left_out_are_counted_with_the_command_that_shows_them(root: Path) -> None:
    text = section(written(subject(root, many(root, 40), in_cell=True)), "Cross-References")
    assert "- `name_0` is used in 40 files\n    - `shop/part_000.py`" in text
    assert "    - … and 30 more: `%kwindex shop.stock.name_0 --uses`\n" in text
    assert "name_14" in text
    assert "name_15" not in text
    assert "and 25 more; the whole: `doc = %docfile shop.stock` and `print(doc.to_markdown())`" in text


def test_scopes_left_out_are_counted(root: Path) -> None:
    text = section(written(subject(root, many(root, 40), in_cell=True)), "Security & Safety")
    assert text.count("and 25 more") == 3
    assert len(re.findall(r"`f\d+`", text)) == 45


def test_a_lone_absence_is_no_section(root: Path) -> None:
    """No test imports it: said below other content, never alone."""
    around = replace(surroundings(root), tests=(), call_sites=(), command="")
    said = "No test in this project imports it (3 test modules read)."
    assert said in Shown(written(subject(root, around, in_cell=True))).text  # there are examples
    about = subject(root, around, in_cell=True)
    facts = replace(about.facts, doc=None, symbols=tuple(each._replace(doc=None) for each in about.facts.symbols))
    assert "Testing" not in written(replace(about, facts=facts))


def test_no_command_for_a_file_that_python_cannot_parse(root: Path) -> None:
    told = f"Command form: `{surroundings(root).command}`"
    assert told in written(subject(root, surroundings(root), in_cell=False))
    (root / "shop" / "stock.py").write_text("print 1\n", encoding="utf-8")
    assert "Command form" not in written(subject(root, surroundings(root), in_cell=False))


# Names that try to be markup


@pytest.mark.parametrize("text", [*LIVE, "pi|pe", "[a](b)", "a`b``c", "new\nline", "\udcff", "*s* _u_", ""])
@pytest.mark.parametrize("in_cell", [True, False])
def test_names_stay_names(root: Path, text: str, in_cell: bool) -> None:
    file = FileRef(f"{text}/{text}.py", str(root / "x.py"))
    spot = Spot(file, 3, text)
    hostile = Surroundings(
        module=text,
        read=1,
        statements=tuple(Statement(key, text, text, 3, text) for key in ("patterns", "performance", "security")),
        targets={"shop.base": file, text: file},
        importers=(Importer(file, (Import(text, text, text, 3, ("re-export",)),)),),
        bases={40: ((text, spot), (text, None))},
        subclasses={"Stock": ((text, spot),)},
        cycles=(Cycle((text, text), (spot, spot)),),
        uses={text: (UsedIn(file, (spot,), 1),), "Stock": (UsedIn(file, (spot, Spot(file, 0)), 1),)},
        tests=(_Tested(file, ((text, 3, 2), (text, 4, 0)), 3), _Tested(file, (), 0)),
        tests_read=1,
        call_sites=(CallSite(file, 3, text, text),),
        command=text,
        related=(Related(file, ((text, 3), (f"imports `{text}`", 0))),),
    )
    about = subject(root, hostile, in_cell=in_cell)
    about = replace(about, distributions={"yaml": text}, pending=text)
    for amount in (AMOUNTS[0], AMOUNTS[-1]._replace(most=1)):
        page = assert_inert(written(about, amount))
        assert not [heading for heading in page.headings if "forged" in heading]
        assert {heading for heading in page.headings if heading} >= {"Related Files", "Cross-References"}
        assert {tag for tag, _ in page.found} <= {
            *("a", "p", "h1", "h2", "h3", "ul", "li", "code", "pre", "strong", "span", "em"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
    assert not re.search("[\x1b\u202a-\u202e\u2066-\u2069]", plain(document.page(View(about, AMOUNTS[0]))))


@pytest.mark.parametrize("text", ["|", "a|b", "\n|", "`|`"])
def test_no_name_breaks_the_table_of_dependencies(root: Path, text: str) -> None:
    about = subject(root, surroundings(root), in_cell=False)
    about = replace(about, distributions={"yaml": text})
    rows = [line for line in written(about).split("\n") if line.startswith("| ")]
    assert len(rows) == 15
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}
