"""The faults of `faults.py`: in short by default, whole where slow tests run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import FAULTS, MISSING, Fault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made with the means of Linux")


def _cases() -> Iterator[object]:
    for fault in FAULTS:
        if fault.short is not None:
            yield pytest.param(fault, fault.short, id=f"{fault.name}, short")
        yield pytest.param(fault, fault.whole, id=fault.name, marks=pytest.mark.slow)


@pytest.mark.parametrize(("fault", "arguments"), _cases())
def test_a_fault_does_no_harm(tmp_path: Path, fault: Fault, arguments: tuple[object, ...]) -> None:
    try:
        assert [*fault.check(tmp_path, *arguments)] == []
    except MISSING as error:
        pytest.skip(f"can't be made here: {error}")
