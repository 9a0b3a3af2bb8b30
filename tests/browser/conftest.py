"""A real JupyterLab in a real Chromium, both on loopback only; skipped where a part of them is missing."""

from __future__ import annotations

import os
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from lab import Lab, Server

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


@pytest.fixture(name="browser", scope="module")
def _browser():
    """Chromium; not for the whole session, as no other event loop can run beside Playwright's."""
    if missing := [name for name in ("playwright", "jupyterlab", "ipykernel") if find_spec(name) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if CHROMIUM is None:
        pytest.skip("no Chromium in PATH")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # it may be missing

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_context(viewport={"width": 1400, "height": 1000})
        browser.close()


@pytest.fixture(name="lab", scope="module")
def _lab(browser, tmp_path_factory):
    """JupyterLab in a folder with the tour, a package of known lines and files of every language."""
    server = Server(tmp_path_factory.mktemp("lab"), secrets.token_hex(16))
    shutil.copytree(HERE / "files", server.root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE.parents[1] / "notebooks" / "tour.ipynb", server.root)
    shutil.copytree(HERE.parent / "cases" / "checkout", server.root / "checkout")
    screenshots = Path(os.environ.get("KWMAGIC_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    screenshots.mkdir(parents=True, exist_ok=True)
    process = server.start()
    try:
        yield Lab(browser, server.url(process), server.token, server.root, screenshots)
    finally:
        server.stop(process)
