"""`kwmagic check`: every link and anchor, told apart from what only looks like one."""

from __future__ import annotations

import json
import os
import re
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwmagic
from kwmagic.checking import check
from kwmagic.checking.disk import Disk
from kwmagic.checking.exact import found_in
from kwmagic.checking.quick import found_on
from kwmagic.errors import TargetError
from kwmagic.mdtext import page_mark
from kwmagic.options import SiteOptions

POSIX = pytest.mark.skipif(os.name == "nt", reason="names that Windows does not take")

LINES = (
    *(
        "",
        "",
        "text",
        "- item",
        "* other",
        "1. one",
        "12) two",
        "100. many",
        "    - inner",
        "        - inmost",
        "  more",
    ),
    *(
        "    deep",
        "      deeper",
        "        deepest",
        "\ttab",
        "> quote",
        "> - q",
        ">     code",
        "# head",
        "- # head",
        "---",
    ),
    *(
        "===",
        "***",
        "-     code",
        "- ",
        "-",
        "```",
        "````",
        "```py",
        "  ```",
        "~~~",
        "- ```",
        "    ```",
        "> ```",
        "`",
        "``",
    ),
    *("<details>", "</details>", '<details markdown="1">', "<summary>[s](s)</summary>", "<div>", "- <div>", "<pre>"),
    *(
        "</pre>",
        "<!-- note",
        "-->",
        "<!-- [c](c) -->",
        "<?x",
        "?>",
        "<code>",
        "- <code>",
        "</code>",
        "<b>",
        "<http://a.b>",
    ),
    *(
        "| a | b |",
        "| --- | --- |",
        "| --- |",
        "--- | ---",
        "a | b",
        "- a | b",
        "    --- | ---",
        "| [t](t) | `a|[u](u)` |",
    ),
    *(
        "| [x](x) | y | [z](z) |",
        r"| `a \| b` | [p](p) |",
        "[r]: reference",
        "[r]",
        "[w](w)[r]",
        "[text][r]",
        "[r]: <",
        "  [q]: q",
    ),
)
PIECES = (
    *(
        "a",
        " ",
        "  ",
        "[b](b)",
        "[`c`](c.md#d)",
        "[e",
        "](f)",
        "`g`",
        "`[h](h)`",
        "`",
        "``",
        "``i`[j](j)``",
        "\\",
        "\\`",
        "\\[k](k)",
    ),
    *(
        '<a id="l"></a>',
        '<a id="m">',
        "<code>",
        "</code>",
        "<code>n</code>",
        '<a href="o">',
        "</a>",
        "!",
        "![p](q)",
        "[![r](s)](t)",
    ),
    *(
        "|",
        "\\|",
        "*",
        "**",
        "_",
        "<",
        ">",
        "&lt;",
        "&#91;u](v)",
        "[w](<x y>)",
        '[z](a "t")',
        "[b](c(d))",
        "[e](f\\)g)",
        "(",
        ")",
    ),
    *(
        "[h](javascript:i)",
        "<https://v.w/x>",
        "<https://v w>",
        "[<https://y.z>](a)",
        "[j](k&amp;l)",
        "[m](é)",
        "[n](%41)",
        "<!--",
        "-->",
        "<o@p.q>",
        "[[r]](s)",
        "[t](u)(v)",
        "~~w~~",
        "#",
        "- ",
    ),
)
TEXTS = st.lists(st.sampled_from(LINES) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join), max_size=14)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_the_fast_way_finds_what_markdown_it_finds(lines: list[str]) -> None:
    text = "\n".join(["", *lines])  # no front matter, which Markdown does not know
    assert places(found_on(text)) == places(found_in(text))


def places(found) -> list[tuple[str, bool]]:
    """Links and anchors as a check takes them: those to the web are left out, and what is encoded means the same."""
    mine = (each for each in found if not each.target.startswith("http"))
    return [(each.target.replace("%C3%A9", "é"), each.is_anchor) for each in mine]


@given(st.text(alphabet='a[]()`<>\\!&\n -#|"=', max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_alike(text: str) -> None:
    assert places(found_on(f"\n{text}")) == places(found_in(f"\n{text}"))


def page(text: str, of: str = "x.py") -> str:
    """A page of ours."""
    return f"{text}\n\n{page_mark(of)}\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(folder: Path) -> list[str]:
    """What a check says, a line each."""
    return [str(each) for each in check(str(folder)).dead]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](b.md)", []),
        ("[a](b.md#here)", []),
        ("[a](./b.md?raw=1#here) [a](sub/../b.md)", []),
        ("[a](sub/)", []),
        ("[a](caf%C3%A9%20%5B1%5D.md)", []),
        ("[a](#own)\n\n<a id='own'></a>", []),
        ("[a](../src/x.py#L3) [a](../src/x.py#L1-L3)", []),
        ("[a](https://example.com/none) <mailto:a@b.c> <https://example.com/>", []),
        ("`[a](none.md)` and \\[a](none.md)\n\n```\n[a](none.md)\n```\n\n    [a](none.md)", []),
        ("<!-- [a](none.md) -->\n\n<!-- <a href='none.md'> -->", []),
        ("[a](none.md)", ["p.md:1: none.md: no such file"]),
        ("[a](B.md)", ["p.md:1: B.md: no such file"]),
        ("[a](SUB/)", ["p.md:1: SUB/: no such file"]),
        ("[a](../src/x.py#L4)", ["p.md:1: ../src/x.py#L4: that file has 3 lines"]),
        ("[a](../src/x.py#L2-L9)", ["p.md:1: ../src/x.py#L2-L9: that file has 3 lines"]),
        ("[a](../src#L4)", ["p.md:1: ../src#L4: not a file that has lines"]),
        ("[a](../SRC/x.py)", ["p.md:1: ../SRC/x.py: no such file"]),
        ("[a](b.md#there)", ["p.md:1: b.md#there: no such anchor on that page"]),
        ("[a](b.md#heading)", ["p.md:1: b.md#heading: no such anchor on that page"]),
        ("text\n\n[a](#none)", ["p.md:3: #none: no such anchor on that page"]),
        ("a\n[a]\n\n[a]: none.md", ["p.md:2: none.md: no such file"]),
        ("![a](none.png)", ["p.md:1: none.png: no such file"]),
        ('<p>\n<a href="none.md">a</a></p>', ["p.md:2: none.md: no such file"]),
        ("text <img alt=a src=none.png>", ["p.md:1: none.png: no such file"]),
        ("| a |\n| - |\n| [a](none.md) |", ["p.md:3: none.md: no such file"]),
        (
            "- a\n    - [a](none.md)\n\n      [a](no.md)",
            ["p.md:2: none.md: no such file", "p.md:4: no.md: no such file"],
        ),
        ("[a](/b.md)", ["p.md:1: /b.md: not relative"]),
        ('<a id="q"></a>\n\n<b id="q"></b>', ["p.md:3: #q: anchor twice on one page"]),
        ("[a](%00.md)", ["p.md:1: %00.md: no such file"]),
        ("[a](b.md/none)", ["p.md:1: b.md/none: no such file"]),
    ],
)
def test_links(tmp_path: Path, text: str, said: list[str]) -> None:
    write(
        tmp_path,
        {
            "src/x.py": "a = 1\nb = 2\nc = 3\n",
            "out/p.md": page(text),
            "out/b.md": page('# Heading\n\n<a id="here"></a>'),
            "out/café [1].md": page(""),
            "out/sub/index.md": page(""),
        },
    )
    assert found(tmp_path / "out") == said


def test_pages_of_others_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": page(""), "b.md": "# A heading\n\n[no](no.md) [a](a.md#none) [r](/r)\n"})
    checked = check(str(tmp_path))
    assert (checked.pages, checked.others, checked.links) == (1, 1, 3)
    whose = "(a page that kwmagic did not write)"
    assert [*checked.lines()] == [
        f"b.md:3: a.md#none: no such anchor on that page {whose}",
        f"b.md:3: no.md: no such file {whose}",
        "1 page and 1 that kwmagic did not write, 3 links: 2 not in order",
    ]


def test_all_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": page("\n".join(f"[{n}](none{n}.md)\n" for n in range(10_000)))})
    checked = check(str(tmp_path))
    assert len(checked.dead) == 10_000
    data = json.loads(checked.json_text())
    assert (data["kwmagic"], data["pages"], data["links"], len(data["dead"])) == (1, 1, 10_000, 10_000)
    assert data["dead"][0] == {
        "page": "a.md",
        "line": 1,
        "target": "none0.md",
        "reason": "no such file",
        "is_ours": True,
    }


@pytest.mark.parametrize("jobs", [1, 2])
def test_in_processes(tmp_path: Path, jobs: int) -> None:
    write(tmp_path, {f"{n}.md": page(f"[a](none.md) [b]({n - 1}.md#a)\n\n<a id='a'></a>") for n in range(40)})
    seen: list[tuple[int, int]] = []
    checked = check(str(tmp_path), jobs, lambda done, total: seen.append((done, total)))
    assert len(checked.dead) == 41
    assert list(checked.dead) == sorted(checked.dead)
    assert seen[-1] == (40, 40)


def test_names_that_would_forge_lines(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": page("[a](x%0Aforged.md)\n\n<a href='y\nz.md'>")})
    assert [line.count("\n") for line in check(str(tmp_path)).lines()] == [0, 0, 0]


@POSIX
def test_odd_entries(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": page("[a](pipe.md#L1) [b](loop.md) [c](link/b.md)"), "real/b.md": page("")})
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    assert found(tmp_path) == ["a.md:1: loop.md: no such file", "a.md:1: pipe.md#L1: not a file that has lines"]


@POSIX
def test_a_page_that_can_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": page("[b](b.md)"), "b.md": page("")})
    (tmp_path / "b.md").chmod(0)
    if os.access(tmp_path / "b.md", os.R_OK):
        pytest.skip("this user may read everything")
    assert found(tmp_path) == ["b.md: Permission denied (a page that kwmagic did not write)"]


@pytest.mark.parametrize("files", [{}, {"a.md": "# By hand\n"}])
def test_wrong_use(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(TargetError, match="no page that kwmagic wrote"):
        check(str(write(tmp_path, files)))
    with pytest.raises(TargetError, match="no folder"):
        check(str(tmp_path / "none"))


# --- a site: every change to it is found ------------------------------------------------------------------------------


@pytest.fixture(name="site", scope="module")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site, in order."""
    top = tmp_path_factory.mktemp("site")
    till = 'class Till:\n    """Takes money."""\n\n    def open(self): return Till()\n\n\nCOINS = 5\n'
    write(
        top / "src",
        {"shop/__init__.py": "", "shop/till.py": till, "README.md": "# Shop\n\n## Hours\n\nNine to five.\n"},
    )
    kwmagic.build(top / "src", top / "out", cache=str(top / "cache"))
    assert found(top / "out") == []
    return top


def changed(site: Path, name: str, data: bytes | None) -> list[str]:
    """What is said while a file of the site is another, or gone."""
    file = site / name
    before = file.read_bytes()
    if data is None:
        file.unlink()
    else:
        file.write_bytes(data)
    try:
        return found(site / "out")
    finally:
        file.write_bytes(before)


def test_a_page_that_is_gone(site: Path) -> None:
    for file in sorted((site / "out").rglob("*.*")):
        assert changed(site, file.relative_to(site).as_posix(), None), file


def test_a_mark_that_is_gone(site: Path) -> None:
    for file in sorted((site / "out").rglob("*.md")):
        name = file.relative_to(site).as_posix()
        assert changed(site, name, file.read_bytes().rpartition(b"<!--")[0]), name


def test_an_anchor_that_is_gone(site: Path) -> None:
    page = (site / "out/shop/till.py_docs.md").read_text("utf-8")
    anchors = re.findall(r'<a id="([^"]*)"></a>', page)
    symbols = [anchor for anchor in anchors if re.search("-(till|till.open|coins)$", anchor)]
    assert len(symbols) == 3
    for anchor in symbols:
        without = page.replace(f'<a id="{anchor}"></a>', "")
        said = changed(site, "out/shop/till.py_docs.md", without.encode())
        for name in ("out/keywords.json", "out/objects.inv", "out/keywords.md", "out/shop/till.py_kw.md"):
            assert any(line.startswith(name.removeprefix("out/")) and anchor in line for line in said), (name, said)


def test_a_line_of_the_source_that_is_gone(site: Path) -> None:
    source = (site / "src/shop/till.py").read_bytes()
    said = changed(site, "src/shop/till.py", source.rpartition(b"\nCOINS")[0])
    assert any("till.py#L7: that file has 5 lines" in line for line in said), said
    assert changed(site, "src/shop/till.py", None)


def test_a_symbol_that_is_gone_from_the_twin(site: Path) -> None:
    data = json.loads((site / "out/keywords.json").read_text())
    count = 0
    for file in data["files"]:
        for number in range(len(file["symbols"])):
            symbol = file["symbols"].pop(number)
            said = changed(site, "out/keywords.json", json.dumps(data).encode())
            assert any(line.startswith(f"keywords.json: {file['path']}") for line in said), symbol
            file["symbols"].insert(number, symbol)
            count += 1
    assert count >= 5
    data["files"].pop()
    assert changed(site, "out/keywords.json", json.dumps(data).encode())


def test_an_entry_that_is_gone_from_the_inventory(site: Path) -> None:
    content = (site / "out/objects.inv").read_bytes()
    head = content[: -len(content.split(b"zlib.\n", 1)[1])]
    lines = zlib.decompress(content[len(head) :]).splitlines(keepends=True)
    assert len(lines) > 10
    for number, line in enumerate(lines):
        if b" std:label " in line:
            continue
        rest = b"".join(lines[:number] + lines[number + 1 :])
        assert changed(site, "out/objects.inv", head + zlib.compress(rest)), line
    wrong = b"".join(lines).replace(b"till.py_docs.md#", b"none.py_docs.md#", 1)
    assert any(
        line.startswith("objects.inv:") for line in changed(site, "out/objects.inv", head + zlib.compress(wrong))
    )


@pytest.mark.parametrize("name", ["keywords.json", "objects.inv"])
@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff", b'{"kwmagic": 1, "files": [{"page": "a"}]}', b"[" * 10**5]
)
def test_a_damaged_twin(site: Path, name: str, data: bytes) -> None:
    assert any(line.startswith(f"{name}: ") for line in changed(site, f"out/{name}", data))
    whole = (site / "out" / name).read_bytes()
    assert any(line.startswith(name) for line in changed(site, f"out/{name}", whole[: len(whole) // 2]))


def test_a_site_inside_of_other_pages(tmp_path: Path) -> None:
    """Its twins are its own, and what is wrong with them is told with its folder."""
    write(tmp_path / "src", {"a.py": "def f(): pass\n"})
    kwmagic.build(tmp_path / "src", tmp_path / "out/api", cache=str(tmp_path / "cache"))
    (tmp_path / "out/guide.md").write_text(f"[a](api/a.py_docs.md)\n\n{page_mark('guide.ipynb')}\n", "utf-8")
    assert found(tmp_path / "out") == []
    (tmp_path / "out/api/objects.inv").unlink()
    assert "api/objects.inv: no such file" in found(tmp_path / "out")


@pytest.mark.parametrize("format", ["mkdocs", "sphinx"])
def test_addresses_of_other_formats(tmp_path: Path, format: str) -> None:  # noqa: A002
    write(tmp_path / "src", {"a.py": "def f(): pass\n", "pkg/b.py": "import a\n"})
    kwmagic.build(tmp_path / "src", tmp_path / "out", options=SiteOptions(format=format), cache=str(tmp_path / "cache"))
    assert found(tmp_path / "out") == []


def test_spelling_where_the_file_system_ignores_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"sub/b.md": page("")})
    monkeypatch.setattr(os.path, "exists", lambda _: True)
    disk = Disk()
    names = ("sub/b.md", "sub/B.md", "Sub/b.md", "sub")
    assert [disk.exists(str(tmp_path / name)) for name in names] == [True, False, False, True]
