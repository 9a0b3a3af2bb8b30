"""The command line: `kwmagic index TARGET`, `doc TARGET`, `search WORDS [TARGET]`, and those that write files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from kwmagic import config, frontend
from kwmagic.arguments import COMMANDS, check_alone, doc_options, index_options
from kwmagic.errors import ForeignError, KwmagicError
from kwmagic.progress import TerminalLine

_ABOUT = {
    "index": "Print the keyword index of a module, file or folder: every definition and import, with its line.",
    "doc": "Print the documentation of a module, file or folder.",
    "search": "Print the definitions that match words, best first; without a target, of the project around here.",
    "build": "Write the pages of a whole project into a folder, and of those that are there only what changed.",
    "check": "Follow every link of the pages in a folder; what leads nowhere is listed, and the exit code is 1.",
    "export": "Write notebooks as pages into a folder: what kwmagic showed in them becomes the page's own content.",
    "notebook": "Write a notebook that documents a package or folder, with places for the author's words.",
}
_WRITING = frozenset(("build", "check", "export", "notebook"))
"""Functions of `commands`; the others print what they find."""
_USAGE = """usage: kwmagic COMMAND TARGET [options]

  kwmagic index TARGET   the keyword index; with --uses, every use of a definition; with --since REF, what changed
  kwmagic doc TARGET     the documentation
  kwmagic search WORDS [TARGET]
                         the definitions that match
  kwmagic build SRC -o OUT
                         the pages of a whole project
  kwmagic check OUT      whether all links of such pages lead somewhere
  kwmagic export NOTEBOOK… -o OUT
                         notebooks as pages
  kwmagic notebook TARGET -o FILE
                         a notebook to begin with
  kwmagic --version

`kwmagic COMMAND --help` shows the options."""


class _UsageError(Exception):
    """Wrong use: one line, exit code 2."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(message)


def run(argv: Sequence[str]) -> int:
    """Run one command; what the process exits with."""
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # an ASCII locale or an old console must not stop it
    name = argv[0] if argv else ""
    try:
        return _command(name, argv[1:]) if name in COMMANDS else _other(name)
    except ForeignError as error:
        return _failed(1, name, str(error))
    except (_UsageError, KwmagicError) as error:
        return _failed(2, name, str(error))
    except BrokenPipeError:
        _drop_stdout()  # whoever read has gone: nothing is left to say
        return 1
    except OSError as error:
        _drop_stdout()
        where = f": {error.filename}" if error.filename else ": standard output"
        return _failed(1, name, f"{error.strerror or error}{where}")


def _other(word: str) -> int:
    if word in {"-h", "--help"}:
        _print([_USAGE])
    elif word in {"-V", "--version"}:
        import kwmagic  # noqa: PLC0415

        _print([f"kwmagic {kwmagic.__version__}"])
    else:
        raise _UsageError(
            f"{f'no command {word!r}' if word else 'a command is needed'}; there are: {', '.join(COMMANDS)}"
        )
    return 0


def _command(name: str, argv: Sequence[str]) -> int:
    parser = _Parser(f"kwmagic {name}", description=_ABOUT[name], add_help=False, allow_abbrev=False)
    for each in COMMANDS[name]:
        parser.add_argument(*each.flags, **each.settings)
    if not {"-h", "--help"}.isdisjoint(argv):  # before anything is missed
        _print([parser.format_help()])
        return 0
    args = parser.parse_intermixed_args(argv)
    if name in _WRITING:
        from kwmagic import commands  # noqa: PLC0415  # wrong use is answered without it

        done: tuple[int, Iterable[str]] = getattr(commands, name)(args)
        code, lines = done
        _print(f"{line}\n" for line in lines)
        return code
    check_alone(args)
    if not args.target and name != "search" and not getattr(args, "search", None):
        raise _UsageError("a target is needed: a module, a path or a name in a module; see --help")
    result = _made(name, args)
    pieces = result.json_text() if args.format == "json" else [result.to_markdown()]
    if args.output is None:
        _print(pieces)
    else:
        _write(args.output, pieces)
    return _judged(name, result) if args.strict else 0


def _made(name: str, args: argparse.Namespace) -> Any:
    from kwmagic import documents, exploring  # noqa: PLC0415  # wrong use is answered without it

    settings, warnings = config.load(config.working_folder())
    for warning in warnings:
        _say(f"kwmagic {name}: {warning}")
    line = TerminalLine()
    where: dict[str, Any] = {
        "reader": frontend.for_command_line(args.links or settings.links, settings, args.output),
        "scene": documents.Scene(
            everything=args.everything,
            progress=lambda done, total: line.write(f"{done:,} of {total:,} files"),
            cache=config.cache_folder(settings),
        ),
    }
    target = " ".join(args.target)
    try:
        words = args.words if name == "search" else getattr(args, "search", None)
        if words is not None:
            return exploring.search(words, target or None, **where)
        if getattr(args, "uses", False):
            return exploring.uses(target, **where)
        if name == "index" and args.since is not None:
            return documents.changes(target, args.since, options=index_options(args, settings), **where)
        if name == "index":
            return documents.index(target, options=index_options(args, settings), **where)
        return documents.document(target, options=doc_options(args, settings), **where)
    finally:
        line.erase()


def _judged(name: str, result: Any) -> int:
    problems = len(result.problems)
    if problems:
        _say(f"kwmagic {name}: {problems:,} problem{'s' if problems > 1 else ''} met, listed in the output")
    return 1 if problems else 0


def _print(pieces: Iterable[str]) -> None:
    """To standard output, with a line end behind, all of it: a full disk is met here and not when Python ends."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    last = ""
    for last in pieces:
        sys.stdout.write(last)
    sys.stdout.write("" if last.endswith("\n") else "\n")
    sys.stdout.flush()


def _write(path: str, pieces: Iterable[str]) -> None:
    """Into a file, whole or not at all; a device or a pipe is written to as it is."""
    path = os.path.realpath(path)
    beside = f"{path}.{os.getpid()}.part"
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            _fill(path, "wb", pieces)
        else:
            _fill(beside, "xb", pieces)
            os.replace(beside, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    finally:
        with suppress(OSError):
            os.unlink(beside)


def _fill(path: str, mode: str, pieces: Iterable[str]) -> None:
    with open(path, mode) as stream:
        stream.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)


def _drop_stdout() -> None:
    """Nothing more can go there, and Python would try once more at its end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(code: int, name: str, message: str) -> int:
    from kwmagic.mdtext import one_line  # noqa: PLC0415

    _say(f"kwmagic {name if name in COMMANDS else ''}".rstrip() + f": {one_line(message)}")
    return code


def _say(line: str) -> None:
    if sys.stderr is not None:
        print(line, file=sys.stderr)
