"""A notebook run anew before it is exported; its file stays as it is."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, NamedTuple

from kwmagic.errors import OptionError
from kwmagic.links import ROOT_VARIABLE
from kwmagic.model import Problem
from kwmagic.sources import reason

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

_PYTHON = "python3"
"""The kernel that every installation of ipykernel has."""
_KEEPS_OUTPUTS = "skip-execution"
"""The tag of cells that nbclient does not run."""
_FORMAT = 4
"""The version of nbformat that nbclient knows."""
_REST = "the cells below were not run"


class Executed(NamedTuple):
    """A notebook after it was run."""

    text: str
    """The content of an .ipynb."""
    problems: tuple[Problem, ...] = ()


def executed(text: str, file: str, root: str, timeout: int | None = None) -> Executed:
    """Run the notebook with that *text*, in the folder of its *file*, with its own kernel, else with Python's.

    It ends at the first error, which then stands on the page, unless the notebook expects it: by the tag
    `raises-exception`, or by `allow_errors` in its metadata for execution. *root*: the folder above which kwmagic's
    outputs shall have no links; *timeout*: seconds for each cell. Raises `OptionError` where nbclient is missing.
    """
    try:
        import nbformat  # noqa: PLC0415  # slow to import
        from nbclient import NotebookClient  # noqa: PLC0415  # an extra
    except ImportError:
        raise OptionError('running notebooks needs more: pip install "kwmagic[export]"') from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cells without ids, which a page has no use for
        notebook = _read(text)
        if notebook is None:
            return Executed(text, (Problem(0, "was not run, as it is no valid notebook"),))
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name=_kernel(notebook),
            resources={"metadata": {"path": os.path.dirname(file)}},
            record_timing=False,
            allow_errors=_allows_errors(notebook),
        )
        links = {"JPY_SESSION_NAME": file, ROOT_VARIABLE: root}  # where those of kwmagic's outputs start and may lead
        problems = _run(client, {**os.environ, **links})
        return Executed(nbformat.writes(notebook), problems)  # type: ignore[no-untyped-call]


def _read(text: str) -> NotebookNode | None:
    """The notebook with no outputs but those that stay; None where its format is broken."""
    import nbformat  # noqa: PLC0415  # slow to import

    try:
        notebook: NotebookNode = nbformat.reads(text, as_version=_FORMAT)  # type: ignore[no-untyped-call]
        is_whole = all(map(_is_whole, notebook.cells)) and isinstance(notebook.metadata, dict)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, nbformat.ValidationError):
        return None
    if not is_whole:
        return None
    for cell in notebook.cells:
        if cell.cell_type == "code" and _KEEPS_OUTPUTS not in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
    return notebook


def _is_whole(cell: NotebookNode) -> bool:
    """Whether a cell has what nbclient asks of it."""
    return (
        isinstance(cell.cell_type, str)
        and isinstance(cell.source, str)
        and isinstance(cell.metadata, dict)
        and isinstance(cell.metadata.get("tags", []), list)
    )


def _kernel(notebook: NotebookNode) -> str:
    """The notebook's own, where it is installed or where nothing else can take its place."""
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415  # comes with nbclient

    spec = notebook.metadata.get("kernelspec")
    if not isinstance(spec, dict):
        return _PYTHON
    name = str(spec.get("name", _PYTHON))
    is_python = str(spec.get("language", "python")).lower() == "python"
    return _PYTHON if is_python and name not in KernelSpecManager().find_kernel_specs() else name


def _allows_errors(notebook: NotebookNode) -> bool:
    execution = notebook.metadata.get("execution", {})
    return isinstance(execution, dict) and execution.get("allow_errors") is True


def _run(client: NotebookClient, environment: dict[str, str]) -> tuple[Problem, ...]:
    """Run all cells; what stopped them, with the number of the cell."""
    from jupyter_client.kernelspec import NoSuchKernel  # noqa: PLC0415  # comes with nbclient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: PLC0415  # an extra

    number = 0

    def begin(cell_index: int, **_cell: object) -> None:
        nonlocal number
        number = cell_index + 1

    client.on_cell_start = begin
    try:
        with open(os.devnull, "wb") as nowhere:  # what a kernel says of itself; what cells print comes as outputs
            client.execute(env=environment, stdout=nowhere, stderr=nowhere)
    except NoSuchKernel as error:
        return (Problem(0, f"was not run: there is no kernel {error.name}; install it, or export what was run before"),)
    except CellExecutionError as error:
        return (Problem(0, f"{f'{error.ename}: {error.evalue}'.splitlines()[0]}; {_REST}", number),)
    except CellTimeoutError:
        return (Problem(0, f"took longer than {client.timeout} s; {_REST}", number),)
    except (DeadKernelError, RuntimeError) as error:  # the second: it died before its first answer
        return (Problem(0, f"{(str(error) or 'the kernel died').splitlines()[0]}; {_REST}", number),)
    except OSError as error:
        return (Problem(0, f"was not run: its kernel can't be started: {reason(error)}"),)
    return ()
