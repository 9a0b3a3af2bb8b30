"""What others make of our notebooks and pages: each construct in each front end, warnings being errors.

What is expected, and the settings to build with, are those that README shows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

sys.path.insert(0, str(Path(__file__).parent / "front_ends"))
from constructs import Element, constructs, from_mystmd, read, verdicts, with_contents
from readme import expected, settings

from kwmagic.building.build import build
from kwmagic.exporting.export import export
from kwmagic.options import ExportOptions, SiteOptions

pytestmark = pytest.mark.slow
NOTES = Path(__file__).parents[1] / "notebooks"
NAMES = sorted(path.stem for path in NOTES.glob("*.ipynb"))
LIFT = "--Exporter.preprocessors=kwmagic.converters.LiftOutputs"
NAV = re.compile(r"^nav: .*\n", re.MULTILINE)
"""The pages of a menu, which differ from site to site."""
LIFTED = re.compile(r"^nb(?:sphinx)?_custom_formats = .*\n", re.MULTILINE)
"""The setting that lifts outputs while the site is built."""
CONTENTS = 'project = "Boats"\nhtml_sidebars = {"**": ["localtoc.html"]}\n'
MYST = "version: 1\nproject: {title: Boats}\nsite: {title: Boats, template: theme}\n"
THEME = "jtex: v1\ntitle: None\nversion: 1.0.0\nkind: site\n"
"""A theme without anything, in place of those that come from the network."""
NO_LANGUAGE = "Language is not defined for code block"
"""What mystmd says of text that is in no language, also under `--strict`, which goes on all the same."""


def run(*command: str, folder: Path) -> str:
    """Run a tool of others and return what it said, or skip where it is missing."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} in PATH")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PATH": os.pathsep.join((os.environ["PATH"], *pandoc()))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout + done.stderr


def pandoc() -> list[str]:
    """The folder of the pandoc that PyPI has."""
    if find_spec("pypandoc") is None:
        return []
    import pypandoc  # noqa: PLC0415  # it may be missing

    return [str(Path(pypandoc.get_pandoc_path()).parent)]


def needs(*modules: str) -> None:
    """Skip where a plugin is missing."""
    if missing := [name for name in modules if find_spec(name) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")


def forge(markdown: str) -> Element:
    """A Markdown file as forges show it."""
    return read(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown))


Page = Callable[[Path, Path], Element]
"""The page that a tool makes of a notebook or page, in a folder for it."""


def nbconvert(to: str, suffix: str, shown: Callable[[str], Element]) -> Page:
    """Without any settings."""

    def build(source: Path, folder: Path) -> Element:
        run("jupyter", "nbconvert", "--to", to, "--output-dir", str(folder), str(source), folder=folder)
        return shown((folder / f"{source.stem}{suffix}").read_text("utf-8"))

    return build


def mkdocs(source: Path, folder: Path) -> Element:
    """With mkdocs-jupyter if it is a notebook."""
    plugin = source.suffix == ".ipynb"
    needs("material", *(["mkdocs_jupyter"] if plugin else []))
    (folder / "docs").mkdir()
    shutil.copy(source, folder / "docs" / f"index{source.suffix}")
    mkdocs_site(folder, settings("mkdocs-jupyter") if plugin else "")
    return read((folder / "site" / "index.html").read_text("utf-8"))


def mkdocs_site(folder: Path, more: str = "") -> None:
    """The site of the files in `docs`."""
    (folder / "mkdocs.yml").write_text(NAV.sub("", settings("MkDocs")) + more, "utf-8")
    run("mkdocs", "build", "--strict", "--quiet", folder=folder)


def sphinx(tool: str = "Sphinx", *, lifts: bool = False) -> Page:
    """With the settings of README; *lifts*: with that which lifts outputs."""

    def build(source: Path, folder: Path) -> Element:
        shutil.copy(source, folder)
        sphinx_site(folder, source.stem, tool, lifts=lifts)
        return read((folder / "html" / f"{source.stem}.html").read_text("utf-8"))

    return build


def sphinx_site(folder: Path, first: str, tool: str = "Sphinx", *, lifts: bool = False) -> None:
    """The site of the files in a folder, *first* its first page."""
    needs("sphinx", *(["nbsphinx"] if tool == "nbsphinx" else ["myst_nb", "sphinxcontrib.mermaid"]))
    own = settings(tool) if lifts else LIFTED.sub("", settings(tool))
    (folder / "conf.py").write_text(f"{own}{CONTENTS}root_doc = {first!r}\n", "utf-8")
    run("sphinx-build", "-W", "-q", "-b", "html", ".", "html", folder=folder)


def mystmd(source: Path, folder: Path) -> Element:
    """What a theme of mystmd is given."""
    shutil.copy(source, folder)
    mystmd_site(folder)
    (page,) = (folder / "_build" / "site" / "content").glob("*.json")
    return with_contents(from_mystmd(json.loads(page.read_text("utf-8"))["mdast"]))


def mystmd_site(folder: Path) -> None:
    """The site of the files in a folder, without a warning; not `--strict`, which asks the web for every link."""
    (folder / "myst.yml").write_text(MYST, "utf-8")
    (folder / "theme").mkdir()
    (folder / "theme" / "template.yml").write_text(THEME, "utf-8")
    said = run("myst", "build", "--site", folder=folder)
    marks = "\N{WARNING SIGN}", "\N{NO ENTRY}"
    assert [line for line in said.splitlines() if line.startswith(marks) and not line.endswith(NO_LANGUAGE)] == []


NOTEBOOKS: dict[str, Page] = {
    "nbconvert html": nbconvert("html", ".html", read),
    "nbconvert markdown": nbconvert("markdown", ".md", forge),
    "mkdocs-jupyter": mkdocs,
    "myst-nb": sphinx(),
    "nbsphinx": sphinx("nbsphinx"),
    "mystmd": mystmd,
}
LIFTING: dict[str, Page] = {
    "mkdocs-jupyter": mkdocs,
    "mystmd": mystmd,
    "myst-nb": sphinx(lifts=True),
    "nbsphinx": sphinx("nbsphinx", lifts=True),
}
LIFTERS = {"myst-nb", "nbsphinx"}
"""Those that lift outputs themselves; the others are given them lifted."""
PAGES: dict[str, tuple[ExportOptions, Page]] = {
    "Markdown": (ExportOptions(), lambda source, _: forge(source.read_text("utf-8"))),
    "MkDocs": (ExportOptions(format="mkdocs"), mkdocs),
    "Sphinx": (ExportOptions(format="sphinx"), sphinx()),
    "mystmd": (ExportOptions(format="myst"), mystmd),
    "HTML": (ExportOptions(to="html"), lambda source, _: read(source.read_text("utf-8"))),
}


@pytest.fixture(name="notebook", scope="module")
def _notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return constructs(tmp_path_factory.mktemp("constructs"))


@pytest.fixture(name="lifted", scope="module")
def _lifted(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook with its outputs made Markdown cells."""
    folder = tmp_path_factory.mktemp("lifted")
    run("jupyter", "nbconvert", "--to", "notebook", LIFT, "--output-dir", str(folder), str(notebook), folder=folder)
    return folder / notebook.name


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    """Where it is built, away from what it is built of."""
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def exported(sources: list[Path], folder: Path, options: ExportOptions, pages: Path | None = None) -> None:
    """Write the pages of notebooks."""
    names = [str(source) for source in sources]
    beside = str(pages) if pages else None
    report = export(names, str(folder), options=options, with_pages=beside, say=lambda _: None)
    assert not report.problems


@pytest.mark.parametrize("front_end", NOTEBOOKS)
def test_notebook(notebook: Path, site: Path, front_end: str) -> None:
    assert verdicts(NOTEBOOKS[front_end](notebook, site)) == expected("notebook", front_end)


@pytest.mark.parametrize("front_end", LIFTING)
def test_lifted_notebook(notebook: Path, lifted: Path, site: Path, front_end: str) -> None:
    source = notebook if front_end in LIFTERS else lifted
    assert verdicts(LIFTING[front_end](source, site)) == expected("lifted", front_end)


@pytest.mark.parametrize("front_end", PAGES)
def test_page(notebook: Path, tmp_path: Path, site: Path, front_end: str) -> None:
    options, build = PAGES[front_end]
    exported([notebook], tmp_path / "out", options)
    page = tmp_path / "out" / f"{notebook.stem}.{options.to}"
    assert verdicts(build(page, site)) == expected("page", front_end)


@pytest.fixture(name="tour")
def _tour(tmp_path: Path) -> Path:
    """The tour by itself: without links to the notebooks that stand beside it."""
    text = re.sub(r"\]\([a-z]+\.ipynb\)", "](https://example.org/)", (NOTES / "tour.ipynb").read_text("utf-8"))
    (tmp_path / "tour.ipynb").write_text(text, "utf-8")
    return tmp_path / "tour.ipynb"


@pytest.mark.parametrize("front_end", NOTEBOOKS)
def test_tour_builds_without_a_warning(tour: Path, site: Path, front_end: str) -> None:
    assert "Objects are targets too" in NOTEBOOKS[front_end](tour, site).text


def test_pages_of_our_notebooks_and_of_a_package_are_one_site_of_mkdocs(site: Path) -> None:
    needs("material")
    pages = site / "docs" / "api"
    build(str(Path(nbformat.__file__).parent), str(pages), options=SiteOptions(format="mkdocs"), jobs=1)
    exported([NOTES], site / "docs", ExportOptions(format="mkdocs"), pages)
    (site / "docs" / "index.md").write_text("# Start\n", "utf-8")
    mkdocs_site(site)
    built = {page.relative_to(site / "site").as_posix() for page in (site / "site").rglob("*.html")}
    assert {"api/sign.py_docs.html", *(f"{name}.html" for name in NAMES)} <= built


def test_pages_of_our_notebooks_are_a_site_of_sphinx(site: Path) -> None:
    exported([NOTES], site, ExportOptions(format="sphinx"))
    toctree = "\n".join(["# Start", "", "```{toctree}", *NAMES, "```", ""])
    (site / "index.md").write_text(toctree, "utf-8")
    sphinx_site(site, "index")
    assert {f"{name}.html" for name in NAMES} <= {page.name for page in (site / "html").iterdir()}


def test_pages_of_our_notebooks_are_a_site_of_mystmd(site: Path) -> None:
    exported([NOTES], site, ExportOptions(format="myst"))
    mystmd_site(site)
    assert len(list((site / "_build" / "site" / "content").glob("*.json"))) == len(NAMES)
