"""A reader of an HTML site: a page in Chromium, what it complains of, and a web server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

SERIOUS = {"serious", "critical"}


class Reader:
    """One page in the browser. Nothing may be asked for that is not below *top*, the URL of the site with its slash."""

    def __init__(self, browser, top: str) -> None:
        self.page = browser.new_page()
        self.top = top
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: line.type in {"error", "warning"} and self.complaints.append(line.text))
        self.page.on("request", lambda request: request.url.startswith(self.top) or self.complaints.append(request.url))

    def open(self, path: str):
        """The page, its menu there."""
        self.page.goto(f"{self.top}{path}")
        self.page.locator("#kw-menu li").first.wait_for(state="attached")
        return self.page

    @property
    def at(self) -> str:
        """Where the reader is: path and fragment."""
        return unquote(self.page.url).removeprefix(self.top)

    def search(self, words: str) -> list[str]:
        """The results of a question, shown."""
        self.page.locator("#kw-search").fill(words)
        self.page.locator(".kw-search-status:not(:empty)").wait_for()
        return self.page.locator(".kw-result").all_inner_texts()


@contextmanager
def reading(browser, top: str) -> Iterator[Reader]:
    """A reader of the site at a URL, who must have nothing to complain of in the end."""
    reader = Reader(browser, top)
    yield reader
    reader.page.close()
    assert reader.complaints == []


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The URL of a folder on a web server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def complaints(axe: str, page, within: str = "html") -> list[str]:
    """What axe (the text of its script) finds in a part of a page that keeps people from reading it."""
    page.evaluate(axe)
    found = page.evaluate("within => axe.run(within, {preload: false})", within)
    assert found["passes"]
    return [
        f"{violation['id']}: {node['html']}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
