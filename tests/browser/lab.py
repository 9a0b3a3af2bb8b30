"""Driving JupyterLab: a server of its own, and one notebook at a time in the browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from typing import Self

    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page

SECONDS = 60
"""How long a start, a run of all cells or a stop may take; a step in the browser has half of it."""

READY = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return context?.isReady && context.session?.kernel?.status === "idle";
}"""

SCROLLED = ".jp-Notebook .jp-WindowedPanel-outer"
OFFSET = "(here, edge) => here.getBoundingClientRect().top - edge.getBoundingClientRect().top"

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "completer-extension/inline-completer": {"providers": {}},
}


@dataclass(frozen=True)
class Server:
    """JupyterLab with a home of its own, so that nothing the user has set up is read or written."""

    home: Path
    token: str

    @property
    def root(self) -> Path:
        """The folder it serves."""
        return self.home / "root"

    def start(self) -> subprocess.Popen[bytes]:
        """Start it on a free port of the loopback interface."""
        for name, settings in SETTINGS.items():
            file = self.home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = [
            "--no-browser",
            "--allow-root",
            "--expose-app-in-browser",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.terminals_enabled=False",
            "--ServerApp.jpserver_extensions=notebook=True",  # Notebook 7, where it is installed
            "--JupyterNotebookApp.expose_app_in_browser=True",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.extension_manager=readonly",
            "--LabServerApp.labextensions_path=[]",  # none that happen to be installed beside
        ]
        with (self.home / "log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                cwd=self.root,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY_"))}
        own = {
            "HOME": "home",
            "IPYTHONDIR": "ipython",
            "XDG_CONFIG_HOME": "config",
            "JUPYTER_CONFIG_DIR": "config/jupyter",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        return {**kept, **{name: str(self.home / folder) for name, folder in own.items()}, "JUPYTER_NO_CONFIG": "1"}

    def url(self, process: subprocess.Popen[bytes]) -> str:
        """Where it answers, once it does."""
        information = self.home / "runtime" / f"jpserver-{process.pid}.json"
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                url = json.loads(information.read_text())["url"]
                with urllib.request.urlopen(f"{url}api/status?token={self.token}", timeout=SECONDS):
                    return url
            except (OSError, ValueError):  # not there yet, half written, not listening yet
                time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start:\n{self.log()}")

    def log(self) -> str:
        """What it said."""
        return (self.home / "log").read_text(errors="replace")

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End it together with its kernels."""
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab and the browser it is read in."""

    context: BrowserContext
    url: str
    token: str
    root: Path
    screenshots: Path

    def write(self, name: str, *cells: str) -> None:
        """Make a notebook."""
        notebook = new_notebook(cells=[new_code_cell(cell, id=f"cell-{n}") for n, cell in enumerate(cells)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)

    def copied(self, name: str) -> str:
        """Copy a notebook as if it came from elsewhere: its signature no longer fits, so nobody trusts it."""
        notebook = json.loads((self.root / name).read_text(encoding="utf-8"))
        notebook["metadata"]["from"] = "elsewhere"
        copy = f"untrusted-{name}"
        (self.root / copy).write_text(json.dumps(notebook), encoding="utf-8")
        return copy

    def open(self, name: str, *, classic: bool = False) -> Notebook:
        """Open a notebook in a window of its own (`classic`: of Notebook 7), until its kernel is idle."""
        page = self.context.new_page()
        page.set_default_timeout(SECONDS * 500)
        notebook = Notebook(page, self.screenshots)
        page.on("console", notebook.hear)
        page.on("pageerror", lambda error: notebook.errors.append(str(error)))
        page.on("request", lambda request: notebook.requests.append(request.url))
        workspace = re.sub(r"\W", "", name)
        place = "notebooks" if classic else f"lab/workspaces/{workspace}/tree"
        page.goto(f"{self.url}{place}/{quote(name)}?token={self.token}")
        page.wait_for_function(READY)
        notebook.errors.clear()  # those of its own start, such as a language server that isn't there
        return notebook


@dataclass
class Notebook:
    """One notebook in the browser."""

    page: Page
    screenshots: Path
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.close()

    def hear(self, message: ConsoleMessage) -> None:
        """Keep an error of the console."""
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def command(self, name: str) -> None:
        """Run a command of JupyterLab to its end."""
        script = """name => {
            window.commandEnded = null;
            const end = outcome => () => { window.commandEnded = outcome; };
            window.jupyterapp.commands.execute(name).then(end("well"), end("badly"));
        }"""
        self.page.evaluate(script, name)
        self.page.wait_for_function("() => window.commandEnded")
        assert self.page.evaluate("() => window.commandEnded") == "well", name

    def run(self) -> None:
        """Run all cells."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(READY)

    @property
    def cells(self) -> Locator:
        """The code cells."""
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def output(self, number: int) -> Locator:
        """The Markdown that a code cell shows."""
        return self.cells.nth(number).locator(".jp-RenderedMarkdown")

    def state(self) -> tuple[list[int | None], list[str]]:
        """The execution counts of the code cells, and the types of all outputs."""
        models = "window.jupyterapp.shell.currentWidget.content.widgets.map(each => each.model)"
        cells = self.page.evaluate(f"() => {models}.filter(each => each.type === 'code').map(each => each.toJSON())")
        return [cell["execution_count"] for cell in cells], [
            o["output_type"] for cell in cells for o in cell["outputs"]
        ]

    def trusted(self) -> bool:
        """Whether JupyterLab trusts the outputs."""
        models = "window.jupyterapp.shell.currentWidget.content.widgets.map(each => each.model)"
        return bool(self.page.evaluate(f"() => {models}.every(each => each.trusted || each.type !== 'code')"))

    def offset(self, place: Locator) -> float:
        """How far below the upper edge of the notebook's visible part something is, in pixels."""
        return float(place.evaluate(OFFSET, self.page.locator(SCROLLED).element_handle()))

    def abroad(self) -> list[str]:
        """What was asked of any other host."""
        return [url for url in self.requests if urlsplit(url).hostname not in {"127.0.0.1", None}]

    def shoot(self, name: str) -> None:
        """Keep pictures of the whole notebook, one screen three times as high as usual after the other."""
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": size["width"], "height": 3 * size["height"]})
        style = self.page.add_style_tag(content=".jp-Cell { content-visibility: visible !important; }")
        scrolled = self.page.locator(SCROLLED)
        screen = scrolled.evaluate("each => { each.scrollTop = 0; return each.clientHeight; }")
        cell = self.page.locator(".jp-Notebook .jp-Cell").last  # below it, the notebook scrolls on over nothing
        height = self.offset(cell) + cell.evaluate("each => each.offsetHeight")
        for number, top in enumerate(range(0, int(height), int(screen)), start=1):
            scrolled.evaluate("(each, top) => { each.scrollTop = top; }", top)
            self.page.screenshot(path=self.screenshots / f"{name}-{number}.png")
        scrolled.evaluate("each => { each.scrollTop = 0; }")
        style.evaluate("each => each.remove()")
        self.page.set_viewport_size(size)
