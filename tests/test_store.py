"""The store: what is put is there again, and no fault of its file is ever more than lost time."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from kwmagic import trust
from kwmagic.evidence.importing import ImportRow
from kwmagic.model import FileFacts, FileRef, Symbol
from kwmagic.store import Entry, LostError, Store, UseRow, opened
from kwmagic.store import file as store_file
from kwmagic.store.file import StoreFile, place
from kwmagic.store.fulltext import rows as search_rows

ROOT = "/srv/shop"
COUNT = 40
_posix = pytest.mark.skipif(os.name == "nt", reason="POSIX")


def entry(path: str, text: str = "", **changes: Any) -> Entry:
    """A file whose every part tells path and text."""
    symbol = Symbol("function", f"go{text}", f"go{text}", 1, 2, "()", f"Goes to {text or 'nowhere'}.")
    facts = FileFacts(FileRef(path), "Python", "scanner", symbols=(symbol,))
    imports = [ImportRow("json", None, None, 1, ""), ImportRow("shop.cart", "Cart", "C", 2, "local re-export")]
    return Entry(
        path,
        path.removesuffix(".py").replace("/", "."),
        "Python",
        digest(path, text),
        f"{len(text)} {2**62} 7 {2**64 - 1}",
        zlib.compress(json.dumps([path, text] * 50).encode("ascii")),
        imports,
        search_rows(facts),
    )._replace(**changes)


def digest(path: str, text: str) -> bytes:
    return zlib.compress(json.dumps([path, text]).encode())


def evidence(path: str, text: str = "") -> tuple[str, bytes, bytes, list[UseRow]]:
    uses = [
        UseRow("json.dumps", [[3, "go", "call", 3, 4]]),
        UseRow(f"shop.cart.{text or 'Cart'}", [[5, "", "base", 5, 5]]),
    ]
    return path, digest(path, text), b"evidence of " + text.encode(), uses


def fill(store: Store, text: str = "", count: int = COUNT) -> None:
    paths = [f"shop/m{number:03}.py" for number in range(count)]
    store.put(entry(path, text) for path in paths)
    store.put_evidence(evidence(path, text) for path in paths)
    store.remember("text", text.encode())


def content(store: Store) -> dict[str, Any]:
    """All that a store answers."""
    files = store.files()
    return {
        "files": files,
        "facts": dict(store.facts([*files])),
        "evidence": {path: store.evidence(path) for path in files},
        "imports": {path: store.imports_in(path) for path in files},
        "importers": store.imports_of(["shop.cart", "json"]),
        "uses": store.uses_of("shop.cart"),
        "text": store.recall("text"),
        "found": found(store, "go*"),
    }


def found(store: Store, words: str) -> list[str]:
    """Paths of the files with matching definitions."""
    ids = store.ids()
    sql = "SELECT DISTINCT rowid >> 24 FROM words WHERE words MATCH ?"
    numbers = store.read(lambda connection: connection.execute(sql, (words,)).fetchall())
    return sorted(ids[number] for (number,) in numbers if number in ids)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_file, "WAIT", 0.05)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> str:
    return str(tmp_path / "cache")


@pytest.fixture(name="file")
def _file(folder: str) -> Path:
    """The file of a store that was filled and closed."""
    with closing(opened(ROOT, folder, "1")) as store:
        fill(store)
    return Path(place(ROOT, folder))


WHOLE: dict[str, Any] = {}
with closing(opened(ROOT, None, "1")) as _store:
    EMPTY = content(_store)
    fill(_store)
    WHOLE.update(content(_store))


def works(store: Store) -> None:
    fill(store)
    assert content(store) == WHOLE


def kept(folder: str, version: str = "1") -> dict[str, Any]:
    """What a new session finds, which has nothing to complain of."""
    with closing(opened(ROOT, folder, version)) as store:
        assert store.notes == []
        return content(store)


# --- what is put is there -------------------------------------------------------------------------------------------


def test_what_is_put_is_there_in_the_next_session(folder: str) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        assert content(store) == EMPTY
        works(store)
        assert store.notes == []
    assert kept(folder) == WHOLE
    known = WHOLE["files"]["shop/m001.py"]
    assert known == ("shop/m001.py", "shop.m001", "Python", digest("shop/m001.py", ""), entry("").state, True)
    assert len(WHOLE["found"]) == len(WHOLE["uses"]) == COUNT
    assert WHOLE["uses"][1] == ("shop.cart.Cart", "shop/m001.py", [[5, "", "base", 5, 5]])


def test_without_a_folder_it_is_in_memory() -> None:
    with closing(opened(ROOT, None, "1")) as store:
        works(store)
        assert store.notes == []


def test_closing_twice_is_no_fault(folder: str) -> None:
    store = opened(ROOT, folder, "1")
    store.close()
    store.close()


def test_imports_are_found_by_module_in_the_order_of_paths_and_lines(folder: str) -> None:
    rows = {
        "b.py": [
            ImportRow("x", None, None, 9, ""),
            ImportRow("x.y", "n", None, 1, ""),
            ImportRow("y", None, None, 3, ""),
        ],
        "a.py": [ImportRow("x", "*", None, 4, "star"), ImportRow("x", None, "é", 2, "")],
    }
    with closing(opened(ROOT, folder, "1")) as store:
        store.put(entry(path, imports=each) for path, each in rows.items())
        ordered = [
            ("a.py", rows["a.py"][1]),
            ("a.py", rows["a.py"][0]),
            ("b.py", rows["b.py"][1]),
            ("b.py", rows["b.py"][0]),
        ]
        assert store.imports_of(["x.y", "x", "x"]) == ordered
        assert store.importer_count("x") == len({path for path, row in ordered if row.module == "x"}) > 0
        assert store.importers_from([("x", None), ("x", "*"), ("x.y", "n")]) == {"a.py", "b.py"}
        assert store.importers_from([("x", "*"), ("x.y", None), ("y", "n")]) == {"a.py"}
        assert store.imports_in("b.py") == [rows["b.py"][1], rows["b.py"][2], rows["b.py"][0]]
        assert store.imports_in("none.py") == store.imports_of([]) == []


def test_uses_are_of_a_name_and_what_is_below_it(folder: str) -> None:
    names = ["torch.nn", "torch.nn.Module", "torch.nnx", "torch.nn_", "torch.nn-", "torch", "torch.nn.é"]
    with closing(opened(ROOT, folder, "1")) as store:
        store.put([entry("b.py"), entry("a.py")])
        uses = [UseRow(name, [[1, name, "call", 1, 1]]) for name in names]
        store.put_evidence((path, digest(path, ""), b"", uses) for path in ("b.py", "a.py"))
        below = [(name, path) for path in ("a.py", "b.py") for name in ("torch.nn", "torch.nn.Module", "torch.nn.é")]
        assert [each[:2] for each in store.uses_of("torch.nn")] == below
        assert len(store.uses_of("torch")) == 2 * len(names)


def test_evidence_of_another_version_is_left_out(folder: str) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        store.put([entry("a.py", "new")])
        store.put_evidence([evidence("a.py", "old"), evidence("gone.py")])
        assert store.evidence("a.py") is None
        assert not store.files()["a.py"].traced
        store.put_evidence([evidence("a.py", "new")])
        store.put_evidence([("a.py", digest("a.py", "new"), b"again", [UseRow("other", [])])])
        assert store.evidence("a.py") == b"again"
        assert store.uses_of("json.dumps") == []
        assert store.uses_of("other") == [("other", "a.py", [])]


def test_a_changed_file_has_only_its_new_rows(folder: str) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        fill(store)
        store.put([entry("shop/m001.py", "Two")], gone=["shop/m002.py", "none.py"])
        assert len(store.files()) == COUNT - 1
        assert "shop/m002.py" not in [path for path, _ in store.imports_of(["json"])]
        assert not {"shop/m001.py", "shop/m002.py"} & {path for _, path, _ in store.uses_of("shop.cart")}
        assert store.evidence("shop/m001.py") is None
        assert found(store, "gotwo") == ["shop/m001.py"]
        assert "shop/m002.py" not in found(store, "go")
        store.touch({"shop/m001.py": None, "shop/m003.py": "1 2 3 4", "none.py": "1 2 3 4"})
        assert store.files()["shop/m001.py"].state is None
        assert store.files()["shop/m003.py"].state == "1 2 3 4"


def test_an_older_version_comes_back_with_all_that_was_known_of_it(folder: str) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        fill(store)
        fill(store, "Other")
        assert store.uses_of("shop.cart.Cart") == []
    with closing(opened(ROOT, folder, "1")) as store:
        store.remember("text", b"")
        for path, known in WHOLE["files"].items():
            assert store.reuse(path, known.module, known.language, known.digest, known.state)
        assert content(store) == WHOLE
        assert not store.reuse("shop/m001.py", "shop.m001", "Python", b"never seen", None)
        store.put([], gone=["shop/m001.py"])
        assert store.reuse("shop/m001.py", "shop.m001", "Python", digest("shop/m001.py", "Other"), None)
        assert store.files()["shop/m001.py"].traced


def test_older_versions_are_forgotten_when_they_outnumber_the_files(folder: str) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        for text in ("A", "B", "C"):
            fill(store, text, 3)
        back = [store.reuse("shop/m000.py", "m", "Python", digest("shop/m000.py", text), None) for text in "AB"]
        assert back == [False, True]
        for table in ("facts", "evidence", "imports", "uses", "words"):
            per_file = {"imports": 2, "uses": 2}.get(table, 1)
            sql = f"SELECT count(*) FROM {table}"
            assert store.read(lambda connection, sql=sql: connection.execute(sql).fetchone()) == (6 * per_file,), table


def test_any_text_is_kept(folder: str) -> None:
    odd = "a\udc80\ud800/\u2028'\"\0;é𝒳.py"
    row = ImportRow(odd, odd, odd, 1, odd)
    root = f"{ROOT}/\udc80é"
    with closing(opened(root, folder, odd)) as store:
        store.put([entry(odd, module=odd, language=odd, imports=[row])])
        store.put_evidence([(odd, digest(odd, ""), b"\0", [UseRow(odd, [[1, odd, "call", 1, 1]])])])
        store.remember(odd, b"\0\xff")
    with closing(opened(root, folder, odd)) as store:
        assert store.notes == []
        assert [*store.files().values()] == [(odd, odd, odd, digest(odd, ""), entry(odd).state, True)]
        assert store.imports_in(odd) == [row]
        assert store.imports_of([odd]) == [(odd, row)]
        assert store.uses_of(odd) == [(odd, odd, [[1, odd, "call", 1, 1]])]
        assert store.recall(odd) == b"\0\xff"
        store.put([], gone=[odd])
        assert store.files() == {}


# --- names and versions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shop", "CON", "a:b*c?", "...", " x ", "é" * 300, "a\udc80b", "-rf", ""])
def test_names_are_ones_that_every_system_takes(tmp_path: Path, name: str) -> None:
    file = place(str(tmp_path / "projects" / name), str(tmp_path))
    assert os.path.dirname(file) == str(tmp_path)
    stem = os.path.basename(file).removesuffix(".sqlite")
    assert stem.isascii()
    assert stem.replace("-", "").replace("_", "").isalnum()
    assert stem[0] != "-"
    assert len(stem) < 60
    assert file != place(str(tmp_path / "other" / name), str(tmp_path))


@_posix
def test_a_project_is_the_same_by_whichever_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert place(str(tmp_path / "link"), "/c") == place(str(tmp_path / "real"), "/c")


def test_another_version_of_the_analysers_starts_anew_in_silence(folder: str, file: Path) -> None:
    assert file.is_file()
    with closing(opened(ROOT, folder, "2")) as store:
        assert store.notes == []
        assert content(store) == EMPTY
        works(store)
    assert kept(folder, "2") == WHOLE


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("PRAGMA user_version = 999", "is of a newer kwmagic"),
        ("PRAGMA user_version = 0", ""),
        ("PRAGMA application_id = 0x0f055111", "is of another program"),
        ("UPDATE meta SET value = x'00' WHERE key = 'root'", ""),
        ("DROP TABLE meta", "can't be read"),
    ],
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_what_another_program_left_is_not_used(folder: str, file: Path, sql: str, said: str, is_signed: bool) -> None:
    change(file, sql)
    if is_signed:
        sign(file)
    with closing(opened(ROOT, folder, "1")) as store:
        said = said if is_signed else "was damaged or left unfinished"
        assert store.notes == ([f"The index {file} {said}; it is built anew."] if said else [])
        assert content(store) == EMPTY
        works(store)
    assert kept(folder) == WHOLE


# --- damage ---------------------------------------------------------------------------------------------------------


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(sql)


def sign(file: Path) -> None:
    """Make the sum fit the file as it is."""
    closer = StoreFile(str(file))
    closer.writing()
    closer.release()


def _write(at: int, data: bytes) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with open(file, "r+b") as stream:
            stream.seek(at)
            stream.write(data)

    return damage


def _cut(size: Callable[[int], int]) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, size(file.stat().st_size))


def _noise(count: int, seed: int) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        data, chance = bytearray(file.read_bytes()), random.Random(seed)
        for _ in range(count):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        file.write_bytes(data)

    return damage


def _change_text(file: Path) -> None:
    """A letter in a name that is in use: SQLite can't know."""
    data = file.read_bytes()
    assert b"shop.cart.Cart" in data
    file.write_bytes(data.replace(b"shop.cart.Cart", b"shop.cart.Card"))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("This is no database.\n" * 500, encoding="utf-8"),
    "header zeroed": _write(0, bytes(100)),
    "half": _cut(lambda size: size // 2),
    "one page": _cut(lambda _size: 4096),
    "noise in page 2": _write(4096, random.Random(0).randbytes(4096)),
    **{f"{count} bytes, {seed}": _noise(count, seed) for count in (1, 8, 64, 512) for seed in range(10)},
    "a letter": _change_text,
    "a page more": lambda file: file.write_bytes(file.read_bytes() + bytes(4096)),
    "other tables": lambda file: change(
        file, "DROP TABLE uses; DROP TABLE words; CREATE TABLE uses (zz); CREATE TABLE words (zz);"
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_before_anything_is_read(folder: str, file: Path, damage: str) -> None:
    DAMAGES[damage](file)
    with closing(opened(ROOT, folder, "1")) as store:
        assert store.notes == [f"The index {file} was damaged or left unfinished; it is built anew."]
        assert content(store) == EMPTY
        works(store)
        assert len(store.notes) == 1
    assert kept(folder) == WHOLE


@pytest.mark.parametrize(
    "damage", ["half", "noise in page 2", "a letter", "other tables", *(f"512 bytes, {n}" for n in range(10))]
)
def test_damage_that_fits_its_sum_ends_in_nothing_but_a_loss(folder: str, file: Path, damage: str) -> None:
    DAMAGES[damage](file)
    sign(file)
    with closing(opened(ROOT, folder, "1")) as store:
        for _ in range(2):
            try:
                fill(store, "Other")
                content(store)
                break
            except LostError:
                assert store.files() == {}
        assert len(store.notes) <= 1


def test_damage_under_an_open_store_is_a_loss_and_nothing_more(folder: str, file: Path) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        store.files()
        _write(0, random.Random(1).randbytes(file.stat().st_size))(file)
        with pytest.raises(LostError):
            content(store)
        assert content(store) == EMPTY
        assert store.notes == [f"The index {file} was damaged; it is built anew."]
        works(store)
    assert kept(folder) == WHOLE


def test_what_cannot_be_unpacked_is_lost_once_in_the_file_then_in_memory(folder: str, file: Path) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        with pytest.raises(LostError):
            store.damaged()
        assert content(store) == EMPTY
        assert file.is_file()
        works(store)
        with pytest.raises(LostError):
            store.damaged()
        assert content(store) == EMPTY
        works(store)
        (note,) = store.notes
        assert "\n" not in note
        assert "in memory only" in note
    assert kept(folder) == WHOLE


@pytest.mark.parametrize("suffix", ["", ".sum", ".lock", "-journal"])
def test_a_folder_in_its_place_is_left_there(folder: str, file: Path, suffix: str) -> None:
    there = Path(f"{file}{suffix}")
    there.unlink(missing_ok=True)
    there.mkdir()
    (there / "mine").write_text("")
    with closing(opened(ROOT, folder, "1")) as store:
        assert content(store) == (WHOLE if suffix == ".lock" else EMPTY)
        works(store)
        assert "the index is kept in memory only" in store.notes[-1]
    assert (there / "mine").is_file()


@_posix
def test_a_link_in_its_place_is_removed_and_not_followed(folder: str, file: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in (file, Path(f"{file}.sum")):
        name.unlink()
        name.symlink_to(victim)
    with closing(opened(ROOT, folder, "1")) as store:
        assert len(store.notes) == 1
        works(store)
    assert kept(folder) == WHOLE
    assert victim.read_text() == "mine"


@_posix
def test_a_pipe_in_its_place_is_removed(folder: str, file: Path) -> None:
    for name in (file, Path(f"{file}.sum")):
        name.unlink()
        os.mkfifo(name)
    with closing(opened(ROOT, folder, "1")) as store:
        works(store)
    assert kept(folder) == WHOLE


def test_a_lost_sum_is_no_reason_for_trust(folder: str, file: Path) -> None:
    Path(f"{file}.sum").unlink()
    with closing(opened(ROOT, folder, "1")) as store:
        assert content(store) == EMPTY


def test_only_a_file_that_this_process_left_long_ago_is_taken_unread(
    folder: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "SETTLED", 0.0)
    assert kept(folder) == WHOLE
    Path(f"{file}.sum").unlink()
    assert kept(folder) == WHOLE
    time.sleep(0.05)  # more than a tick of the clock of files
    _change_text(file)
    with closing(opened(ROOT, folder, "1")) as store:
        assert content(store) == EMPTY


# --- what the system refuses ----------------------------------------------------------------------------------------


def in_memory(folder: str) -> str:
    """The note of a store that works, though only in memory."""
    with closing(opened(ROOT, folder, "1")) as store:
        works(store)
        (note,) = store.notes
    assert note.endswith("the index is kept in memory only.")
    assert "\n" not in note
    return note


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine")
    in_memory(str(tmp_path / "cache"))
    in_memory(str(tmp_path / "cache" / "below"))
    assert (tmp_path / "cache").read_text() == "mine"


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "\ud800"])
def test_a_folder_that_cannot_be(tmp_path: Path, name: str) -> None:
    in_memory(str(tmp_path / name))


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="Linux")
def test_a_folder_that_even_root_cannot_write_to() -> None:
    in_memory("/proc/self/kwmagic")


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("may not mount")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def test_a_disk_that_fills_up_loses_nothing_that_was_written(disk: Path) -> None:
    with closing(opened(ROOT, str(disk), "1")) as store:
        fill(store)
        assert store.notes == []
        for number in range(20):
            text = random.Random(number).randbytes(40_000)
            store.remember(f"big {number}", text)
            store.put([entry(f"big{number}.py", facts=text)])
        assert len(store.notes) == 1
        assert "full" in store.notes[0]
        assert len(store.files()) == COUNT + 20
        assert all(store.recall(f"big {number}") for number in range(20))
    with closing(opened(ROOT, str(disk), "1")) as store:
        assert {*WHOLE["files"]} <= {*store.files()}


def test_a_disk_that_is_full_at_once(disk: Path) -> None:
    with open(disk / "ballast", "wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass
    in_memory(str(disk / "cache"))
    in_memory(str(disk))


def test_a_disk_that_is_read_only(disk: Path) -> None:
    with closing(opened(ROOT, str(disk), "1")) as store:
        fill(store)
    _mount("-o", "remount,ro", str(disk))
    with closing(opened(ROOT, str(disk), "1")) as store:
        assert content(store) == WHOLE
    in_memory(str(disk))
    in_memory(str(disk / "new"))


_LIMITED = """
import resource, sys
sys.path.insert(0, {tests!r})
from test_store import ROOT, WHOLE, content, fill, opened
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
store = opened(ROOT, {folder!r}, "1")
fill(store)
assert content(store) == WHOLE
store.close()
assert len(store.notes) <= 1, store.notes
print(len(store.notes))
"""


@_posix
@pytest.mark.parametrize("size", [0, 10_000, 40_000, 60_000])
def test_writes_that_fail_at_some_point(folder: str, size: int) -> None:
    code = _LIMITED.format(tests=os.path.dirname(__file__), folder=folder, size=size)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")
    with closing(opened(ROOT, folder, "1")) as store:
        works(store)
    assert kept(folder) == WHOLE


# --- several processes, and their end -------------------------------------------------------------------------------

_HOLDER = """
import sys
sys.path.insert(0, {tests!r})
from test_store import ROOT, fill, opened
store = opened(ROOT, {folder!r}, "1")
fill(store)
print("ready", flush=True)
sys.stdin.read()
"""
_WRITER = """
import itertools, sys
sys.path.insert(0, {tests!r})
from test_store import ROOT, fill, opened
store = opened(ROOT, {folder!r}, "1")
for number in itertools.count():
    fill(store, str(number), 15)
    print(number, flush=True)
"""


def run(code: str, folder: str) -> subprocess.Popen[str]:
    code = code.format(tests=os.path.dirname(__file__), folder=folder)
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_second_process_works_in_memory(folder: str) -> None:
    with run(_HOLDER, folder) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        with closing(opened(ROOT, folder, "1")) as store:
            assert content(store) == WHOLE  # a copy of what is there
            fill(store, "Mine")
            assert store.notes == [
                f"{place(ROOT, folder)} can't be used (another process uses it); the index is kept in memory only."
            ]
        assert "another process" in in_memory(folder)
        holder.kill()
    assert kept(folder) == WHOLE


def test_a_copy_is_only_taken_of_what_is_whole_and_fits(folder: str, file: Path) -> None:
    with closing(opened(ROOT, folder, "1")):
        with closing(opened(ROOT, folder, "2")) as store:
            assert content(store) == EMPTY
        file.write_bytes(file.read_bytes()[:-1] + b"!")
        with closing(opened(ROOT, folder, "1")) as store:
            assert content(store) == EMPTY
            assert len(store.notes) == 1


def test_a_second_store_of_one_process_too(folder: str) -> None:
    with closing(opened(ROOT, folder, "1")) as store:
        fill(store)
        assert "another process" in in_memory(folder)
    assert kept(folder) == WHOLE


def test_after_a_kill_all_is_there_or_nothing(folder: str) -> None:
    chance = random.Random(0)
    survived = 0
    for round_ in range(6):
        with run(_WRITER, folder) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 12)):
                writer.stdout.readline()
            time.sleep(chance.random() / 50)
            writer.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        with closing(opened(ROOT, folder, "1")) as store:
            consistent(store)
            survived += bool(store.files())
            fill(store, f"after {round_}", 15)
            consistent(store)
    assert survived


def consistent(store: Store) -> None:
    """As after one of the three transactions of `fill`."""
    files = store.files()
    assert len(files) in {0, 15}
    texts = {json.loads(zlib.decompress(known.digest))[1] for known in files.values()}
    assert len(texts) == bool(files)
    for text in texts:
        assert [*files.values()] == [
            known._replace(traced=known.traced) for known in files.values() if known.digest == digest(known.path, text)
        ]
        assert dict(store.facts([*files])) == {path: entry(path, text).facts for path in files}
        assert len({known.traced for known in files.values()}) == 1
        assert {store.evidence(path) for path in files} <= {None, b"evidence of " + text.encode()}
        assert len(store.imports_of(["json"])) == 15
        assert found(store, f'"go{text.split()[-1]}"' if " " not in text else "go*") == [*files]
    sql = "PRAGMA integrity_check"
    assert store.read(lambda connection: connection.execute(sql).fetchall()) == [("ok",)]
