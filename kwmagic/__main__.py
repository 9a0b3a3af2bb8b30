"""`python -m kwmagic` and the `kwmagic` command."""

# Ctrl-C is one line and exit code 130 from the first moment on, so this module imports the rest inside `main`.
from __future__ import annotations

import gc
import os
import sys

_INTERRUPTED = {"build": b"kwmagic build: interrupted; run again to go on\n"}
"""What is said then, where a command has more to say."""


def main() -> int:
    """Run the command line; what the process exits with."""
    try:
        _working_folder_last()
        gc.disable()  # facts hold no cycles, and a command ends soon
        from kwmagic.cli import run  # noqa: PLC0415  # see above

        code = run(sys.argv[1:])
        _work_is_done()
        return code
    except KeyboardInterrupt:
        _work_is_done()
        os.write(2, _INTERRUPTED.get("".join(sys.argv[1:2]), b"kwmagic: interrupted\n"))
        os._exit(130)  # at once: Python's own end can still be interrupted, or turn the code into death by signal


def _work_is_done() -> None:
    """From here on Ctrl-C changes nothing: the result is there, or its loss is about to be told."""
    import signal  # noqa: PLC0415  # see above

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _working_folder_last() -> None:
    """Modules are found in the working folder, but none of its files stands in for one that kwmagic itself imports."""
    try:
        here = os.getcwd()
    except OSError:  # it was deleted; whoever needs it says so
        return
    if sys.path and sys.path[0] in {"", here}:
        del sys.path[0]
    sys.path.append(here)


if __name__ == "__main__":
    sys.exit(main())
