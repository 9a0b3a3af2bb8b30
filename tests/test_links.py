"""Where links lead, front end by front end, and the names of the places they lead to."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote_to_bytes

import pytest

from kwmagic.anchors import Anchors, anchor
from kwmagic.links import Reader, is_inside
from kwmagic.model import FileRef

FORGE = "https://forge.example/me/pkg/blob/v1.0/{path}#L{line}"
RANGE = "https://forge.example/{path}?plain=1#L{line}-L{end}"
ANCHOR = re.compile(r"kw-[0-9a-f]{6}-[a-z0-9._-]*")
NAMES = [
    "a b.py",
    "a#b.py",
    "a?b=c.py",
    "a%20b.py",
    "ü/日本.py",
    "a&b;c.py",
    "a'b\"c.py",
    "<a>.py",
    "$a`b.py",
    "a\nb.py",
    "a(b).py",
    "c:d.py",
]


@pytest.fixture(name="project")
def _project(tmp_path):
    """A server's root with a notebook's folder and a module beside it."""
    (tmp_path / "root" / "notebooks").mkdir(parents=True)
    (tmp_path / "root" / "pkg").mkdir()
    (tmp_path / "root" / "pkg" / "x.py").touch()
    (tmp_path / "outside.py").touch()
    return tmp_path


def reader(project, links: str, **more) -> Reader:
    return Reader(links, str(project / "root" / "notebooks"), str(project / "root"), **more)


def ref(project, name: str = "root/pkg/x.py", **more) -> FileRef:
    return FileRef(name.removeprefix("root/"), str(project / name), **more)


@pytest.mark.parametrize(
    ("links", "line", "expected"),
    [
        pytest.param("jupyterlab", 12, "../pkg/x.py#line=11", id="JupyterLab counts from 0"),
        pytest.param("jupyterlab", 1, "../pkg/x.py#line=0", id="JupyterLab's first line"),
        pytest.param("vscode", 12, "../pkg/x.py#L12", id="VS Code"),
        pytest.param("github", 12, "../pkg/x.py#L12", id="GitHub"),
        pytest.param("jupyterlab", 0, "../pkg/x.py", id="the file itself"),
        pytest.param("github", 0, "../pkg/x.py", id="the file itself on GitHub"),
        pytest.param("none", 12, None, id="no links"),
    ],
)
def test_front_ends(project, links: str, line: int, expected: str | None) -> None:
    assert reader(project, links).source(ref(project), line, line + 5) == expected


def test_no_link_leads_out_of_the_root(project) -> None:
    assert reader(project, "jupyterlab").source(ref(project, "outside.py"), 3) is None
    assert Reader("jupyterlab", str(project / "root")).source(ref(project, "outside.py"), 3) == "../outside.py#line=2"


def test_links_on_the_way_are_followed(project) -> None:
    """A symlink in the root to a file outside leads outside."""
    (project / "root" / "link.py").symlink_to(project / "outside.py")
    assert reader(project, "jupyterlab").source(ref(project, "root/link.py"), 3) is None
    (project / "alias").symlink_to(project / "root")
    assert is_inside(str(project / "alias" / "pkg" / "x.py"), str(project / "root"))
    assert not is_inside(str(project / "root2" / "x.py"), str(project / "root"))


def test_what_is_no_file_has_no_link(project) -> None:
    lab = reader(project, "jupyterlab")
    assert lab.source(FileRef("In[3]", data=b"x = 1"), 1) is None
    assert lab.source(FileRef("math", live=os), 0) is None
    assert lab.source(ref(project, member="pkg/x.py"), 3) is None


def test_template(project) -> None:
    forge = Reader("github", templates=(("", FORGE),))
    assert forge.source(ref(project), 7, 9) == "https://forge.example/me/pkg/blob/v1.0/pkg/x.py#L7"
    assert forge.source(ref(project)) == "https://forge.example/me/pkg/blob/v1.0/pkg/x.py"
    assert (
        Reader("none", templates=(("", RANGE),)).source(ref(project), 7, 9)
        == "https://forge.example/pkg/x.py?plain=1#L7-L9"
    )
    assert forge.source(FileRef("In[3]", data=b"x = 1"), 1) is None
    named = ref(project, "a b/ü.py")
    assert forge.source(named, 1) == "https://forge.example/me/pkg/blob/v1.0/a%20b/%C3%BC.py#L1"


def test_template_is_for_files_only() -> None:
    """A module without source and a cell are on no forge."""
    forge = Reader("jupyterlab", templates=(("", FORGE),))
    assert forge.source(FileRef("math", live=os)) is None
    assert forge.source(FileRef("cell", data=b"x = 1"), 1) is None


def test_pages_have_the_links_of_forges(project) -> None:
    assert reader(project, "jupyterlab").for_page().source(ref(project), 12) == "../pkg/x.py#L12"
    assert reader(project, "none").for_page().source(ref(project), 12) is None


@pytest.mark.parametrize("name", [*NAMES, os.fsdecode(b"caf\xe9/\xff.py")])
@pytest.mark.parametrize("links", ["jupyterlab", "vscode"])
def test_names_of_all_kinds(project, links: str, name: str) -> None:
    """A URL without a character that means something, which stands for exactly the bytes of the name."""
    found = reader(project, links).source(ref(project, f"root/{name}"), 2)
    assert found is not None
    path, _, fragment = found.rpartition("#")
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", path)
    assert unquote_to_bytes(path) == b"../" + os.fsencode(name)
    assert fragment in ("line=1", "L2")


@pytest.mark.parametrize(
    "qualname",
    ["", "Class.method", "f.<locals>.g", "__init__", "Straße", "数", "a b", '"><script>', "x" * 3_000, "\udcff"],
)
def test_anchor_holds_only_what_all_front_ends_scroll_to(qualname: str) -> None:
    for path in ("x.py", "ü b/#.py", os.fsdecode(b"\xff.py")):
        assert ANCHOR.fullmatch(anchor("doc", path, qualname))


def test_anchor_names_page_kind_path_and_name() -> None:
    assert anchor("doc", "a/b/x.py", "Class.<locals>.Name") == anchor("doc", "a/b/x.py", "Class.<locals>.Name")
    assert anchor("doc", "a/b/x.py", "C.<locals>.N").endswith("-c.locals.n")
    distinct = [("doc", "x.py", "a"), ("index", "x.py", "a"), ("doc", "y.py", "a"), ("doc", "x.py", "b")]
    assert len({anchor(*each) for each in distinct}) == len(distinct)


def test_anchor_is_the_same_in_every_version() -> None:
    """People link to them."""
    assert anchor("doc", "json/decoder.py", "JSONDecoder") == "kw-66a03c-jsondecoder"


def test_anchors_of_a_page_are_unique() -> None:
    names = ["g-2", "g", "g", "g-3", "g", "f", "f", "f-2", "F", "f", "f-2", "f-3", "数", "", "é", "f-2-2"]
    anchors = Anchors("doc")
    found = [anchors.new("x.py", name) for name in names]
    assert len({*found}) == len(names)
    assert all(ANCHOR.fullmatch(each) for each in found)
    base = anchor("doc", "x.py", "f")
    assert found[5:7] == [base, f"{base}-2"]


def test_anchors_do_not_depend_on_what_comes_later() -> None:
    names = ["a", "b", "a", "a-2", "c"]
    whole, part = Anchors("doc"), Anchors("doc")
    assert [whole.new("x.py", name) for name in names][:3] == [part.new("x.py", name) for name in names[:3]]
