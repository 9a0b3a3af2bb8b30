"""Executors that the command line names: those of cluster software, and any that the user has a function for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kwmagic.errors import OptionError
from kwmagic.mdtext import one_line

if TYPE_CHECKING:
    from concurrent.futures import Executor


@contextmanager
def named(text: str) -> Iterator[Executor]:
    """The executor that a text on the command line names; what was opened for it is closed in the end.

    `ipyparallel[:PROFILE]` is the engines of a running cluster, `dask[:ADDRESS]` the workers of a scheduler (without
    an address: what dask is configured for, or a cluster on this machine), `MODULE:CALLABLE` what a call without
    arguments gives. `OptionError` says in one line why there is none.
    """
    kind, _, rest = text.partition(":")
    with ExitStack() as opened:
        if kind == "ipyparallel":
            client = _called(
                text, _module(text, "ipyparallel", extra=kind).Client, **({"profile": rest} if rest else {})
            )
            opened.callback(client.close)
            yield _called(text, client.executor)
        elif kind == "dask":
            client = _called(text, _module(text, "dask.distributed", extra=kind).Client, *([rest] if rest else []))
            opened.callback(client.close)
            yield client.get_executor()
        else:
            executor = _called(text, _callable(text, kind, rest))
            if not callable(getattr(executor, "submit", None)):
                raise OptionError(f"--executor {one_line(text)}: it gave no executor but a {type(executor).__name__}")
            opened.callback(_end, executor)
            yield executor


def _end(executor: Executor) -> None:
    """Not all have the same options."""
    try:
        executor.shutdown(wait=False, cancel_futures=True)
    except TypeError:
        executor.shutdown(wait=False)


def _module(text: str, name: str, extra: str = "") -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        hint = f": pip install 'kwmagic[{extra}]'" if extra else ""
        raise OptionError(f"--executor {one_line(text)}: {one_line(str(error))}{hint}") from None
    except Exception as error:
        raise _refused(text, error) from error


def _callable(text: str, module: str, name: str) -> Callable[[], Any]:
    if not (module and name):
        raise OptionError(
            f"--executor {one_line(text)}: known are ipyparallel, ipyparallel:PROFILE, dask, dask:ADDRESS and "
            "MODULE:CALLABLE"
        )
    found = getattr(_module(text, module), name, None)
    if not callable(found):
        raise OptionError(f"--executor {one_line(text)}: the module has no callable of that name")
    return found  # type: ignore[no-any-return]  # anything the user has


def _called(text: str, function: Callable[..., Any], *arguments: str, **named: str) -> Any:
    try:
        return function(*arguments, **named)
    except Exception as error:
        raise _refused(text, error) from error


def _refused(text: str, error: Exception) -> OptionError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return OptionError(
        f"--executor {one_line(text)}: {type(error).__name__}{': ' if lines else ''}{one_line(' '.join(lines[:1]))}"
    )
