"""Files nobody should have written: nothing raises, nothing is lost silently, nothing comes alive in the output."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from test_markup import MARKDOWN, Shown

from kwmagic import documents
from kwmagic.errors import TargetError

ASKED_FOR = {
    *["a", "code", "pre", "p", "ul", "ol", "li", "strong", "em", "h1", "h2", "h3", "h4", "span", "details", "summary"],
    *["table", "thead", "tbody", "tr", "th", "td", "blockquote", "br", "dl", "dt", "dd", "math", "hr"],
}
ATTRIBUTES = {"href", "id", "class", "markdown", "align", "style", "start"}
GOOD = "def fine(): ...\n"

BROKEN = {
    "syntax_error.py": b"def before(): ...\nx = = 1\ndef after(:\n",
    "nul.py": b"def before(): ...\n\x00\x00\ndef after(): ...\n",
    "not_utf8.py": b"# caf\xe9\ndef before(): ...\n",
    "unknown_cookie.py": b"# -*- coding: klingon -*-\ndef before(): ...\n",
    "utf16.py": "def before(): ...\n".encode("utf-16"),
    "binary.py": bytes(range(256)) * 20,
}
"""File name -> content; every one of these has a problem."""
ODD = {
    "latin1.py": "# coding: latin-1\n'''Caf\xe9.'''\ndef before(): ...\n".encode("latin-1"),
    "bom.py": b"\xef\xbb\xbfdef before(): ...\n",
    "cr.py": b"import a\rdef before(): ...\r",
    "empty.py": b"",
    "blank.py": b"\n\n\n",
    "no_newline.py": b"def before(): ...",
}
"""Files that are merely unusual: read without a problem."""
BIG = {
    "long_line": "def before(): ...\nx = [" + "1, " * 350_000 + "]\n" + GOOD,
    "long_string": "def before(): ...\nx = '" + "a" * 1_000_000 + "'\n" + GOOD,
    "long_comment": "def before(): ...\n#" + " #" * 500_000 + "\n" + GOOD,
    "long_docstring": 'def before():\n    """' + "*a* `b` <c>\n    - d\n    " * 4_000 + '"""\n' + GOOD,
    "unclosed_brackets": "def before(): ...\n" + "(" * 200_000 + "\n" + GOOD,
    "unclosed_in_lines": "def before(): ...\n" + "x = (\n" * 5_000 + GOOD,
    "braces": "def before(): ...\nf'" + "{" * 100_000 + "'\n" + GOOD,
    "quotes": "def before(): ...\n" + "'\"" * 200_000 + "\n" + GOOD,
    "backslashes": "def before(): ...\nx = 1" + "\\\n" * 100_000 + "\n" + GOOD,
    "long_name": "def before(): ...\ndef " + "n" * 1_000_000 + "(): ...\n" + GOOD,
    "deep_expression": "def before(): ...\nx = " + "-(" * 100_000 + "1" + ")" * 100_000 + "\n" + GOOD,
    "long_chain": "def before(): ...\nx = a" + ".b()" * 100_000 + "\n" + GOOD,
    "long_sum": "def before(): ...\nx = " + "1 + " * 100_000 + "1\n" + GOOD,
    "targets": "def before(): ...\n" + "a = " * 5_000 + "1\n" + GOOD,
    "elifs": "def before(): ...\nif a: pass\n" + "elif b: pass\n" * 20_000 + GOOD,
    "decorators": "def before(): ...\n" + "@d\n" * 20_000 + GOOD,
    "one_line": "def before(): ...\n" + "x = 1; " * 10_000 + "\n" + GOOD,
    "nested_defs": "def before(): ...\n"
    + "".join(f"{' ' * n}def f{n}():\n" for n in range(3_000))
    + " " * 3_000
    + "...\n"
    + GOOD,
    "nested_ifs": "def before(): ...\n"
    + "".join(f"{' ' * n}if f{n}:\n" for n in range(3_000))
    + " " * 3_000
    + "...\n"
    + GOOD,
    "blank_lines": "def before(): ...\n" + "\n" * 500_000 + GOOD,
    "spaces": "def before(): ...\n" + (" " * 2_000 + "\n") * 500 + GOOD,
    "imports": "def before(): ...\nfrom a import (" + "b, " * 100_000 + "c)\n" + GOOD,
    "noise": "def before(): ...\n" + '\'([{"""\n' * 20_000 + GOOD,
}
LIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></summary><h1>forged</h1>",
    "\n# forged\n",
    "\n\n# forged\n\n",
    "\n- forged\n",
    "| forged | row |\n|---|---|\n| a | b |",
    "[forged](javascript:alert(1))",
    "![forged](http://forged.example/x.png)",
    "`<b onclick=alert(1)>`",
    "``` \n<script>alert(1)</script>\n```",
    "$forged$ \\(forged\\)",
    "{: onclick=alert(1)}",
    "\u202eforged\u2066",
    "<!-- forged",
    "<a id='kw-000000-forged' href='javascript:alert(1)'>forged</a>",
    "<style>* { display: none }</style>",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt;",
]


class Elements(HTMLParser):
    """The elements and attributes of HTML."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.comments: list[str] = []
        self._in_heading = False
        self.feed(MARKDOWN.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._in_heading = re.fullmatch(r"h\d", tag) is not None
        if self._in_heading:
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = False if re.fullmatch(r"h\d", tag) else self._in_heading

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.headings[-1] += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def outputs(target: object) -> dict[str, str]:
    """All Markdown there is of a target, and its plain text."""
    shown: dict[str, str] = {}
    for make in (documents.index, documents.document):
        thing = make(target)
        bundle = thing._repr_mimebundle_()
        shown |= {f"{make.__name__} cell": bundle["text/markdown"], f"{make.__name__} page": thing.to_markdown()}
        shown[f"{make.__name__} text"] = bundle["text/plain"]
        json.dumps(thing.to_dict())
    return shown


def assert_inert(markdown: str, page: Elements | None = None) -> Elements:
    """Only elements and attributes that kwmagic writes itself, and links that lead nowhere dangerous.

    *page*: the elements of it, where they are known.
    """
    page = page or Elements(markdown)
    assert all(re.fullmatch(r" kwmagic page of [^>]+ ", comment) for comment in page.comments)
    assert len(page.comments) <= 1
    for tag, attributes in page.found:
        assert tag in ASKED_FOR, f"<{tag}>"
        assert {*attributes} <= ATTRIBUTES, f"<{tag} {attributes}>"
        assert not re.match(r"\s*(?:javascript|data|vbscript|file):", attributes.get("href") or "", re.IGNORECASE)
        assert "style" not in attributes or re.fullmatch(r"text-align:\w+", attributes["style"] or "")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", markdown)
    return page


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """A folder of good, odd and broken files."""
    for name, data in {**BROKEN, **ODD, "good.py": GOOD.encode()}.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_every_file_is_indexed_or_has_a_problem(folder) -> None:
    index = documents.index(f"{folder}/")
    assert {facts.path for facts in index.files} == {*BROKEN, *ODD, "good.py"}
    with_problem = {path for path, _ in index.problems}
    assert with_problem == {*BROKEN}
    for facts in index.files:
        names = {symbol.name for symbol in facts.symbols}
        assert names & {"before", "fine"} or facts.path in (*BROKEN, "empty.py", "blank.py"), facts.path
    for text in outputs(f"{folder}/").values():
        for name in BROKEN:
            assert name in text


@pytest.mark.parametrize("name", [*BROKEN, *ODD])
def test_each_file_alone(folder, name: str) -> None:
    for kind, text in outputs(str(folder / name)).items():
        if "text" not in kind:
            assert_inert(text)
        assert name not in BROKEN or "Problems (" in text, kind


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
@pytest.mark.parametrize("alone", [True, False])
def test_special_files_and_links(tmp_path, alone: bool) -> None:
    """Read in a process of its own: a FIFO blocks whoever opens it."""
    inside = tmp_path / "tree"
    inside.mkdir()
    (tmp_path / "outside.py").write_text("def outside(): ...\n", encoding="utf-8")
    (inside / "good.py").write_text(GOOD, encoding="utf-8")
    os.mkfifo(inside / "fifo.py")
    (inside / "loop.py").symlink_to("loop.py")
    (inside / "loop").symlink_to(".", target_is_directory=True)
    (inside / "out.py").symlink_to(tmp_path / "outside.py")
    (inside / "gone.py").symlink_to("nowhere.py")
    if alone:
        for name in ("fifo.py", "loop.py", "gone.py"):
            answer = in_a_process(str(inside / name))
            assert "error" in answer or answer["problems"], name
        return
    answer = in_a_process(f"{inside}/")
    assert answer["names"] == ["good", "fine"]
    assert {path for path, _ in answer["problems"]} >= {"fifo.py", "loop.py", "out.py"}
    assert "outside" not in json.dumps(answer["names"])


CHILD = """
import json, sys
from kwmagic import documents
from kwmagic.errors import KwmagicError
try:
    index, document = documents.index(sys.argv[1]), documents.document(sys.argv[1])
    for thing in (index, document):
        thing._repr_mimebundle_(), thing.to_markdown(), json.dumps(thing.to_dict())
    problems = [[path, problem.message] for path, problem in index.problems]
    names = [keyword.symbol.name for keyword in index if len(keyword.symbol.name) < 100]
    sizes = [len(thing._repr_mimebundle_()["text/markdown"].encode()) for thing in (index, document)]
    print(json.dumps({"names": names, "problems": problems, "sizes": sizes}))
except KwmagicError as error:
    print(json.dumps({"error": str(error)}))
"""


def in_a_process(target: str) -> dict:
    """Index and document of a target, from a process that may take a minute and 2 GB."""
    limit = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))\n"
        if os.name == "posix"
        else ""
    )
    done = subprocess.run(
        [sys.executable, "-c", limit + CHILD, target], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", BIG)
def test_big_files_are_read_in_bounded_time(tmp_path, name: str) -> None:
    path = tmp_path / "big.py"
    path.write_text(BIG[name], encoding="utf-8")
    answer = in_a_process(str(path))
    assert "before" in answer["names"]
    assert "fine" in answer["names"] or answer["problems"], "what follows is lost, and nothing says so"
    assert max(answer["sizes"]) <= 200_000


def test_no_string_that_is_never_closed_hides_the_rest_silently(tmp_path) -> None:
    (tmp_path / "m.py").write_text('def before(): ...\nx = """never closed\ndef hidden(): ...\n', encoding="utf-8")
    index = documents.index(f"{tmp_path}/m.py")
    assert [keyword.symbol.name for keyword in index.functions] == ["before"]
    assert index.problems


@pytest.mark.parametrize(
    "name", ["new\nline", "\n# forged", "tick`s``", "pi|pe", "<b onclick=x>", "a\x1b[31m", "$x$", "[a](b)", " sp ace "]
)
def test_names_of_files_stay_names(tmp_path, name: str) -> None:
    folder = tmp_path / f"{name}d"
    folder.mkdir()
    (folder / f"{name}.py").write_text('"""Doc."""\nimport os\nclass A: ...\nx = (\n', encoding="utf-8")
    for target in (f"{tmp_path}/", folder / f"{name}.py"):
        for kind, text in outputs(target).items():
            assert "\x1b" not in text
            assert "\n# forged" not in text
            if "text" not in kind:
                assert_inert(text)


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="file names are Unicode there")
def test_undecodable_names(tmp_path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (tmp_path / name).write_text("def before(): ...\n", encoding="utf-8")
    shown = outputs(f"{tmp_path}/")
    for kind, text in shown.items():
        assert "caf\\udce9.py" in (text if "text" in kind else Shown(text).text), kind
    assert documents.index(f"{tmp_path}/").to_dict()["files"][0]["path"] == "caf\udce9.py"


@pytest.mark.parametrize("text", LIVE)
def test_nothing_in_a_file_comes_alive(tmp_path, text: str) -> None:
    """The same words as docstring, value, decorator, condition, default and comment."""
    doc = text.replace("\\", "\\\\").replace('"', '\\"')
    value = json.dumps(text)
    (tmp_path / "m.py").write_text(
        f'"""{doc}\n\n{doc}"""\n# {" ".join(text.split())}\nimport os\n'
        f"LIMIT = {value}\n"
        f'class A(Base[{value}]):\n    """{doc}"""\n    x: {value} = 1\n\n'
        f'    @decorate({value})\n    def f(self, a={value}):\n        """First.\n\n        {doc}\n\n        Args:\n'
        f'            a: {doc}\n        """\n'
        f"if {value}:\n    def g(): ...\n",
        encoding="utf-8",
    )
    for kind, shown in outputs(tmp_path / "m.py").items():
        if "text" in kind:
            assert not re.search("[\x1b\u202a-\u202e\u2066-\u2069]", shown)
            continue
        page = assert_inert(shown)
        assert not [heading for heading in page.headings if "forged" in heading.replace("`", "")], kind
        ids = [attributes["id"] for _, attributes in page.found if attributes.get("id")]
        assert all(re.fullmatch(r"kw-[0-9a-f]{6}-[a-z0-9._-]*", each) for each in ids)
        assert "kw-000000-forged" not in ids


def test_words_of_the_user_that_name_nothing(tmp_path) -> None:
    for words in (
        "<script>",
        "a\nb",
        "`x`",
        "\x00",
        "../" * 5_000,
        "a" * 100_000,
        "(",
        "*" * 50,
        "\udcff",
        "~nobody/x",
    ):
        with pytest.raises(TargetError) as caught:
            documents.index(words, scene=documents.Scene(cwd=str(tmp_path)))
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 1_000
