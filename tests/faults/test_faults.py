"""The faults of `faults.py`: in short by default, whole where long tests run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import disks
import ends
import moving
import pytest
import stage
import trees
from faults import FAULTS, MISSING, Check, Fault
from test_sweep import CARELESS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made with the means of Linux")


def _cases() -> Iterator[object]:
    for fault in FAULTS:
        if fault.short is not None:
            yield pytest.param(fault, fault.short, id=f"{fault.name}, short")
        yield pytest.param(fault, fault.whole, id=fault.name, marks=pytest.mark.long)


@pytest.mark.parametrize(("fault", "arguments"), [*_cases()])
def test_a_fault_does_no_harm(tmp_path: Path, fault: Fault, arguments: tuple[object, ...]) -> None:
    try:
        assert [*fault.check(tmp_path, *arguments)] == []
    except MISSING as error:
        pytest.skip(f"can't be made here: {error}")


SEEN = (
    (trees.refused, (), "O3"),
    (trees.edited_briefly, (), "O2"),
    (trees.output_in_sources, (), "pages of pages"),
    (ends.waited_for, (1,), "never held a lock"),
    (moving.odd_times, (), "something was written"),
    (disks.full_output, (1,), "O3 it said success"),
)


@pytest.mark.parametrize(("check", "arguments", "wrong"), SEEN, ids=[check.__name__ for check, _, _ in SEEN])
def test_a_careless_build_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: Check, arguments: tuple[object, ...], wrong: str
) -> None:
    (tmp_path / "careless.py").write_text(CARELESS)
    monkeypatch.setattr(stage, "COMMAND", (sys.executable, str(tmp_path / "careless.py"), "{src}", "{out}"))
    try:
        assert wrong in "\n".join(check(tmp_path / "base", *arguments))
    except MISSING as error:
        pytest.skip(f"can't be made here: {error}")
