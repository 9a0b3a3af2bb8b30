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
    from playwright.sync_api import Browser, Locator, Page

SECONDS = 60
"""How long a start, a run of all cells or a stop may take; a step in the browser has half of it."""

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
            f"--IdentityProvider.token={self.token}",
            "--LabApp.extension_manager=readonly",
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

    browser: Browser
    url: str
    token: str
    root: Path
    screenshots: Path

    def write(self, name: str, *cells: str) -> None:
        """Make a notebook."""
        notebook = new_notebook(cells=[new_code_cell(cell, id=f"cell-{n}") for n, cell in enumerate(cells)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)

    def open(self, name: str) -> Notebook:
        """Open a notebook in a window of its own, until its kernel is idle."""
        page = self.browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(SECONDS * 500)
        notebook = Notebook(page, self.screenshots)
        page.on("console", notebook.hear)
        page.on("pageerror", lambda error: notebook.errors.append(str(error)))
        page.on("request", lambda request: notebook.requests.append(request.url))
        workspace = re.sub(r"\W", "", name)
        page.goto(f"{self.url}lab/workspaces/{workspace}/tree/{quote(name)}?token={self.token}")
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
        return notebook


@dataclass
class Notebook:
    """One notebook in the browser."""

    page: Page
    screenshots: Path
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def hear(self, message: object) -> None:
        """Keep an error of the console."""
        if message.type == "error":  # type: ignore[attr-defined]
            self.errors.append(f"{message.text} ({message.location.get('url')})")  # type: ignore[attr-defined]

    def run(self) -> None:
        """Run all cells and wait for the last."""
        assert self.command("notebook:run-all-cells")
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()

    def command(self, name: str, **arguments: object) -> object:
        """What a command of JupyterLab returns."""
        script = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(x => x === undefined || !!x)"
        return self.page.evaluate(script, [name, arguments])

    @property
    def cells(self) -> Locator:
        """The code cells."""
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def output(self, number: int) -> Locator:
        """The Markdown that a code cell shows."""
        return self.cells.nth(number).locator(".jp-RenderedMarkdown")

    def abroad(self) -> list[str]:
        """What was asked of any other host."""
        return [url for url in self.requests if urlsplit(url).hostname not in {"127.0.0.1", None}]

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole notebook, which scrolls inside the page."""
        size = self.page.viewport_size
        assert size is not None
        scrolled = ".jp-Notebook .jp-WindowedPanel-outer"
        for _ in range(2):  # cells that come into view only now may be higher than guessed
            height = self.page.locator(scrolled).evaluate("element => element.scrollHeight")
            self.page.set_viewport_size({"width": size["width"], "height": min(int(height) + 120, 16_000)})
        self.page.wait_for_timeout(200)
        self.page.screenshot(path=self.screenshots / f"{name}.png")
        self.page.set_viewport_size(size)
