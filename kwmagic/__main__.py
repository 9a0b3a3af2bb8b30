"""`python -m kwmagic` and the `kwmagic` command."""

# Ctrl-C is one line and exit code 130 from the first moment on, so this module imports the rest inside `main`.
from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; what the process exits with."""
    try:
        _working_folder_last()
        from kwmagic.cli import run  # noqa: PLC0415  # see above

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        from signal import SIG_IGN, SIGINT, signal  # noqa: PLC0415

        signal(SIGINT, SIG_IGN)  # a second Ctrl-C must not print a traceback while Python ends
        os.write(2, b"kwmagic: interrupted\n")
        return 130


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
