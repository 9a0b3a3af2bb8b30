"""Where the output is read: the settled `Reader` for a notebook or a command line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from kwmagic.config import Settings
from kwmagic.links import ROOT_VARIABLE, Reader


def for_notebook(links: str, settings: Settings, namespace: Mapping[str, Any], *, kernel: bool) -> Reader:
    """The reader of a notebook, or of a terminal where there is no kernel; `auto` is settled by what is known."""
    if not kernel or links == "none":
        return _reader(links, "", None, settings)
    vscode = namespace.get("__vsc_ipynb_file__")
    if isinstance(vscode, str) and links in {"auto", "vscode"}:
        return _reader("vscode", os.path.dirname(vscode), None, settings)
    root = os.environ.get(ROOT_VARIABLE) or _server_root()
    folder = _session_folder(root)
    if links == "auto":
        links = "auto" if root is None and folder is None else "jupyterlab"
    if links == "jupyterlab":  # without a server, what lies below the notebook is still within its reach
        folder = folder or os.getcwd()
        return _reader(links, folder, root or folder, settings)
    return _reader(links, folder or os.getcwd(), None, settings)


def for_command_line(links: str, settings: Settings, output: str | None) -> Reader:
    """The reader of what the command line writes: links start from the folder of the file it goes to."""
    folder = os.path.dirname(os.path.abspath(output)) if output else os.getcwd()
    return _reader(links, folder, None, settings)


def _reader(links: str, folder: str, root: str | None, settings: Settings) -> Reader:
    """`auto` has found no front end: places are printed, and only a template makes links of them; `none` wants none."""
    given = settings.source_url if links != "none" else None
    named = given.items() if isinstance(given, Mapping) else [("", given)] if given else []
    templates = sorted(((name.replace(".", "/"), url) for name, url in named), key=lambda pair: -len(pair[0]))
    return Reader("none" if links == "auto" else links, folder, root, tuple(templates), settings.project)


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
