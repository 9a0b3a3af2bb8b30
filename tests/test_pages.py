"""What pages and cells say: golden ones for made-up code, laws over real packages."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import IPython
import markdown_it
import nbformat
import oracle
import pytest
from test_markup import MARKDOWN, Shown

from kwmagic import documents
from kwmagic.links import Reader
from kwmagic.model import FileFacts, Symbol
from kwmagic.options import SECTIONS, IndexOptions
from kwmagic.pages.authored import SECTION_TITLES
from kwmagic.results import Limits

CASES = Path(__file__).parent / "cases" / "pages"
STDLIB = Path(ast.__file__).parent
RUNNING = re.compile(r"Python 3(\.|&#46;)\d+\1\w+")
"""The Python that says so on a page, as it is written in Markdown, or escaped in HTML."""
PACKAGES = {
    "json": STDLIB / "json",
    "asyncio": STDLIB / "asyncio",
    "email": STDLIB / "email",
    "IPython": Path(IPython.__file__).parent,
    "nbformat": Path(nbformat.__file__).parent,
    "markdown_it": Path(markdown_it.__file__).parent,
}
FILES = [
    *sorted(PACKAGES["json"].glob("*.py")),
    *sorted(PACKAGES["asyncio"].glob("*.py"))[::5],
    *sorted(PACKAGES["email"].glob("*.py"))[::6],
    *sorted(PACKAGES["nbformat"].rglob("*.py"))[::8],
    *sorted(PACKAGES["markdown_it"].rglob("*.py"))[::12],
    *[PACKAGES["IPython"] / name for name in ("display.py", "core/alias.py", "core/magic.py", "lib/pretty.py")],
    *[STDLIB / name for name in ("argparse.py", "dataclasses.py", "enum.py", "typing.py", "this.py", "antigravity.py")],
]
READER = Reader("github", str(STDLIB.parent))
KINDS = ("class", "function", "method", "property", "constant", "variable", "attribute", "type_alias")
ASSIGNED = ("constant", "variable", "attribute", "type_alias")
GROUPS = {
    "class": "Classes",
    "function": "Functions",
    "method": "Methods",
    "property": "Properties",
    "constant": "Constants",
    "variable": "Variables",
    "attribute": "Attributes",
    "type_alias": "Type aliases",
}
WORDS = {"type_alias": "type alias"}

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
each_package = pytest.mark.parametrize("package", PACKAGES)


def index_of(target: object, reader: Reader = READER, **options) -> documents.KeywordIndex:
    return documents.index(target, options=IndexOptions(**options), reader=reader)


def cell(shown, *, plain: bool = False) -> str:
    return shown._repr_mimebundle_()["text/plain" if plain else "text/markdown"]


class Entry(NamedTuple):
    """One item of a list: the code it starts with and the text around it."""

    depth: int
    before: str
    code: str
    after: str

    @property
    def lines(self) -> list[int]:
        return [int(found) for found in re.findall(r"\bL(\d+)", self.after.partition(" — ")[0])]


def read_page(page: str) -> dict[str, list[Entry]]:
    """The entries of a page's lists by the heading they stand under (without its number)."""
    found: dict[str, list[Entry]] = {}
    heading, depth, tokens = "", -1, MARKDOWN.parse(page)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[number + 1].content.partition(" (")[0]
            found.setdefault(heading, [])
        depth += {"bullet_list_open": 1, "bullet_list_close": -1}.get(token.type, 0)
        if token.type == "inline" and depth >= 0:
            found.setdefault(heading, []).append(entry_of(token, depth))
    return found


def entry_of(token, depth: int) -> Entry:
    parts, code = ["", ""], None
    for child in token.children:
        if child.type == "code_inline" and code is None:
            code = child.content
        else:
            parts[code is not None] += child.content
    return Entry(depth, parts[0], code or "", parts[1])


def name_of(code: str) -> str:
    return re.match(r"[\w.]*(?:<locals>[\w.]*)*", code)[0]


def owned(entries: list[Entry]) -> Iterator[tuple[str, int]]:
    """(qualname, line) of entries that stand under their owner, or by themselves with their whole name."""
    owner = ""
    for entry in entries:
        if not entry.lines:
            owner = entry.code
        else:
            yield f"{owner}.{name_of(entry.code)}" if entry.depth else name_of(entry.code), entry.lines[0]


# Golden pages


@pytest.mark.parametrize(
    ("case", "target"), [("module", "awkward.py"), ("package", "shapes/"), ("package", "shapes/flat/broken.py")]
)
def test_golden(tmp_path, golden, case: str, target: str) -> None:
    """Read in a copy, which is in no repository."""
    shutil.copytree(CASES / case, tmp_path / "code", ignore=shutil.ignore_patterns("*.md", "*.txt"))
    scene = documents.Scene(cwd=str(tmp_path / "code"))
    reader = Reader("jupyterlab", str(tmp_path), str(tmp_path))
    stem = target.rstrip("/").rpartition("/")[2].removesuffix(".py")
    for name, make in (("index", documents.index), ("document", documents.document)):
        shown = make(target, scene=scene, reader=reader)
        texts = {"page.md": shown.to_markdown(), "cell.md": cell(shown), "txt": cell(shown, plain=True)}
        for kind, text in texts.items():
            golden(CASES / case / f"{stem}.{name}.{kind}", RUNNING.sub("Python 3.x", text))


# The index equals what `ast` finds


@each_file
def test_index_by_kind_lists_what_ast_finds(file: Path) -> None:
    page = read_page(index_of(file).to_markdown())
    facts = oracle.read(ast.parse(file.read_bytes()))
    classes = Counter((name, line) for kind, name, line, *_ in facts.definitions if kind == "class")
    functions = Counter((name, line) for kind, name, line, *_ in facts.definitions if kind != "class")
    assigned = Counter((name, line) for name, line, _ in facts.assignments)
    assert Counter(owned(page.get("Classes", []))) == classes
    kinds = ("Functions", "Methods", "Properties")
    assert Counter(each for kind in kinds for each in owned(page.get(kind, []))) == functions
    kinds = ("Constants", "Variables", "Attributes", "Type aliases")
    assert Counter(each for kind in kinds for each in owned(page.get(kind, []))) == assigned
    of_classes = {name for name, _ in classes}
    for name, _ in owned(page.get("Methods", [])):
        assert name.rpartition(".")[0] in of_classes
    for name, _ in owned(page.get("Functions", [])):
        assert name.rpartition(".")[0].endswith("<locals>") or "." not in name


@each_file
def test_index_lists_the_imports_that_ast_finds(file: Path) -> None:
    page = read_page(index_of(file).to_markdown())
    facts = oracle.read(ast.parse(file.read_bytes()))
    expected = {module: set() for module, *_ in facts.imports}
    for module, _, _, line, *_ in facts.imports:
        expected[module].add(line)
    found = {entry.code: {*entry.lines} for entry in page.get("Imports", []) if entry.code}
    assert {*found} == {*expected}
    for module, lines in found.items():
        assert lines == set(sorted(expected[module])[:20])


@each_package
def test_index_by_file_lists_what_ast_finds(package: str) -> None:
    index = index_of(f"{PACKAGES[package]}/**/*.py")
    entries = next(iter(read_page(index.to_markdown()).values()))
    found: Counter[tuple[str, str, int]] = Counter()
    path = ""
    for entry in entries:
        if entry.depth == 0:
            path = entry.code
        elif not entry.before.startswith("imports"):
            found[path, name_of(entry.code).rpartition(".")[2], entry.lines[0]] += 1
    expected: Counter[tuple[str, str, int]] = Counter()
    for facts in index.files:
        tree = oracle.read(ast.parse((PACKAGES[package] / facts.path).read_bytes()))
        rows = [(name, line) for _, name, line, *_ in tree.definitions] + [(n, line) for n, line, _ in tree.assignments]
        expected.update((facts.path, name.rpartition(".")[2], line) for name, line in rows)
    assert sum(expected.values()) > 50
    assert found == expected


@each_file
def test_numbers_in_headings_are_true(file: Path) -> None:
    markdown = index_of(file).to_markdown()
    page = read_page(markdown)
    for kind, heading in GROUPS.items():
        number = re.search(rf"^## {heading} \(([\d,]+)\)$", markdown, re.MULTILINE)
        entries = [entry for entry in page.get(heading, []) if entry.lines]
        assert (int(number[1].replace(",", "")) if number else 0) == len(entries), kind


# Laws of every page


def shown_things() -> Iterator[tuple[str, object]]:
    for file in FILES:
        yield f"{file.parent.name}/{file.name}", file
    for name in ("json", "asyncio", "markdown_it"):
        yield name, f"{PACKAGES[name]}/"
    yield "focus", "json.decoder.JSONDecoder.decode"
    yield "class", "argparse.ArgumentParser"
    yield "live", "math"


THINGS = dict(shown_things())
each_thing = pytest.mark.parametrize("thing", THINGS)


@each_thing
def test_links_in_a_page_lead_to_one_place_each(thing: str) -> None:
    for make in (documents.index, documents.document):
        shown = make(THINGS[thing], reader=READER)
        for markdown in (shown.to_markdown(), cell(shown)):
            page = Shown(markdown)
            identifiers = [value for _, name, value in page.attributes if name == "id"]
            assert len({*identifiers}) == len(identifiers)
            assert all(re.fullmatch(r"kw-[0-9a-f]{6}-[a-z0-9._-]*", each or "") for each in identifiers)
            hrefs = {value for _, name, value in page.attributes if name == "href" and (value or "").startswith("#")}
            assert {href[1:] for href in hrefs if href} <= {*identifiers}
            assert shown.anchor in identifiers


@each_thing
def test_sections_stand_in_order_and_hold_something(thing: str) -> None:
    document = documents.document(THINGS[thing], reader=READER)
    own = {"Metadata": "metadata", "Purpose": "purpose", "Contents": "overview"}
    keys = {title: key for key, title in SECTION_TITLES.items()} | own
    for markdown in (document.to_markdown(), cell(document)):
        tokens = MARKDOWN.parse(markdown)
        heads = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
        titles = [tokens[number + 1].content for number in heads]
        order = [SECTIONS.index(keys[title]) for title in titles if not title.startswith("Problems (")]
        assert order == sorted({*order})
        assert len(order) >= 2
        for number, following in zip(heads, [*heads[1:], len(tokens)], strict=True):
            content = [t for t in tokens[number + 3 : following] if t.type in ("inline", "fence", "html_block")]
            assert any(token.content.strip() for token in content), tokens[number + 1].content


@each_thing
def test_headings_never_jump(thing: str) -> None:
    for make in (documents.index, documents.document):
        shown = make(THINGS[thing], reader=READER)
        levels = [int(token.tag[1]) for token in MARKDOWN.parse(shown.to_markdown()) if token.type == "heading_open"]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        levels = [token.tag for token in MARKDOWN.parse(cell(shown)) if token.type == "heading_open"]
        assert {*levels} <= ({"h2"} if make is documents.document else set())


@each_thing
def test_bundle(thing: str) -> None:
    for make in (documents.index, documents.document):
        bundle = make(THINGS[thing], reader=READER)._repr_mimebundle_()
        assert list(bundle) == ["text/markdown", "text/plain"]
        text = bundle["text/plain"].partition("\nOriginal Source\n")[0]
        assert text.strip()
        assert not re.search(r'<a |</a>|<a id="kw-|<span>|<details markdown|</details>', text)
        assert not re.search(r"&#(?:3[2-9]|4[0-7]|5[89]|6[0-4]|9[1-6]|12[3-6]);", text)
        assert "**Keyword index" not in text
        assert not re.search(r"(?m)^## ", text)


@each_package
def test_json_equals_the_facts(package: str) -> None:
    index = index_of(f"{PACKAGES[package]}/")
    found = json.loads(json.dumps(index.to_dict()))
    assert found["kwmagic"] == 1
    assert [file["path"] for file in found["files"]] == sorted(facts.path for facts in index.files)
    by_path = {facts.path: facts for facts in index.files}
    for file in found["files"]:
        facts: FileFacts = by_path[file["path"]]
        assert (file["language"], file["engine"]) == (facts.language, facts.engine)
        for name in ("symbols", "imports", "problems"):
            plain = [
                {key: value for key, value in row._asdict().items() if key != "cell"} for row in getattr(facts, name)
            ]
            assert file[name] == json.loads(json.dumps(plain)), (file["path"], name)


# The same everywhere

DIGEST = """
import hashlib, sys
sys.path[:0] = {path!r}
from kwmagic import documents
from kwmagic.links import Reader
reader = Reader("jupyterlab", {folder!r})
for target in {targets!r}:
    for make in (documents.index, documents.document):
        shown = make(target, reader=reader, scene=documents.Scene(cwd={folder!r}))
        bundle = shown._repr_mimebundle_()
        for text in (shown.to_markdown(), bundle["text/markdown"], bundle["text/plain"], repr(shown.to_dict())):
            print(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
"""


@pytest.mark.slow
def test_same_bytes_in_every_process(tmp_path) -> None:
    targets = [*map(str, FILES[:8]), f"{PACKAGES['asyncio']}/", "json", "json.decoder.JSONDecoder", "math"]
    script = DIGEST.format(path=sys.path, folder=str(STDLIB.parent), targets=targets)
    answers = []
    for seed, folder in (("1", tmp_path), ("2", "/"), ("1234", STDLIB)):
        environment = {"PYTHONHASHSEED": seed, "PATH": "", "COLUMNS": seed, "TZ": f"UTC+{int(seed) % 9}"}
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        answers.append(done.stdout.split())
    assert len(answers[0]) == 8 * len(targets)
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("thing", ["json/decoder.py", "asyncio", "live"])
def test_same_bytes_twice(thing: str) -> None:
    for make in (documents.index, documents.document):
        one, two = (make(THINGS[thing], reader=READER) for _ in range(2))
        assert (one.to_markdown(), cell(one), cell(one, plain=True)) == (
            *(two.to_markdown(), cell(two), cell(two, plain=True)),
        )
        assert cell(one) == cell(one)


# Cells stay small and say what they hold back


def held_back(text: str) -> Counter[str]:
    """What a cell says that it does not show, by kind."""
    plurals = {heading.lower(): kind for kind, heading in GROUPS.items()} | {"imports": "import"}
    singulars = {WORDS.get(kind, kind): kind for kind in KINDS} | {"import": "import"}
    numbers: Counter[str] = Counter()
    if said := re.search(r"Held back to keep this cell small: ([^.]*)\.", text):
        for number, noun in re.findall(r"([\d,]+) ([a-z ]+?)(?:,|$)", said[1]):
            numbers[(plurals | singulars)[noun]] += int(number.replace(",", ""))
    return numbers


def listed_by_file(text: str) -> Counter[str]:
    """The definitions that the plain text of an index by file shows, by kind; assigned names together."""
    numbers: Counter[str] = Counter()
    for line in text.splitlines():
        if re.match(r" {4,}\S", line) and not re.match(r" {4}imports |.*… and ", line):
            kind = re.match(r" +(class|function|method|property) (?=\w)", line)
            numbers[kind[1] if kind else "assigned"] += 1
    return numbers


def totals(index: documents.KeywordIndex) -> Counter[str]:
    return Counter(symbol.kind for facts in index.files for symbol in facts.symbols if symbol.kind != "module")


def lumped(numbers: Counter[str]) -> Counter[str]:
    """Constants, variables, attributes and aliases as one kind: entries do not say which of these they are."""
    lumps = Counter({kind: number for kind, number in numbers.items() if kind not in (*ASSIGNED, "import")})
    lumps["assigned"] = sum(numbers[kind] for kind in ASSIGNED)
    return +lumps


LIMITS = [
    Limits(),
    Limits(50_000, 700),
    Limits(500_000, 300),
    Limits(20_000, 5_000),
    Limits(4_000, 40),
]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("package", ["asyncio", "IPython"])
def test_index_of_a_package_stays_small_and_says_what_is_missing(package: str, limits: Limits) -> None:
    index = documents.index(f"{PACKAGES[package]}/**/*.py", reader=READER, limits=limits)
    assert len(cell(index).encode()) <= limits.bytes
    text = cell(index, plain=True)
    shown = listed_by_file(text)
    assert sum(shown.values()) <= limits.entries
    if "… and " not in text:
        assert shown + lumped(held_back(text)) == lumped(totals(index))
    if shown != lumped(totals(index)):
        assert "Held back" in text or "… and " in text


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("kind", ["class", "function", "variable"])
def test_index_of_a_big_file_stays_small_and_says_what_is_missing(tmp_path, kind: str, limits: Limits) -> None:
    line = {"class": "class N{}: ...", "function": "def n{}(): ...", "variable": "n{} = {}"}[kind]
    (tmp_path / "big.py").write_text("\n".join(line.format(n, n) for n in range(4_500)), encoding="utf-8")
    index = documents.index(tmp_path / "big.py", limits=limits)
    text = cell(index, plain=True)
    shown = len(re.findall(r"(?m)^  (?!…)", text.partition("Imports")[0]))
    assert len(cell(index).encode()) <= limits.bytes
    assert shown <= limits.entries
    more = re.search(r"… and ([\d,]+) more", text)
    missing = int(more[1].replace(",", "")) if more else held_back(text)[kind]
    assert shown + missing == 4_500
    assert f"4,500 {GROUPS[kind].lower()}" in text


@pytest.mark.parametrize("limits", [Limits(), Limits(40_000, 5_000), Limits(500_000, 300)], ids=str)
@pytest.mark.parametrize(
    "line", ["def n{}():\n    'Doc.'", "n{} = {}", "class N{0}:\n    def m(self): ..."], ids=["def", "name", "class"]
)
def test_document_of_a_big_file_stays_small_and_says_what_is_missing(tmp_path, line: str, limits: Limits) -> None:
    (tmp_path / "big.py").write_text("\n".join(line.format(n, n) for n in range(1_500)), encoding="utf-8")
    document = documents.document(tmp_path / "big.py", limits=limits)
    assert len(cell(document).encode()) <= limits.bytes
    text = cell(document, plain=True)
    total = len(document.files[0].symbols) - 1
    anchors = cell(document).count('<a id="') - 1
    assert anchors <= limits.entries
    said = re.search(r"([\d,]+) (?:definitions|classes|functions|variables|methods)[^.]* not (?:listed|shown)", text)
    assert anchors + (int(said[1].replace(",", "")) if said else 0) == total


@pytest.mark.parametrize("limits", [Limits(), Limits(50_000, 700), Limits(20_000, 5_000)], ids=str)
@pytest.mark.parametrize("package", ["asyncio", "IPython"])
def test_document_of_a_package_stays_small(package: str, limits: Limits) -> None:
    document = documents.document(f"{PACKAGES[package]}/", reader=READER, limits=limits)
    assert len(cell(document).encode()) <= limits.bytes


def test_left_out_summaries_are_said(tmp_path) -> None:
    """What is left out first is the first sentence of each docstring; that too is said."""
    lines = [f'def n{n}():\n    """{"Words " * 20}."""' for n in range(1_000)]
    (tmp_path / "big.py").write_text("\n".join(lines), encoding="utf-8")
    index = documents.index(tmp_path / "big.py", limits=Limits(80_000, 2_000))
    text = cell(index, plain=True)
    assert "Words" not in text.replace("Words ", "", 0) or "n999" in text
    if "— Words" not in text:
        assert "to keep this cell small" in text


# Filters, by a recomputation from the facts

FILTERS = [
    {"kinds": ("class",)},
    {"kinds": ("method", "property")},
    {"kinds": ("import",)},
    {"kinds": ("constant", "type_alias")},
    {"match": "*error*"},
    {"match": "get_*"},
    {"match": "_*", "private": False},
    {"match": r"/^[A-Z]\w+\.__init__$/"},
    {"match": "/[a-z]{1,3}_/"},
    {"private": False},
    {"local": False},
    {"kinds": ("function",), "private": False, "local": False, "match": "*o*"},
    {"depth": 1},
    {"depth": 2, "kinds": ("class",)},
]


def wanted(name: str, qualname: str, flags: tuple[str, ...], options: dict) -> bool:
    def is_private(part: str) -> bool:
        return part[:1] == "_" and not (part[:2] == "__" and part[-2:] == "__")

    pattern = options.get("match")
    if pattern and pattern[0] == pattern[-1] == "/":
        matches = re.search(pattern[1:-1], qualname) is not None
    else:
        matches = not pattern or any(fnmatchcase(each.lower(), pattern.lower()) for each in (name, qualname))
    private = any(map(is_private, qualname.split(".")))
    return (
        matches
        and (options.get("local", True) or "local" not in flags)
        and (options.get("private", True) or not private)
    )


@pytest.mark.parametrize("options", FILTERS, ids=str)
@pytest.mark.parametrize("package", ["asyncio", "nbformat"])
def test_filters(package: str, options: dict) -> None:
    index = index_of(f"{PACKAGES[package]}/", **options)
    kinds = options.get("kinds")
    expected: list[tuple[str, Symbol]] = []
    for facts in index.files:
        if facts.path.count("/") < options.get("depth", 99):
            expected += [
                (facts.path, symbol)
                for symbol in facts.symbols
                if (not kinds or symbol.kind in kinds) and wanted(symbol.name, symbol.qualname, symbol.flags, options)
            ]
    assert [(each.path, each.symbol) for each in index] == expected
    assert len(index) == len(expected)
    assert bool(index.imports) == (not kinds or "import" in kinds) or options.get("match") or not expected
    page = read_page(index.to_markdown())
    shown = [
        entry
        for entries in page.values()
        for entry in entries
        if entry.depth and not entry.before.startswith("imports")
    ]
    assert len(shown) == sum(symbol.kind != "module" for _, symbol in expected)


def test_filters_of_imports() -> None:
    index = index_of(f"{PACKAGES['asyncio']}/", match="*exc*", kinds=("import",))
    found = {(path, each.line, each.name) for path, each in index.imports}
    expected = {
        (facts.path, each.line, each.name)
        for facts in index.files
        for each in facts.imports
        if any("exc" in name.lower() for name in (each.alias or each.name or each.module, f"{each.module}.{each.name}"))
    }
    assert expected <= found
    assert found


@pytest.mark.parametrize("sort", ["name", "line"])
def test_order(sort: str) -> None:
    page = read_page(index_of(STDLIB / "argparse.py", sort=sort).to_markdown())
    for heading in ("Classes", "Functions", "Constants", "Variables"):
        rows = [(name_of(entry.code), entry.lines[0]) for entry in page[heading]]
        by_name = sorted(rows, key=lambda row: (row[0].rpartition(".")[2].lstrip("_").lower(), row[1]))
        assert rows == (by_name if sort == "name" else sorted(rows, key=lambda row: row[1]))


def test_group() -> None:
    by_kind = index_of(f"{PACKAGES['json']}/", group="kind").to_markdown()
    assert re.findall(r"(?m)^## ([A-Z][a-z ]+) \(", by_kind)[:3] == ["Modules", "Classes", "Functions"]
    by_file = index_of(STDLIB / "json" / "decoder.py", group="file").to_markdown()
    assert "## " not in by_file
    assert "decoder.py" in by_file
    names = re.findall(r"`(\w+)\(", index_of(f"{PACKAGES['json']}/", group="kind", kinds=("class",)).to_markdown())
    assert names == ["JSONDecodeError", "JSONDecoder", "JSONEncoder"]


def test_what_is_wrong_with_many_files_alike_is_said_once(tmp_path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.py").write_bytes(b"x\0y")
    (tmp_path / "z.py").write_text("def f(:\n")
    text = cell(documents.index(f"{tmp_path}/"), plain=True)
    assert text.count("binary content") == 1
    assert "20 files: 0.py, 1.py, 10.py, 11.py, 12.py and 15 more — binary content" in text
    assert re.search(r"z\.py:1 — ", text)
