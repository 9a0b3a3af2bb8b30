"""Where kwmagic and ruff differ on what a tree does: `python tests/benchmarks/parity.py FOLDER [--all]`.

Prints for each subject how many lines both name and which only one does. FOLDER is any folder of Python files; nothing
of it is imported. A difference is to be explained, not to be counted: ruff leaves out constant arguments and also names
mere mentions; kwmagic names mentions as such, which are left out here.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # this checkout, whatever is installed

from kwmagic.evidence.trace import trace  # noqa: E402

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """What both tell of, each in its own words."""

    name: str
    rules: tuple[str, ...]
    """Of ruff."""
    topic: str
    """How the topic of the statement begins."""
    call: str
    """How the statement begins."""


SUBJECTS = (
    Subject("exec", ("S102",), "Runs code", "Calls `exec`"),
    Subject("eval", ("S307",), "Runs code", "Calls `eval`"),
    Subject("pickle", ("S301",), "Loads pickled objects", "Calls `"),
    Subject("processes", ("S602", "S603", "S605", "S606"), "Starts processes", "Calls `"),
)

Place = tuple[str, int]


def of_ruff(folder: Path) -> Iterator[tuple[str, Place]]:
    """(rule, place) of everything that ruff reports; it is told to read nothing of the folder's own settings."""
    program = shutil.which("ruff")
    if not program:
        sys.exit("no ruff installed")
    rules = ",".join(rule for subject in SUBJECTS for rule in subject.rules)
    options = ["--isolated", "--no-cache", "--ignore-noqa", "--exit-zero", "--no-respect-gitignore", "--quiet"]
    command = [program, "check", *options, f"--select={rules}", "--output-format=json", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    for each in json.loads(done.stdout):
        if each["code"] and each["filename"].endswith(".py"):
            place = (Path(each["filename"]).relative_to(folder).as_posix(), each["location"]["row"])
            yield each["code"], place


def of_kwmagic(folder: Path) -> Iterator[tuple[str, Place]]:
    """(name of the subject, place) of every statement that tells of one."""
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder).as_posix()
        try:
            with tokenize.open(file) as opened:
                text = opened.read()
        except (OSError, SyntaxError, UnicodeError):
            continue
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for said in trace(text, f"{folder.name}.{module}", is_package=file.stem == "__init__").statements:
            for subject in SUBJECTS:
                if said.topic.startswith(subject.topic) and said.text.startswith(subject.call):
                    yield subject.name, (path, said.line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help=f"print every difference, not the first {SHOWN}")
    given = parser.parse_args()
    folder = given.folder.resolve()
    theirs, ours = list(of_ruff(folder)), list(of_kwmagic(folder))
    print("| subject | both | only ruff | only kwmagic |", "|---|---|---|---|", sep="\n")
    differences = []
    for subject in SUBJECTS:
        ruff = {place for rule, place in theirs if rule in subject.rules}
        own = {place for name, place in ours if name == subject.name}
        print(f"| {subject.name} | {len(ruff & own)} | {len(ruff - own)} | {len(own - ruff)} |")
        for whose, places in (("ruff", sorted(ruff - own)), ("kwmagic", sorted(own - ruff))):
            shown = places if given.all else places[:SHOWN]
            differences += [f"{subject.name}, only {whose}: {path}:{line}" for path, line in shown]
            if len(shown) < len(places):
                differences.append(f"{subject.name}, only {whose}: {len(places) - len(shown)} more (--all)")
    print("", *differences, sep="\n")


if __name__ == "__main__":
    main()
