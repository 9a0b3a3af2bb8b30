"""Finding definitions by words, in an order that helps, and the uses of one in its project."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import kwmagic
from kwmagic import analysis, cli, searching
from kwmagic.documents import Scene
from kwmagic.errors import OptionError, TargetError
from kwmagic.exploring import search, uses
from kwmagic.links import Reader
from kwmagic.model import FileFacts, FileRef, Kind, Symbol
from kwmagic.results import Limits
from kwmagic.store import fulltext

SOURCES = {
    "app/codec.py": '''
"""Reading and writing."""
def readJson(path): ...
def read_json_lines(path): ...
class JSONReader:
    """Takes tokens from a stream."""
    def read(self, depth: int = 1): ...
    def _read_all(self): ...
class _IPv6HTTPServer: ...
def load(json, read=None): ...
''',
    "app/other.py": '''
def parse(text):
    """Like read, but of json in memory."""
LIMIT = 3
class Größe:
    def straßenName(self): ...
''',
    "tests/test_codec.py": """
def test_read_json(): ...
def readJson(path): ...
def _readJson(path): ...
""",
}


def facts_of(sources: dict[str, str]) -> list[FileFacts]:
    return [
        analysis.analyse(FileRef(path, data=text.encode("utf-8", "surrogatepass"))) for path, text in sources.items()
    ]


FACTS = facts_of(SOURCES)
FILES = {number: facts.path for number, facts in enumerate(FACTS, 1)}


def found(words: str, facts: list[FileFacts] = FACTS, counts=None, most: int = 50) -> list[searching.Hit]:
    files = {number: each.path for number, each in enumerate(facts, 1)}
    with fulltext.in_memory(facts) as connection:
        hits = searching.find(connection, words.split(), files, most)
    assert hits.total >= len(hits.candidates)
    return searching.ordered(hits.candidates, words.split(), counts or {})


def names(words: str, **how) -> list[str]:
    return [hit.qualname for hit in found(words, **how)]


# --- what is found --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("read json", ["readJson", "readJson", "_readJson", "read_json_lines", "test_read_json", "JSONReader"]),
        ("readjson", ["readJson"]),
        ("READ_JSON", ["readJson"]),
        ("json read", ["JSONReader.read", "JSONReader", "readJson"]),
        ("JSONReader.read", ["JSONReader.read"]),
        ("codec.JSONReader", ["JSONReader"]),
        ("http server", ["_IPv6HTTPServer"]),
        ("depth", ["JSONReader.read"]),
        ("tokens stream", ["JSONReader"]),
        ("grösse", ["Größe"]),
        ("GRÖSSE", ["Größe"]),
        ("strassen name", ["Größe.straßenName"]),
        ("ｌｉｍｉｔ", ["LIMIT"]),  # letters of full width
        ("codec limit", []),
    ],
)
def test_words_lead_to_names(words, first):
    assert names(words)[: len(first) or 1] == first


def test_each_word_must_match():
    assert "LIMIT" in names("limit")
    assert names("limit json") == []
    assert "parse" in names("memory json")


def test_order_of_reasons():
    reasons = [searching.REASONS[hit.rank] for hit in found("read")]
    assert reasons == sorted(reasons, key=searching.REASONS.index)
    assert reasons[0] == "name"
    assert {"beginning of the name", "signature", "docstring or value"} <= {*reasons}


def test_uses_decide_between_equals():
    keys = [(hit.path, hit.qualname) for hit in found("readJson") if hit.rank == 0]
    assert [qualname for _, qualname in keys] == ["readJson", "readJson", "_readJson"]
    assert keys[0][0] == "app/codec.py", "tests last"
    counts = {("tests/test_codec.py", "_readJson"): (2, 9), ("tests/test_codec.py", "readJson"): (1, 50)}
    again = found("readjson", counts=counts)
    assert [(hit.qualname, hit.files, hit.uses) for hit in again[:3]] == [
        ("_readJson", 2, 9),
        ("readJson", 1, 50),
        ("readJson", 0, 0),
    ]


def test_capitals_are_meant_where_there_are_some():
    facts = facts_of({"a.py": "def module(): ...\nclass Module: ...\n"})
    counts = {("a.py", "module"): (9, 9)}
    assert names("Module", facts=facts, counts=counts)[0] == "Module"
    assert names("module", facts=facts, counts=counts)[0] == "module"


def test_a_single_letter_is_a_whole_word():
    facts = facts_of({"a.py": "def s(): ...\ndef string(): ...\n"})
    assert names("s", facts=facts) == ["s"]


WORDS = st.text(st.sampled_from("aA1_\"*:^-(){}.'\x00 ßéıİﬁ中\ud800+NEAROT"), max_size=8)


@given(WORDS, WORDS)
@settings(max_examples=300, deadline=None)
@example('"read', 'json"')
@example("NEAR(read", "json)")
@example("name:read*", "-json")
@example("{parts", "OR")
def test_query_syntax_means_nothing(one, two):
    """What matches is what a plain look at the words says, whatever stands between them."""
    sought = searching.tokens([one, two])
    assert all(word.isalnum() for word in sought)
    with fulltext.in_memory(FACTS) as connection:
        hits = searching.find(connection, [one, two], FILES, 1_000)
        searching.unknown(connection, [one, two], FILES)
    assert {hit[:2] for hit in hits.candidates} == {key for key in plainly(sought) if sought}


def plainly(sought: list[str]) -> set[tuple[str, str]]:
    """The same by comparing words one by one."""
    matching = set()
    for facts in FACTS:
        place = [fold(word) for word in re.findall(r"[^\W_]+", facts.path.removesuffix(".py"))]
        for symbol, row in zip(facts.symbols, fulltext.rows(facts), strict=True):
            own = " ".join(row[1:-1]).split()
            together = begins("".join(sought), [row.name])
            each = all(begins(word, [*own, *place]) for word in sought) and any(begins(word, own) for word in sought)
            if each or together:
                matching.add((facts.path, symbol.qualname))
    return matching


def begins(word: str, words: list[str]) -> bool:
    return word in words or ((len(word) > 1 or not word.isascii()) and any(each.startswith(word) for each in words))


def fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word.casefold())


def test_names_of_any_content():
    symbols = tuple(
        Symbol(Kind.KEY, name, name, 1, 1, signature="\ud800", doc="x\x00y")
        for name in ("", "\udcff", "___", '"', "a\x00b", "x" * 100_000, "中文", "n" + "A" * 3_000)
    )
    facts = [FileFacts(FileRef("\udcff/a.json"), "JSON", "json", symbols=symbols)]
    assert len(found("x y", facts=facts)) == len(symbols)
    assert [hit.number for hit in found("中文", facts=facts)] == [6]


def test_rows_of_a_file_can_be_removed():
    with fulltext.in_memory(FACTS) as connection:
        fulltext.delete(connection, [1, 99])
        left = searching.find(connection, ["read"], FILES, 50)
        assert {hit.path for hit in left.candidates} == {"app/other.py", "tests/test_codec.py"}
        fulltext.insert(connection, 1, fulltext.rows(FACTS[0]))
        assert searching.find(connection, ["read"], FILES, 50).total > left.total


def test_only_in_the_files_given():
    with fulltext.in_memory(FACTS) as connection:
        hits = searching.find(connection, ["readjson"], {3: FILES[3]}, 50)
        assert {hit.path for hit in hits.candidates} == {"tests/test_codec.py"}
        assert searching.unknown(connection, ["limti"], {3: FILES[3]}) == {"limti": []}


def test_did_you_mean():
    with fulltext.in_memory(FACTS) as connection:
        assert searching.unknown(connection, ["raedjson", "limti", "limit"], FILES) == {
            "raedjson": ["readJson"],
            "limti": ["LIMIT"],
        }
        assert searching.unknown(connection, ["ilmit"], FILES) == {"ilmit": ["LIMIT"]}, "letters swapped"


# --- in a project ---------------------------------------------------------------------------------------------------

PROJECT = {
    "pyproject.toml": "[project]\nname = 'box'\n",
    "box/__init__.py": "from box.core import Shape as Form, load\n__all__ = ['Form', 'load']\n",
    "box/core.py": (
        "class Shape:\n    def draw(self) -> 'Shape':\n        '''Draws it.'''\n"
        "def load(path):\n    return Shape()\n"
        "def unused(path): ...\n"
    ),
    "box/old.py": "def load(path):\n    '''The old way.'''\n",
    "app.py": (
        "import box\nfrom box import Form\n\n@box.load\nclass Mine(Form):\n"
        "    def show(self, other: Form):\n        box.Form()\n        return [Form, box.load]\n"
    ),
    "tests/test_core.py": "def test_it():\n    from box.core import Shape\n    Shape.draw(Shape())\n",
    "notes.md": "# Loading a shape\n",
}


@pytest.fixture(name="project")
def _project(tmp_path, monkeypatch):
    """A project in a folder of its own, which is the working folder."""
    for path, text in PROJECT.items():
        file = tmp_path / "work" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.syspath_prepend(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture(name="scene")
def _scene(tmp_path, project):
    return Scene(cache=str(tmp_path / "cache"), cwd=str(project))


def plain(result) -> str:
    return result._repr_mimebundle_()["text/plain"]


def test_search_around_the_working_folder(scene):
    result = search("load", scene=scene)
    assert [(match.path, match.symbol.qualname) for match in result][:2] == [
        ("box/core.py", "load"),
        ("box/old.py", "load"),
    ], "the one that is used comes first"
    assert (result.search.matches[0].files, result.search.matches[0].uses) == (1, 2)
    assert ("notes.md", "signature") not in [(match.path, match.reason) for match in result]
    assert "Loading a shape" in [match.symbol.name for match in result]
    assert "function load(path) · box/core.py:4 · 2 uses in 1 file" in plain(result)


def test_search_in_a_target(scene, project):
    assert {match.path for match in search("load", "box.old", scene=scene)} == {"box/old.py"}
    assert {match.path for match in search("load", "./box", scene=scene)} == {
        "box/__init__.py",
        "box/core.py",
        "box/old.py",
    }
    whole = search("draw", "box.core.Shape", scene=scene)
    assert "Searched is the whole file that Shape is in." in plain(whole)
    (project / "box" / "old.py").write_text("def changed_load(path): ...\n")
    assert [match.symbol.name for match in search("load", "box/old.py", scene=scene)] == ["changed_load"]


def test_search_in_what_is_no_project(scene):
    cells = ["", "def read_cell(): ...\n"]
    result = search("cell", ".", scene=Scene(cells=cells, dot="cells", cwd=scene.cwd, cache=scene.cache))
    assert [(match.path, match.symbol.name) for match in result] == [("In[1]", "read_cell")]


def test_nothing_found(scene):
    result = search("laod", scene=scene)
    assert not list(result)
    assert "Nothing matches" in plain(result)
    assert "Nothing has laod; did you mean load" in plain(result)
    apart = plain(search("unused draw", scene=scene))
    assert "Each word is somewhere, but no definition has them all." in apart


def test_words_without_letters(scene):
    with pytest.raises(OptionError, match="letters or digits"):
        search(["***", '"'], scene=scene)
    assert "`->` has" in search(["-> load"], scene=scene).to_markdown()


def test_what_is_not_listed_is_counted(scene, project):
    (project / "many.py").write_text("".join(f"def thing_{number}(): ...\n" for number in range(70)))
    result = search("thing", scene=scene)
    assert (len(result), result.total) == (50, 70)
    assert "70 definitions match" in plain(result)
    assert "… and 20 more" in plain(result)
    small = search("thing", scene=scene, limits=Limits(1_500, 2_000))
    assert len(small._repr_mimebundle_()["text/markdown"]) <= 1_500
    shown = plain(small).count("thing_")
    assert 0 < shown < 50
    assert f"… and {70 - shown} more" in plain(small)


def test_forms_of_a_result(scene):
    result = kwmagic.search("shape", scene=scene)
    data = json.loads("".join(result.json_text()))
    assert data == result.to_dict()
    assert data["found"][0]["symbol"]["qualname"] == "Shape"
    assert (data["kwmagic"], data["words"], data["total"]) == (1, "shape", result.total)
    assert result.to_markdown().endswith("-->\n")
    assert "SearchResult of 'shape'" in repr(result)
    assert "<box/core.py:1 class Shape by name>" in map(repr, result)


def test_results_are_inert(scene, project):
    source = "def alert(a='<script>`|[a](b)$y$'):\n    \"<script>alert(2)</script> [a](b)\"\n"
    (project / "odd.py").write_text(source)
    for reader in (Reader(), Reader("vscode", str(project))):
        result = search("alert <script>*", scene=scene, reader=reader)
        for text in (result.to_markdown(), result._repr_mimebundle_()["text/markdown"]):
            assert "alert" in text
            outside = re.sub(r"(`+)[^`].*?\1|<code>.*?</code>", "", text)
            assert "<script" not in outside
            assert "[a](b)" not in outside


def test_links_lead_to_the_line(scene, project):
    cell = search("unused", scene=scene, reader=Reader("vscode", str(project)))._repr_mimebundle_()["text/markdown"]
    assert 'href="box/core.py#L6"' in cell


# --- uses -----------------------------------------------------------------------------------------------------------


def test_uses_through_other_names(scene):
    result = uses("box.core.Shape", scene=scene)
    by_file = {each.file.path: [(one.line, one.scope, one.how) for one in each.places] for each in result}
    assert by_file["box/core.py"] == [(2, "Shape", "annotation"), (5, "load", "call")]
    assert sorted(by_file["app.py"]) == [
        (5, "", "base"),
        (6, "Mine", "annotation"),
        (7, "Mine.show", "call"),
        (8, "Mine.show", "reference"),
    ]
    assert next(iter(by_file)) == "box/core.py", "its own file first"
    imports = {each.file.path: [one.line for one in each.imports] for each in result if each.imports}
    assert imports == {"box/__init__.py": [1], "app.py": [2], "tests/test_core.py": [2]}


def test_page_of_uses(scene):
    result = uses("box.core.Shape", scene=scene)
    text = plain(result)
    assert "class Shape · box/core.py:1" in text
    assert "box/core.py · 2 uses, its own file" in text
    assert "Mine.show: called L7, named L8" in text
    assert "box/__init__.py · only imported" in text
    assert "imported by name in 3 files" in text
    assert result.to_dict()["symbol"]["qualname"] == "Shape"
    assert json.loads("".join(result.json_text())) == result.to_dict()
    assert "8 uses in 3 files: 3 called, 1 as a base class, 2 in annotations, 2 named" in text
    assert repr(result) == "<UsesResult of box.core.Shape: 8 uses>"


def test_uses_of_a_member_and_of_nothing(scene):
    assert [(each.file.path, len(each.places)) for each in uses("box.core.Shape.draw", scene=scene) if each.places] == [
        ("tests/test_core.py", 1)
    ]
    assert "No use is known" in plain(uses("box.core.unused", scene=scene))


def test_uses_beyond_the_limit_are_counted(scene):
    result = uses("box.core.Shape", scene=scene, limits=Limits(200_000, 2))
    assert "more uses in" in plain(result)
    assert "tests/test_core.py" not in plain(result)


@pytest.mark.parametrize("target", ["box.core", "notes.md", "math.sqrt"])
def test_what_has_no_uses(scene, target):
    with pytest.raises(TargetError, match="uses are"):
        uses(target, scene=scene)


# --- command line ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("project")
def test_command_line(capsys):
    assert cli.run(["search", "unused path", "box"]) == 0
    assert "unused(path)" in capsys.readouterr().out
    assert cli.run(["search", "load"]) == 0
    assert "`load(path)`" in capsys.readouterr().out
    assert cli.run(["search", "load", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["words"] == "load"
    assert cli.run(["index", "box.core.Shape", "--uses"]) == 0
    assert "Mine.show" in capsys.readouterr().out
    assert cli.run(["index", "box", "-s", "unused", "-s", "path", "--strict"]) == 0
    assert "unused(path)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["search"], "WORDS"),
        (["search", "***"], "letters or digits"),
        (["index", "box", "-s", "x", "-k", "class"], "--search can't be combined with --kind"),
        (["index", "box", "-s", "x", "--uses"], "--search can't be combined with --uses"),
        (["index", "--uses"], "a target is needed"),
        (["index", "box.core", "--uses"], "name one in box.core"),
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_use(argv, message, capsys):
    assert cli.run(argv) == 2
    assert message in capsys.readouterr().err
