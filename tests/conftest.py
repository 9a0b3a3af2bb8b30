"""Golden files: what is expected stands in files beside the input, and `pytest --update` writes them anew."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

Golden = Callable[[Path, str], None]
HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the expected files under tests/cases anew")


def pytest_configure(config: pytest.Config) -> None:
    """For the processes that tests start, too: indexes apart from the user's, and Ctrl-C, which a shell has commands
    in the background ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = tempfile.mkdtemp(prefix="kwmagic-tests-")
    os.environ["KWMAGIC_CACHE_DIR"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(name="golden")
def _golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with the file that holds what is expected."""

    def compare(file: Path, text: str) -> None:
        if request.config.getoption("--update"):
            file.write_text(text, encoding="utf-8", newline="\n")
        name, test = file.relative_to(HERE.parent), Path(request.node.fspath).relative_to(HERE.parent)
        how = f"if this is right: pytest {test} --update, then read the diff"
        assert file.is_file(), f"{name} is missing; {how}"
        assert text == file.read_text(encoding="utf-8"), f"{name} differs; {how}"

    return compare
