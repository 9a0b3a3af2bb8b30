"""Sites of others made from our pages: MkDocs and Sphinx, strict, with the settings that README shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "front_ends"))
from readme import settings

from kwmagic.building.build import build
from kwmagic.options import SiteOptions

PACKAGE = Path(__file__).parent / "cases" / "pages" / "package" / "shapes"
README = "# Shapes\n\nSee [base](shapes/base.py), [nothing](gone.md) and <https://example.org>.\n"
TITLE = re.compile(r'^---\ntitle: "(.*)"\n')
HREF = re.compile(r'href="([^"]*)#(kw-[^"]+)"')


def source(folder: Path) -> Path:
    shutil.copytree(PACKAGE, folder / "src" / "shapes")
    (folder / "src" / "README.md").write_text(README, encoding="utf-8")
    (folder / "src" / ".hidden").mkdir()
    (folder / "src" / "templates").mkdir()
    (folder / "src" / "templates" / "odd name.py").write_text('"""{{ odd }} <b>x</b>"""\ndef f_(): ...\n', "utf-8")
    return folder / "src"


def run(*command: str, folder: Path) -> None:
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr


def assert_anchors(site: Path) -> None:
    """Every link to one of our anchors leads to an element of a page that is there."""
    pages = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    followed = 0
    for page, text in pages.items():
        for address, anchor in HREF.findall(text):
            target = (page.parent / address.replace("%20", " ")).resolve() if address else page
            assert f'id="{anchor}"' in pages[target], (page, address, anchor)
            followed += 1
    assert followed > 100


def test_titles_tell_the_pages_of_a_menu_apart(tmp_path: Path) -> None:
    (source(tmp_path) / "many.py").write_text("".join(f"{chr(97 + i % 26)}{i} = 0\n" for i in range(1100)), "utf-8")
    build(str(tmp_path / "src"), str(tmp_path / "docs"), options=SiteOptions(format="mkdocs"), jobs=1)
    titles = Counter(TITLE.findall(page.read_text("utf-8"))[0] for page in (tmp_path / "docs").rglob("*.md"))
    assert {"src: keywords A–Z", "src: keywords A–Z, C", "src: keywords by kind, C"} < titles.keys()
    assert titles.most_common(1)[0][1] == 1


def test_mystmd_has_anchors_that_are_no_links(tmp_path: Path) -> None:
    build(str(source(tmp_path)), str(tmp_path / "docs"), options=SiteOptions(format="myst"), jobs=1)
    pages = [page.read_text("utf-8") for page in (tmp_path / "docs").rglob("*.md")]
    assert not any('<a id="' in page for page in pages)
    assert sum(page.count('<span id="kw-') for page in pages) > 50
    assert '<span id="kw-' in (tmp_path / "docs" / "book.md").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("mkdocs"), reason="no mkdocs in PATH")
def test_mkdocs(tmp_path: Path) -> None:
    build(str(source(tmp_path)), str(tmp_path / "docs"), options=SiteOptions(format="mkdocs"), jobs=1)
    (tmp_path / "mkdocs.yml").write_text(settings("MkDocs"), encoding="utf-8")
    run("mkdocs", "build", "--strict", "--quiet", folder=tmp_path)
    assert_anchors(tmp_path / "site")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("sphinx-build"), reason="no sphinx-build in PATH")
def test_sphinx(tmp_path: Path) -> None:
    build(str(source(tmp_path)), str(tmp_path / "docs"), options=SiteOptions(format="sphinx"), jobs=1)
    (tmp_path / "docs" / "conf.py").write_text(settings("Sphinx"), encoding="utf-8")
    run("sphinx-build", "-W", "-q", "-b", "html", "docs", "html", folder=tmp_path)
    assert_anchors(tmp_path / "html")
