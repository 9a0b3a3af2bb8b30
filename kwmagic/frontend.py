"""Where the output is read: the settled `Reader` for a notebook or a command line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kwmagic.config import Settings
from kwmagic.links import Reader, is_inside
from kwmagic.model import FileRef


@dataclass(frozen=True, slots=True)
class TemplateReader(Reader):
    """A reader with templates for a forge: a link that works here comes first, then the template for the file."""

    templates: tuple[tuple[str, str], ...] = ()
    """(path prefix, template), the longest prefix first; an empty prefix is any file."""
    project: str | None = None
    """The folder that paths on the forge are relative to, for files that lie in it."""
    forge_first: bool = False
    """Whether the template comes before a link that works here."""

    def source(self, ref: FileRef, line: int = 0, end_line: int = 0) -> str | None:
        """The URL of a line, or None where no link can work."""
        ways = (self._on_forge, self._here) if self.forge_first else (self._here, self._on_forge)
        return next((url for way in ways if (url := way(ref, line, end_line))), None)

    def _here(self, ref: FileRef, line: int, end_line: int) -> str | None:
        return Reader.source(self, ref, line, end_line)

    def _on_forge(self, ref: FileRef, line: int, end_line: int) -> str | None:
        if self.links == "none":
            return None
        for prefix, template in self.templates:
            if not prefix or ref.path == f"{prefix}.py" or ref.path.startswith(f"{prefix}/"):
                there = FileRef(ref.path if prefix else self._in_project(ref))
                return Reader(url=template).source(there, line, end_line)
        return None

    def _in_project(self, ref: FileRef) -> str:
        if self.project is None or ref.file is None or not is_inside(ref.file, self.project):
            return ref.path
        return os.path.relpath(os.path.realpath(ref.file), os.path.realpath(self.project)).replace(os.sep, "/")


def for_notebook(links: str, settings: Settings, namespace: Mapping[str, Any], *, kernel: bool) -> Reader:
    """The reader of a notebook, or of a terminal where there is no kernel; `auto` is settled by what is known."""
    if not kernel:
        return _reader("none" if links == "auto" else links, "", None, settings)
    vscode = namespace.get("__vsc_ipynb_file__")
    if isinstance(vscode, str) and links in {"auto", "vscode"}:
        return _reader("vscode", os.path.dirname(vscode), None, settings)
    root = _server_root()
    folder = _session_folder(root)
    if links == "auto":
        links = "none" if root is None and folder is None else "jupyterlab"
    if links == "jupyterlab":  # without a server, what lies below the notebook is still within its reach
        folder = folder or os.getcwd()
        return _reader(links, folder, root or folder, settings)
    return _reader(links, folder or os.getcwd(), None, settings)


def for_command_line(links: str, settings: Settings, output: str | None) -> Reader:
    """The reader of what the command line writes: links start from the folder of the file it goes to."""
    folder = os.path.dirname(os.path.abspath(output)) if output else os.getcwd()
    return _reader("none" if links == "auto" else links, folder, None, settings)


def _reader(links: str, folder: str, root: str | None, settings: Settings) -> Reader:
    given = settings.source_url
    named = given.items() if isinstance(given, Mapping) else [("", given)] if given else []
    templates = sorted(((name.replace(".", "/"), url) for name, url in named), key=lambda pair: -len(pair[0]))
    return TemplateReader(
        links, folder, root, templates=tuple(templates), project=settings.project, forge_first=links == "github"
    )


def _session_folder(root: str | None) -> str | None:
    """The folder of the notebook, from the name its Jupyter session has; it may be relative to the server's root."""
    name = os.environ.get("JPY_SESSION_NAME", "")
    for file in (name, os.path.join(root or "", name.lstrip("/"))):
        folder = os.path.dirname(file)
        if os.path.isabs(folder) and os.path.isdir(folder):
            return folder
    return None


def _server_root() -> str | None:
    """The root folder of the Jupyter server that started this kernel, from the server's own information file."""
    try:
        from jupyter_core.paths import jupyter_runtime_dir  # noqa: PLC0415  # where there is no Jupyter there is no server
    except ImportError:
        return None
    for pid in {str(os.getppid()), os.environ.get("JPY_PARENT_PID", "")} - {""}:
        try:
            with open(os.path.join(jupyter_runtime_dir(), f"jpserver-{pid}.json"), encoding="utf-8") as stream:
                info = json.load(stream)
            if str(info["pid"]) == pid and os.path.isdir(info["root_dir"]):
                return str(info["root_dir"])
        except (OSError, ValueError, KeyError, TypeError):  # no server, or a file half written
            continue
    return None
