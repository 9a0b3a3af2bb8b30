"""What is configured: `%config KWMagics` over the nearest `pyproject.toml` over the user's file over the defaults."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from kwmagic.errors import OptionError
from kwmagic.options import LINKS, SOURCES
from kwmagic.projects.roots import upwards
from kwmagic.store.folder import cache_folder as default_folder


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults of the options, and what has no option."""

    links: str = "auto"
    source_url: str | Mapping[str, str] = ""
    """Template of links to a forge, `https://…/{path}#L{line}`; or one per package: `{"torch.nn": "https://…"}`."""
    max_bytes: int = 200_000
    """Size of one output in a cell; the rest is counted."""
    max_entries: int = 2_000
    headings: bool = True
    """Whether the sections of a document are `##` headings in a cell; bold if not."""
    source: str | None = None
    diagram: bool | None = None
    private: bool = True
    local: bool = True
    sort: str = "name"
    group: str | None = None
    depth: int | None = None
    cache: str | None = None
    """The folder of the indexes of projects; `cache_folder` tells which holds."""
    project: str | None = None
    """The folder of the `pyproject.toml` that was found; not a setting itself."""


BYTES = (1_000, 500_000)
ENTRIES = (1, 5_000)
SORTS = ("name", "line")
GROUPS = ("kind", "file")
KEYS = tuple(each.name for each in fields(Settings) if each.name != "project")
"""What may be configured."""


_TEMPLATE = re.compile(r"https?://\S*\{path\}")


class _Rule(NamedTuple):
    holds: Callable[[Any], bool]
    wanted: str


def _one_of(words: tuple[str, ...]) -> _Rule:
    return _Rule(lambda value: value in words, f"one of {', '.join(words)}")


def _number(low: int, high: int | None = None) -> _Rule:
    wanted = f"a whole number, {low:,} or more" if high is None else f"a whole number from {low:,} to {high:,}"
    return _Rule(lambda value: type(value) is int and low <= value and (high is None or value <= high), wanted)


def _is_template(value: Any) -> bool:
    templates = value.values() if isinstance(value, Mapping) else (value,)
    return all(isinstance(each, str) and (not each or _TEMPLATE.match(each)) for each in templates)


_YES_OR_NO = _Rule(lambda value: type(value) is bool, "true or false")
_RULES = {
    "links": _one_of(LINKS),
    "source_url": _Rule(_is_template, "a template such as https://…/{path}#L{line}, or one per package"),
    "max_bytes": _number(*BYTES),
    "max_entries": _number(*ENTRIES),
    "headings": _YES_OR_NO,
    "source": _one_of(SOURCES),
    "diagram": _YES_OR_NO,
    "private": _YES_OR_NO,
    "local": _YES_OR_NO,
    "sort": _one_of(SORTS),
    "group": _one_of(GROUPS),
    "depth": _number(1),
    "cache": _Rule(lambda value: isinstance(value, str) and value != "" and "\0" not in value, "the path of a folder"),
}


def load(folder: str, over: Mapping[str, Any] | None = None) -> tuple[Settings, list[str]]:
    """What holds in a folder, with `over` (from `%config`) on top; and a warning for each unknown key.

    Raises `OptionError` where a file is not TOML or a value can't be used.
    """
    values: dict[str, Any] = {}
    warnings: list[str] = []
    user, project = _user_file(), _project_file(folder)
    tables = (user, _table(user, ())), (project, _table(project, ("tool", "kwmagic"))), ("%config KWMagics", over)
    for label, table in tables:
        for key, value in (table or {}).items():
            if key not in _RULES:
                warnings.append(_unknown(str(label), key))
            elif not _RULES[key].holds(value):
                raise OptionError(f"{label}: {key} must be {_RULES[key].wanted}, not {value!r}")
            else:
                values[key] = value
    return Settings(**values, project=project and os.path.dirname(project)), warnings


def working_folder() -> str:
    """The folder we are in; raises `OptionError` where it was deleted."""
    try:
        return os.getcwd()
    except OSError:
        raise OptionError("the working folder no longer exists: change to another one") from None


def cache_folder(settings: Settings) -> str:
    """Where the indexes of projects are kept, by the environment, the settings or the system.

    A relative path counts from the folder of the project's `pyproject.toml`, else from the working folder.
    """
    if settings.cache is None:
        return default_folder()
    return default_folder(os.path.join(settings.project or "", os.path.expanduser(settings.cache)))


def _unknown(label: str, key: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only once something is wrong

    close = get_close_matches(key, KEYS, n=1)
    hint = f"; did you mean '{close[0]}'?" if close else f"; there are: {', '.join(KEYS)}"
    return f"{label}: unknown key '{key}'{hint}"


def _user_file() -> str | None:
    import platformdirs  # noqa: PLC0415  # not needed to import kwmagic

    file = os.path.join(platformdirs.user_config_dir("kwmagic", appauthor=False), "config.toml")
    return file if os.path.isfile(file) else None


def _project_file(folder: str) -> str | None:
    """The nearest `pyproject.toml` with a `[tool.kwmagic]` table, from `folder` upwards."""
    for each in upwards(os.path.abspath(folder)):
        file = os.path.join(each, "pyproject.toml")
        if os.path.isfile(file) and _table(file, ("tool", "kwmagic")) is not None:
            return file
    return None


def _table(file: str | None, keys: tuple[str, ...]) -> dict[str, Any] | None:
    """A table of a TOML file; None where it is not there."""
    if file is None:
        return None
    import tomllib  # noqa: PLC0415  # not needed where nothing is configured

    try:
        with open(file, "rb") as stream:
            table: Any = tomllib.load(stream)
    except (OSError, ValueError) as error:  # bad TOML and bad UTF-8 are ValueErrors
        raise OptionError(f"{file}: {' '.join(str(error).split())}") from None
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None
