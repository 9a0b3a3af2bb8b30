"""What others make of our notebooks and pages: each construct in each front end, warnings being errors.

What is expected stands in `front_ends/table.md`, which README shows; `front_ends/` also holds the settings it quotes.
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

import pytest
from markdown_it import MarkdownIt

HERE = Path(__file__).parent / "front_ends"
sys.path.insert(0, str(HERE))
from constructs import Element, constructs, expected, from_mystmd, read, verdicts, with_contents  # noqa: E402

from kwmagic.exporting.export import export  # noqa: E402
from kwmagic.options import ExportOptions  # noqa: E402

pytestmark = pytest.mark.slow
TOUR = HERE.parents[1] / "notebooks" / "tour.ipynb"
LIFT = "--Exporter.preprocessors=kwmagic.converters.LiftOutputs"


def run(*command: str, folder: Path) -> None:
    """Run a tool of others, or skip where it is missing."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} in PATH")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PATH": os.pathsep.join((os.environ["PATH"], *pandoc()))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr


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


def nbconvert_html(source: Path, folder: Path) -> Element:
    run("jupyter", "nbconvert", "--to", "html", "--output-dir", str(folder), str(source), folder=folder)
    return read((folder / f"{source.stem}.html").read_text("utf-8"))


def nbconvert_markdown(source: Path, folder: Path) -> Element:
    run("jupyter", "nbconvert", "--to", "markdown", "--output-dir", str(folder), str(source), folder=folder)
    return forge((folder / f"{source.stem}.md").read_text("utf-8"))


def mkdocs(source: Path, folder: Path) -> Element:
    """With mkdocs-jupyter if it is a notebook."""
    settings = "mkdocs-jupyter" if source.suffix == ".ipynb" else "mkdocs"
    needs("material", *(["mkdocs_jupyter"] if source.suffix == ".ipynb" else []))
    shutil.copy(HERE / settings / "mkdocs.yml", folder)
    (folder / "docs").mkdir()
    shutil.copy(source, folder / "docs" / f"index{source.suffix}")
    run("mkdocs", "build", "--strict", "--quiet", folder=folder)
    return read((folder / "site" / "index.html").read_text("utf-8"))


def sphinx(settings: str, more: str = "") -> Callable[[Path, Path], Element]:
    """Sphinx with one of our settings, and more of them."""

    def build(source: Path, folder: Path) -> Element:
        needs({"myst-nb": "myst_nb", "nbsphinx": "nbsphinx", "sphinx": "myst_parser"}[settings])
        (folder / "conf.py").write_text((HERE / settings / "conf.py").read_text("utf-8") + more, "utf-8")
        shutil.copy(source, folder / f"constructs{source.suffix}")
        run("sphinx-build", "-W", "-q", "-b", "html", ".", "html", folder=folder)
        return read((folder / "html" / "constructs.html").read_text("utf-8"))

    return build


def mystmd(source: Path, folder: Path) -> Element:
    """What a theme of mystmd is given; the themes themselves come from the network, so an empty one stands in."""
    shutil.copy(source, folder / f"constructs{source.suffix}")
    settings = (
        (HERE / "mystmd" / "myst.yml").read_text("utf-8").replace("constructs.ipynb", f"constructs{source.suffix}")
    )
    (folder / "myst.yml").write_text(f"{settings}  template: theme\n", "utf-8")
    (folder / "theme").mkdir()
    (folder / "theme" / "template.yml").write_text("jtex: v1\ntitle: None\nversion: 1.0.0\nkind: site\n", "utf-8")
    run("myst", "build", "--site", "--strict", folder=folder)
    page = json.loads((folder / "_build" / "site" / "content" / "index.json").read_text("utf-8"))
    return with_contents(from_mystmd(page["mdast"]))


NOTEBOOKS: dict[str, Callable[[Path, Path], Element]] = {
    "nbconvert html": nbconvert_html,
    "nbconvert markdown": nbconvert_markdown,
    "mkdocs-jupyter": mkdocs,
    "myst-nb": sphinx("myst-nb"),
    "nbsphinx": sphinx("nbsphinx"),
    "mystmd": mystmd,
}
CUSTOM = {
    "myst-nb": 'nb_custom_formats = {".ipynb": "kwmagic.converters.lifted_notebook"}\n',
    "nbsphinx": 'nbsphinx_custom_formats = {".ipynb": "kwmagic.converters.lifted_notebook"}\n',
}
"""Settings that lift outputs while the site is built."""
PAGES: dict[str, tuple[ExportOptions, Callable[[Path, Path], Element]]] = {
    "forges": (ExportOptions(), lambda source, _: forge(source.read_text("utf-8"))),
    "MkDocs": (ExportOptions(format="mkdocs"), mkdocs),
    "Sphinx": (ExportOptions(format="sphinx"), sphinx("sphinx")),
    "mystmd": (ExportOptions(format="myst"), mystmd),
    "HTML": (ExportOptions(to="html"), lambda source, _: read(source.read_text("utf-8"))),
}


@pytest.fixture(name="notebook", scope="module")
def _notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return constructs(tmp_path_factory.mktemp("constructs"))


def lifted(source: Path, folder: Path) -> Path:
    """The notebook with its outputs made Markdown cells."""
    run("jupyter", "nbconvert", "--to", "notebook", LIFT, "--output-dir", str(folder), str(source), folder=folder)
    return folder / source.name


def exported(source: Path, folder: Path, options: ExportOptions) -> Path:
    """The page of the notebook."""
    report = export([str(source)], str(folder), options=options, say=lambda _: None)
    assert not report.problems
    return next(folder.glob(f"{source.stem}*.{options.to}"))


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    """Where it is built, away from what it is built of."""
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


@pytest.mark.parametrize("front_end", NOTEBOOKS)
def test_notebook_as_it_is(notebook: Path, site: Path, front_end: str) -> None:
    assert verdicts(NOTEBOOKS[front_end](notebook, site)) == expected("Notebooks as they are", front_end)


@pytest.mark.parametrize("front_end", NOTEBOOKS)
def test_lifted_notebook(notebook: Path, tmp_path: Path, site: Path, front_end: str) -> None:
    source = lifted(notebook, tmp_path)
    assert verdicts(NOTEBOOKS[front_end](source, site)) == expected("Notebooks with lifted outputs", front_end)


@pytest.mark.parametrize("front_end", CUSTOM)
def test_notebook_that_is_lifted_by_the_builder(notebook: Path, site: Path, front_end: str) -> None:
    page = sphinx(front_end, CUSTOM[front_end])(notebook, site)
    assert verdicts(page) == expected("Notebooks with lifted outputs", front_end)


@pytest.mark.parametrize("front_end", PAGES)
def test_exported_page(notebook: Path, tmp_path: Path, site: Path, front_end: str) -> None:
    options, build = PAGES[front_end]
    source = exported(notebook, tmp_path / "out", options)
    assert verdicts(build(source, site)) == expected("Exported pages", front_end)


@pytest.fixture(name="tour")
def _tour(tmp_path: Path) -> Path:
    """The tour by itself: without links to the notebooks that stand beside it."""
    text = re.sub(r"\]\([a-z]+\.ipynb\)", "](https://example.org/)", TOUR.read_text("utf-8"))
    (tmp_path / "tour.ipynb").write_text(text, "utf-8")
    return tmp_path / "tour.ipynb"


@pytest.mark.parametrize("front_end", NOTEBOOKS)
def test_tour_builds_without_a_warning(tour: Path, site: Path, front_end: str) -> None:
    assert "Objects are targets too" in NOTEBOOKS[front_end](tour, site).text


@pytest.mark.parametrize("front_end", PAGES)
def test_page_of_the_tour_builds_without_a_warning(tour: Path, tmp_path: Path, site: Path, front_end: str) -> None:
    options, build = PAGES[front_end]
    source = exported(tour, tmp_path / "out", options)
    assert "Objects are targets too" in build(source, site).text
