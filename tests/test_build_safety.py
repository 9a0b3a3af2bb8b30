"""What a build lets out of the code it reads: words. No markup, no script, no line of ours, no file elsewhere; and that
it runs nothing of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import NamedTuple

import pytest
from payloads import LIVE, MARKED, plain, plant, plant_names
from repository import Repository
from test_bad_input import Elements, assert_inert
from test_inventory import loaded
from test_markup import MARKDOWN

from kwmagic import checking
from kwmagic.building.build import build
from kwmagic.building.naming import fits, owner
from kwmagic.options import FORMATS, SiteOptions

POSIX = os.name == "posix"
LABEL = "so<b onclick=x>\n# Version: 9" if POSIX else "so"
FRONT = re.compile(r'---\ntitle: ("(?:[^"\\\n]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*")\n(?:orphan: true\n)?---\n\n')
ADDED = {"File Purpose", "High-Level Overview", "Detailed Analysis", "Problems (n)", "Problems"}
"""Headings that a page has when it has more to tell than its twin."""
NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]|[. ]\Z')
"""What Windows takes in no name."""


class Site(NamedTuple):
    """A tree, and its pages."""

    source: Path
    out: Path

    def build(self, out: Path | None = None, **options: object) -> tuple[str, ...]:
        """What could not be written."""
        cache = self.source.parent.with_name("cache")
        done = build(
            str(self.source),
            str(out or self.out),
            cache=str(cache),
            jobs=1,
            options=SiteOptions(**options),  # type: ignore[arg-type]  # what a test gives
            say=pytest.fail,
        )
        return done.blocked

    def pages(self) -> dict[str, str]:
        """Page -> text."""
        return {
            path.relative_to(self.out).as_posix(): path.read_text(encoding="utf-8") for path in self.out.rglob("*.md")
        }


def held(folder: Path) -> dict[str, bytes | str]:
    """All there is below a folder, links as what they say."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    return {
        name: os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        for name, path in found.items()
    }


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("safety")


@pytest.fixture(name="live", scope="module")
def _live(folder) -> Site:
    """Built of payloads, each file with its own in the subject and the author of its commit."""
    site = Site(folder / "live" / LABEL, folder / "live" / "out")
    plant(site.source)
    plant_names(site.source / "names")
    if not POSIX:
        pytest.skip("names of this system")
    repository = Repository(site.source)
    for number, text in enumerate(LIVE):
        repository.git("add", f"pkg/m{number}.py", f"docs/d{number}.md")
        name = " ".join(text.split()).replace("<", "(").replace(">", ")")
        words = (
            "-c",
            f"user.name={name}",
            "commit",
            "-q",
            "--cleanup=verbatim",
            "--author",
            f"{name} <x@y>",
            "-F",
            "-",
        )
        repository.git(*words, given=text.encode())
    before = held(folder / "live")
    assert site.build() == ()
    after = held(folder / "live")
    assert {name: after.get(name) for name in before} == before
    assert {name.split(os.sep)[0] for name in after.keys() - before.keys()} == {"out"}
    return site


@pytest.fixture(name="twin", scope="module")
def _twin(folder) -> Site:
    """The same project of harmless words."""
    site = Site(folder / "plain" / "so", folder / "plain" / "out")
    plant(site.source, plain)
    plant_names(site.source / "names")
    Repository(site.source).commit()
    assert site.build() == ()
    return site


@pytest.fixture(name="elements", scope="module")
def _elements(live) -> dict[str, Elements]:
    """Page -> what it is made of; read once, since reading takes longer than building."""
    return {page: Elements(text) for page, text in live.pages().items()}


def headings(elements: Elements) -> set[str]:
    """What headings begin with, before any name."""
    return {re.sub(r"[\d,]+", "n", heading).strip() for heading in elements.headings}


def test_the_pages_hold_no_markup_but_ours(live, elements) -> None:
    pages = live.pages()
    assert len(pages) > 250
    for page, text in pages.items():
        assert_inert(text, elements[page])
        mark = text.rstrip("\n").rpartition("\n")[2]
        assert [f"<!--{comment}-->" for comment in elements[page].comments] == [mark], page
        assert fits(page, mark), page
        ids = [attributes["id"] for _, attributes in elements[page].found if attributes.get("id")]
        assert all(re.fullmatch(r"kw-[0-9a-f]{6}-[\w.-]*", each) for each in ids), page
        assert len({*ids}) == len(ids), page


def test_no_heading_is_forged(elements, twin) -> None:
    ours = {heading for text in twin.pages().values() for heading in headings(Elements(text))} | ADDED
    assert "class" in ours
    for page, found in elements.items():
        assert headings(found) <= ours, page


def test_no_row_is_forged(live) -> None:
    """A row has as many cells as the head of its table: a reader drops what is too much, and sees what is forged."""
    met = 0
    for page, text in live.pages().items():
        lines = text.split("\n")
        for token in MARKDOWN.parse(text) if "\n| " in text else ():
            if token.type == "table_open" and token.map:
                table = lines[slice(*token.map)]
                met += len(table)
                assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1, page
    assert met > 100


def test_no_diagram_says_more_than_names(live) -> None:
    fences = [
        token.content
        for text in live.pages().values()
        for token in (MARKDOWN.parse(text) if "```mermaid" in text else ())
        if token.type == "fence" and token.info.strip() == "mermaid"
    ]
    assert fences
    lines = {line for fence in fences for line in fence.splitlines()[1:]}
    assert not [line for line in lines if re.search(r"^\s*click|%%|forged|pwned", line)]


@pytest.mark.parametrize("style", ["mkdocs", *(pytest.param(each, marks=pytest.mark.slow) for each in FORMATS[2:])])
def test_front_matter_is_a_title(live, folder, style: str) -> None:
    site, known = live._replace(out=folder / style), live.pages()
    assert site.build(format=style) == ()
    titles = set()
    for page, text in site.pages().items():
        front = FRONT.match(text)
        assert front, page
        titles.add(json.loads(front[1]))
        if (body := text[front.end() :]) != known[page]:
            assert_inert(body)
    assert any("# forged" in title for title in titles), "that of a file which is called so"


def test_no_line_of_the_machines_files_is_forged(live, twin) -> None:
    project, version, objects = loaded((live.out / "objects.inv").read_bytes())
    assert (project, version) == (LABEL.replace("\n", " "), "") or "\\n" in project
    assert objects.keys() == loaded((twin.out / "objects.inv").read_bytes())[2].keys()
    ours, theirs = (json.loads((site.out / "keywords.json").read_text(encoding="utf-8")) for site in (live, twin))
    assert ours.keys() == theirs.keys()
    missing = {file["path"] for file in theirs["files"]} ^ {file["path"] for file in ours["files"]}
    assert missing == {f"docs/d{LIVE.index(MARKED)}.md"}, "what says that it is a page of ours"


def test_a_file_that_says_to_be_a_page_of_ours_is_counted(live) -> None:
    home = (live.out / "index.md").read_text(encoding="utf-8")
    assert "- Pages that kwmagic wrote: 1\n" in home.partition("## Left out")[2]


def test_all_pages_lie_in_the_output_under_names_for_every_system(live) -> None:
    for path in live.out.rglob("*"):
        assert not NO_NAME.search(path.name), path
        assert not path.is_symlink()
    names = {path.relative_to(live.out).as_posix() for path in live.out.rglob("*") if path.is_file()}
    assert all(owner(name) for name in names)
    assert "names/~5Cforged" not in names
    checked = checking.check(str(live.out), 1, lambda _done, _total: None)
    assert [each for each in checked.dead if each.is_ours] == []


@pytest.mark.skipif(not POSIX, reason="needs symbolic links")
def test_links_in_the_output_lead_nothing_out(twin, tmp_path) -> None:
    victim, beyond, out = tmp_path / "victim.md", tmp_path / "beyond", tmp_path / "out"
    victim.write_text("mine\n<!-- kwmagic page of ./ -->\n", encoding="utf-8")
    beyond.mkdir()
    (beyond / "m0.py_docs.md").write_text("mine\n<!-- kwmagic page of pkg/m0.py -->\n", encoding="utf-8")
    out.mkdir()
    for name in ("index.md", "keywords.json", "objects.inv", "README.md_docs.md"):
        (out / name).symlink_to(victim)
    (out / "pkg").symlink_to(beyond, target_is_directory=True)
    (out / "docs").symlink_to(tmp_path / "nowhere", target_is_directory=True)
    before = held(beyond), victim.read_bytes()
    blocked = twin.build(out)
    assert blocked == twin.build(out), "said as long as it is so"
    assert (held(beyond), victim.read_bytes()) == before
    assert not (tmp_path / "nowhere").exists()
    assert {each.partition(" is a link")[0] for each in blocked} == {
        path.name for path in out.iterdir() if path.is_symlink()
    }
    for path in [*out.iterdir()]:
        if path.is_symlink():
            path.unlink()
    assert twin.build(out) == ()
    assert twin.build(tmp_path / "clean") == ()
    assert held(out) == held(tmp_path / "clean")


@pytest.mark.skipif(not POSIX, reason="needs symbolic links")
def test_links_in_the_sources_let_nothing_in(tmp_path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (tmp_path / "secret.py").write_text("class SecretThing: ...\n", encoding="utf-8")
    (source / "good.py").write_text("class Good: ...\n", encoding="utf-8")
    (source / "README.md").symlink_to(tmp_path / "secret.py")
    (source / "out.py").symlink_to(tmp_path / "secret.py")
    (source / "up").symlink_to("..", target_is_directory=True)
    (source / "notes.md").write_text("[x](../secret.py) [y](/etc/passwd) ![z](file:///etc/passwd)\n", encoding="utf-8")
    build(str(source), str(tmp_path / "out"), cache=str(tmp_path / "cache"), jobs=1)
    written = b"".join(data for data in held(tmp_path / "out").values() if isinstance(data, bytes))
    assert b"Good" in written
    assert b"SecretThing" not in written


# Nothing is run

TRAP = "import os, pathlib\npathlib.Path(os.environ['TRAP']).write_text(__name__)\ntrapped_marker = 1\n"
TRAPS = ("__init__", "setup", "conftest", "sitecustomize", "usercustomize", "ast", "json", "kwmagic", "git", "trap/a")
WATCHED = """
import os, sys
def watch(event, words, log=os.open(os.environ["AUDIT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
    if event == "exec":
        code = words[0]
        said = f"{code.co_filename} {'trapped_marker' in code.co_names}"
    elif event == "import":
        said = f"{words[0]} {words[1]}"
    elif event.startswith(("socket.connect", "socket.bind", "socket.getaddrinfo", "os.exec", "os.system", "os.spawn")):
        said = repr(words)
    elif event in ("subprocess.Popen", "os.posix_spawn"):
        said = os.path.basename(os.fsdecode(words[0]))
    else:
        return
    os.write(log, f"{event} {said}".replace("\\n", " ").encode("utf-8", "replace") + b"\\n")
sys.addaudithook(watch)
"""
BUILD = """
from kwmagic import workers
workers.CHILD = os.environ["WATCHED"] + workers.CHILD
from kwmagic.building.build import build
build(sys.argv[1], sys.argv[2], cache=sys.argv[3], jobs=int(sys.argv[4]))
"""


@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_nothing_of_the_code_is_run(tmp_path, jobs: int) -> None:
    """In processes that tell what they import, run, start and connect to; the folder itself is where they are."""
    repository = Repository(tmp_path / "source")
    for name in TRAPS:
        repository.put(f"{name}.py", TRAP)
    repository.put("pyproject.toml", '[project]\nname = "trap"\n[tool.kwmagic]\nexecutor = "trap.a:run"\n')
    repository.put("all.pth", "import trap.a\n")
    repository.put(".gitattributes", "* filter=trap diff=trap\n")
    repository.commit()
    ran, log = tmp_path / "ran", tmp_path / "audit"
    for key in ("core.fsmonitor", "core.pager", "filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv"):
        repository.git("config", key, f"touch '{ran}'; cat")
    for hook in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction"):
        file = repository.put(f".git/hooks/{hook}", f"#!/bin/sh\ntouch '{ran}'\n")
        file.chmod(0o755)
    environment = {**os.environ, "TRAP": str(ran), "AUDIT": str(log), "WATCHED": WATCHED}
    words = [str(repository.folder), str(tmp_path / "out"), str(tmp_path / "cache"), str(jobs)]
    subprocess.run(
        [sys.executable, "-P", "-c", WATCHED + BUILD, *words], cwd=repository.folder, env=environment, check=True
    )
    assert (tmp_path / "out" / "trap" / "a.py_docs.md").is_file()
    assert not ran.exists()
    told = log.read_text(encoding="utf-8").splitlines()
    started = {line.split()[-1] for line in told if line.startswith(("subprocess", "os."))}
    assert {each.removesuffix(".exe") for each in started} <= {
        "git",
        os.path.basename(sys.executable).removesuffix(".exe"),
    }
    assert jobs == 1 or len(started) > 1, "workers did it"
    assert not [line for line in told if line.startswith("socket")]
    assert not [line for line in told if line.startswith("exec") and line.endswith("True")]
    assert not [line for line in told if str(repository.folder) in line]
    assert not [line for line in told if re.match(r"import (trap|conftest|setup|sitecustomize\b.*source)\b", line)]


# In a real browser

PROBE = """() => {
    const blocks = "BLOCKQUOTE DETAILS DIV DL DT DD H1 H2 H3 H4 HR LI OL P PRE SUMMARY TABLE THEAD TBODY TR TH TD UL";
    const known = new Set(`${blocks} A BR CODE EM S SPAN STRONG`.split(" "));
    const names = /^(href|id|class|style|align|start|open|markdown)$/;
    const bad = window.pwned === undefined ? [] : [`pwned ${window.pwned}`];
    if (getComputedStyle(document.body).display !== "block") bad.push("styled");
    for (const element of document.querySelectorAll("body *")) {
        if (element.tagName === "DETAILS") element.open = true;
        if (!known.has(element.tagName)) bad.push(element.outerHTML.slice(0, 200));
        for (const each of element.attributes) if (!names.test(each.name)) bad.push(`${each.name}=${each.value}`);
        if (element.hasAttribute("href") && !/^https?:$/.test(element.protocol)) bad.push(element.getAttribute("href"));
    }
    return bad;
}"""
EXTENSIONS = ["toc", "tables", "fenced_code", "attr_list", "md_in_html", "def_list", "footnotes", "admonition", "abbr"]
"""Of Python-Markdown: what MkDocs has switched on, and what its users do."""


def rendered_by_markdown_it(text: str) -> str:
    return MARKDOWN.render(text)


def rendered_by_python_markdown(text: str) -> str:
    return pytest.importorskip("markdown").markdown(text, extensions=EXTENSIONS)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "rendered"),
    [
        ("markdown", rendered_by_markdown_it),
        ("markdown", rendered_by_python_markdown),
        *(("mkdocs", rendered_by_python_markdown), ("myst", rendered_by_markdown_it)),
    ],
)
def test_nothing_comes_alive_in_a_browser(live, folder, chromium, style: str, rendered) -> None:
    """Every page, each in a page of a site that has nothing else."""
    site = live._replace(out=folder / f"browser {style}")
    assert site.build(format=style) == ()
    for page, text in site.pages().items():
        front = FRONT.match(text)
        html = rendered(text[front.end() if front else 0 :])
        assert chromium(f"<!doctype html><meta charset=utf-8><title>{escape(page)}</title><body>{html}") == [], page


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 7])
def test_the_browser_would_tell(chromium, number: int) -> None:
    assert chromium(f"<!doctype html><body><p>{LIVE[number]}</p>") != []


@pytest.fixture(name="chromium", scope="module")
def _chromium():
    """Opens HTML, and tells what is in it that should not be: elements, attributes, links, requests, dialogs."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium in PATH")
    told: list[str] = []
    content = {"html": ""}

    def answer(route) -> None:
        if route.request.is_navigation_request() and route.request.frame.parent_frame is None:
            route.fulfill(body=content["html"], content_type="text/html; charset=utf-8")
        else:
            told.append(route.request.url)
            route.abort()

    def shown(html: str) -> list[str]:
        content["html"] = html
        told.clear()
        page.goto("http://site.test/a/page.html", wait_until="domcontentloaded")
        return [*page.evaluate(PROBE), *told]

    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route("**", answer)
        page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
        yield shown
        browser.close()
