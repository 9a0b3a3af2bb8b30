"""What a build keeps in the cache, damaged, of another version or forged: it is made anew, and nothing is harmed."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from stage import BY_HAND, Stage

_SIGN = """
import sys
from kwmagic.store.file import StoreFile
closer = StoreFile(sys.argv[1])
closer.writing()
closer.release()
"""
VICTIMS = ("../victim.py", "../../victim.py", "{base}/victim.py", "shop/../../victim.py", "more\\..\\..\\victim.py")
ODD = ("", ".", "..", "/", "shop", "shop//m", "a\0b_docs.md", "x" * 5000 + "_docs.md", "\ud800_docs.md")


def _write(at: int, data: bytes) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with open(file, "r+b") as stream:
            stream.seek(at)
            stream.write(data)

    return damage


def _cut(size: Callable[[int], int]) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(file.read_bytes()[: size(file.stat().st_size)])


def _noise(count: int, seed: int) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        data, chance = bytearray(file.read_bytes()), random.Random(seed)
        for _ in range(count):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        file.write_bytes(data)

    return damage


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "mine").write_text("mine")


def _sql(script: str) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            connection.executescript(script)
            if "zz" in script:
                for name in tables:
                    if not name.startswith("sqlite"):
                        connection.executescript(f'DROP TABLE IF EXISTS "{name}"; CREATE TABLE "{name}" (zz);')

    return damage


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("This is no database.\n" * 500),
    "header zeroed": _write(0, bytes(100)),
    "half": _cut(lambda size: size // 2),
    "one page": _cut(lambda _: 4096),
    "noise in page 2": _write(4096, random.Random(0).randbytes(4096)),
    **{f"{count} bytes, {seed}": _noise(count, seed) for count in (1, 8, 64, 512) for seed in range(10)},
    "newer": _sql("PRAGMA user_version = 999"),
    "older": _sql("PRAGMA user_version = 0"),
    "of another program": _sql("PRAGMA application_id = 0x0f055111"),
    "other tables": _sql("-- zz"),
}
"""Those of another version are complete in themselves, and some of the rest are made so: their sum fits them."""
_SIGNED = tuple(f"{count} bytes, 1" for count in (1, 8, 64, 512))
_FEW = ("half", "64 bytes, 1", "newer", "other tables")


def databases(stage: Stage) -> Iterator[str]:
    """Names of the databases in the cache: the project's index, and the state of the output."""
    yield from sorted(file.name for file in stage.cache.glob("*.sqlite"))


def sign(file: Path) -> None:
    """Make the sum that is kept beside a database fit it as it is."""
    subprocess.run([sys.executable, "-c", _SIGN, str(file)], check=True)


def damaged(base: Path, names: Sequence[str] = ()) -> Iterator[str]:
    """Each kind of damage to each database; as it comes, and with a sum that fits.

    Random bytes with a sum that fits (one in 4,000 million does) may change a text that is kept, which nobody can know:
    then only no harm is asked for.
    """
    stage = Stage(base)
    stage.reset()
    for database in databases(stage):
        for name in names or DAMAGES:
            for is_signed in (False, *([True] if "bytes" not in name or name in _SIGNED else [])):
                is_known = not (is_signed and "bytes" in name)
                found = _harmed(stage, database, DAMAGES[name], is_signed=is_signed, is_known=is_known)
                yield from (f"{database}, {name}{', signed' if is_signed else ''}: {each}" for each in found)


def damaged_briefly(base: Path) -> Iterator[str]:
    """A few kinds."""
    yield from damaged(base, _FEW)


def _harmed(
    stage: Stage, database: str, damage: Callable[[Path], object], *, is_signed: bool, is_known: bool
) -> Iterator[str]:
    stage.reset()
    damage(stage.cache / database)
    if is_signed:
        sign(stage.cache / database)
    if is_known:
        yield from _as_ever(stage)
        return
    ran = stage.run()
    if ran.code or "Traceback" in ran.said:
        yield f"O3 exit code {ran.code}: {ran.said}"
    if stage.around() != stage.before:
        yield "O5 something else was touched"


def _as_ever(stage: Stage) -> Iterator[str]:
    ran = stage.run()
    if ran.code or "Traceback" in ran.said:
        yield f"O3 exit code {ran.code}: {ran.said}"
    if stage.held() != stage.new:
        yield "O2 the pages are other than those of a clean build"
    yield from stage.settled()


def in_the_way(base: Path) -> Iterator[str]:
    """A folder in the place of a database, or of the cache a file: it is left, and the build goes on."""
    stage = Stage(base)
    stage.reset()
    for database in databases(stage):
        stage.reset()
        _folder(stage.cache / database)
        yield from (f"folder as {database}: {each}" for each in _as_ever(stage))
        if not (stage.cache / database / "mine").exists():
            yield f"O5 the folder {database} is gone"
    stage.reset()
    shutil.rmtree(stage.cache)
    stage.cache.write_text("mine")
    yield from (f"a file as cache: {each}" for each in _as_ever(stage))


def lost_in_part(base: Path) -> Iterator[str]:
    """Any one file of the cache is gone, or is that of an earlier build."""
    stage = Stage(base)
    stage.reset()
    earlier = {file.name: file.read_bytes() for file in stage.cache.iterdir()}
    for name, data in earlier.items():
        stage.reset()
        (stage.cache / name).unlink()
        yield from (f"without {name}: {each}" for each in _as_ever(stage))
        stage.reset()
        stage.run()
        (stage.cache / name).write_bytes(data)
        yield from (f"earlier {name}: {each}" for each in _as_ever(stage))


def power_lost(base: Path) -> Iterator[str]:
    """The system crashed before what was written last was on the disk: the pages are empty files, the cache is torn."""
    stage = Stage(base)
    stage.reset()
    stage.run()
    for path in stage.new.keys() - BY_HAND.keys():
        if (stage.out / path).is_file():
            os.truncate(stage.out / path, 0)
    for database in databases(stage):
        os.truncate(stage.cache / database, 5_000)
    yield from _as_ever(stage)


def planted(base: Path) -> Iterator[str]:
    """A forged state names files that are nobody's pages: they stay as they are."""
    stage = Stage(base)
    names = [name.format(base=base) for name in VICTIMS]
    for name in (*names, *ODD, *BY_HAND):
        stage.reset()
        victims = [base / "victim.py", stage.out.parent / "victim.py"]
        for victim in victims:
            victim.write_text("mine")
        stage.before = stage.around()
        _plant(stage, name)
        yield from (f"{name[:40]!r}: {each}" for each in _as_ever(stage))


def _plant(stage: Stage, page: str) -> None:
    """Claim that the last build wrote a page, just as it is there now."""

    for database in databases(stage):
        file = stage.cache / database
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'pages'").fetchone():
                row = (page.encode("utf-8", "surrogatepass"), blake2b(b"mine\n", digest_size=16).digest())
                connection.execute("INSERT INTO pages VALUES (CAST(? AS TEXT), ?, x'')", row)
                connection.execute("INSERT INTO pages VALUES (CAST(? AS TEXT), ?, x'')", (row[0] + b"_kw.md", row[1]))
        sign(file)
