"""`python -m kwmagic build` and `check` as processes: exit codes, summary, progress, Ctrl-C at any moment."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

import kwmagic
from kwmagic.building.report import Built
from kwmagic.commands import summary
from kwmagic.errors import OptionError, TargetError
from kwmagic.options import SiteOptions
from kwmagic.progress import Pace

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and terminals")
COMMAND = [sys.executable, "-m", "kwmagic"]


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> Path:
    """A project of two files."""
    source = tmp_path / "src"
    (source / "shop").mkdir(parents=True)
    (source / "shop" / "__init__.py").write_text('"""A shop."""\nfrom .till import Till\n')
    (source / "shop" / "till.py").write_text('class Till:\n    """Takes money."""\n\n    def open(self): pass\n')
    return source


@pytest.fixture(name="run")
def _run(tmp_path, monkeypatch):
    """Runs the command beside the project; its result, checked to hold no traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "cache"))

    def run(*args: str, **how):
        done = subprocess.run([*COMMAND, *args], capture_output=True, text=True, timeout=120, check=False, **how)
        assert "Traceback" not in done.stderr
        return done

    return run


def test_build_and_check(tmp_path, source, run):
    done = run("build", "src", "-o", "out")
    assert done.returncode == 0
    told = re.fullmatch(r"(\d+) pages of 2 files: (\d+) written, 0 unchanged, 0 removed, in [\d.]+ s\n", done.stdout)
    assert told, done.stdout
    assert told[1] == told[2]
    assert int(told[1]) == sum(each.is_file() for each in (tmp_path / "out").rglob("*"))
    assert (tmp_path / "out" / "shop" / "till.py_docs.md").is_file()
    done = run("build", "src", "-o", "out", "--check")
    assert f"{told[1]} pages of 2 files: 0 written, {told[1]} unchanged, 0 removed" in done.stdout
    assert done.stdout.endswith("links: all resolve\n")
    (source / "shop" / "till.py").unlink()
    assert run("check", "out").returncode == 1
    removed = re.search(r"(\d+) removed", run("build", "src", "-o", "out").stdout)
    assert removed
    assert removed[1] == "2"


def test_check_lists_what_is_dead(tmp_path, run):
    (tmp_path / "a.md").write_text("[b](b.md)\n\n<!-- kwmagic page of a -->\n")
    done = run("check", ".", "--quiet")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "a.md:1: b.md: no such file\n1 page, 1 link: 1 not in order\n"
    done = run("check", ".", "--format", "json", "--quiet")
    assert done.returncode == 1
    assert json.loads(done.stdout)["dead"][0]["reason"] == "no such file"
    (tmp_path / "b.md").write_text("")
    done = run("check", ".", "--quiet")
    assert done.returncode == 1
    assert done.stdout.startswith(
        "b.md: linked from our pages, but without their mark in its last line\n1 page and 1 that"
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["build", "src"], "kwmagic build: the following arguments are required: -o/--output"),
        (["build", "-o", "out"], "kwmagic build: the following arguments are required: SRC"),
        (["build", "src", "-o", "src"], "kwmagic build: the output folder is the source folder"),
        (["build", "src/shop", "-o", "src"], "kwmagic build: the source folder src/shop lies in the output folder src"),
        (["build", "nowhere_at_all", "-o", "out"], "kwmagic build: no module, path or object 'nowhere_at_all'"),
        (["build", "src/shop/till.py", "-o", "out"], "kwmagic build: src/shop/till.py is no folder and no package"),
        (["build", "bisect", "-o", "out"], "kwmagic build: bisect is no folder and no package"),
        (["build", "json.loads", "-o", "out"], "kwmagic build: json.loads is no folder and no package"),
        (["build", "src", "-o", "out", "-j", "0"], "kwmagic build: argument -j/--jobs: must be 1 or more"),
        (
            ["build", "src", "-o", "out", "--source-url", "https://a.b/"],
            "kwmagic build: a source URL must contain {path}",
        ),
        (["build", "src", "-o", "out", "--format", "html"], "kwmagic build: argument --format: invalid choice"),
        (["build", "src", "-o", "out", "--only", "none"], "kwmagic build: unknown section 'none'"),
        (["build", "src", "-o", "out", "--executor", "nothing"], "kwmagic build: --executor nothing"),
        (["check"], "kwmagic check: the following arguments are required: OUT"),
        (["check", "nowhere"], "kwmagic check: no folder nowhere"),
        (["check", "src"], "kwmagic check: no page that kwmagic wrote in src"),
    ],
)
@pytest.mark.usefixtures("source")
def test_wrong_use_is_one_line_and_2(tmp_path, run, args, message):
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_strict(source, run):
    (source / "bad.py").write_text("def (:\n")
    done = run("build", "src", "-o", "out", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("bad.py:1: ")
    assert re.search(r", [1-9] problems?, in ", done.stdout)
    assert run("build", "src", "-o", "out", "--strict").returncode == 1


def test_a_package_by_its_name(source, run):
    (source / "shop" / "__init__.py").write_text("raise SystemExit('it was run')\n")
    env = {**os.environ, "PYTHONPATH": str(source)}
    assert "of 2 files" in run("build", "shop", "-o", "out", env=env).stdout


@POSIX
@pytest.mark.usefixtures("source")
def test_an_output_that_cannot_be_written(tmp_path, run):
    (tmp_path / "out").write_text("a file")
    done = run("build", "src", "-o", "out/below")
    assert done.returncode in (1, 2)
    assert done.stderr.splitlines()[-1].startswith("kwmagic build: ")
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.usefixtures("source")
def test_something_else_in_the_place_of_a_page(tmp_path, run):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.md").write_text("# Mine\n")
    done = run("build", "src", "-o", "out")
    assert done.returncode == 1
    assert "\nindex.md was not written by kwmagic" in f"\n{done.stdout}"
    assert (tmp_path / "out" / "index.md").read_text() == "# Mine\n"


# --- summary and progress ---------------------------------------------------------------------------------------------


def test_the_summary_has_every_problem() -> None:
    problems = [("a.py", 3, "bad\nsyntax"), ("b.py", 0, "unreadable"), ("c.bin", 0, "alone"), ("d.py", 0, "unreadable")]
    built = Built(1234, 1, 1233, 0, tuple(problems), ("e.md is a link",), ("Left out.",), 1.25, 600)
    assert [*summary(built)] == [
        r"a.py:3: bad\nsyntax",
        "c.bin: alone",
        "2 files: unreadable: b.py, d.py",
        "e.md is a link",
        "Left out.",
        "1,234 pages of 600 files: 1 written, 1,233 unchanged, 0 removed, 4 problems, in 1.2 s",
    ]


def test_pace() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    assert pace.words("analysing", 0, 2328) == "analysing 0 of 2,328 files"
    now += 4
    assert pace.words("analysing", 812, 2328) == "analysing 812 of 2,328 files · 203/s · 7 s left"
    now += 4000
    assert pace.words("analysing", 813, 2328) == "analysing 813 of 2,328 files · 0.2/s · 2.1 h left"
    assert pace.words("writing", 100, 200) == "writing 100 of 200 files"
    now += 50
    assert pace.words("writing", 110, 200) == "writing 110 of 200 files · 0.2/s · 8 min left"
    assert pace.words("waiting", 0, 0) == "waiting"


@pytest.mark.usefixtures("source")
def test_elsewhere_a_line_a_phase(run):
    stderr = run("build", "src", "-o", "out").stderr.splitlines()
    assert stderr[0] == "kwmagic: analysing 2 files"
    assert len(stderr) == len(set(stderr)) <= 6


@POSIX
def test_on_a_terminal_one_line(tmp_path, source):
    """Read from a real pseudo-terminal: the line is written over itself, never longer than it, and erased."""
    import fcntl  # noqa: PLC0415
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    for number in range(30):
        (source / f"m{number}.py").write_text("def f(a, b): pass\n" * 20)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    env = {**os.environ, "KWMAGIC_CACHE_DIR": str(tmp_path / "cache")}
    command = [*COMMAND, "build", str(source), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=env) as process:
        os.close(theirs)
        seen = b""
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    seen += os.read(ours, 65536)
                except OSError:  # Linux: closed on the other side
                    break
    os.close(ours)
    text = seen.decode()
    states = [state for state in text.split("\r") if state.strip()]
    assert process.returncode == 0
    assert states, "nothing was shown"
    assert all(state.startswith("kwmagic: ") and len(state) < 40 for state in states)
    assert "\n" not in text
    assert text.endswith("\r")
    assert not text.split("\r")[-2].strip(), "the last state is erased"


# --- Ctrl-C -----------------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("moments", [4, pytest.param(25, marks=pytest.mark.slow)])
def test_interrupted_at_any_moment(tmp_path, source, moments):
    """One line and 130, or the build was done; then one more run makes what a clean build makes."""
    for number in range(12):
        (source / f"m{number}.py").write_text(f"def f{number}(a, b): pass\n" * 50)
    env = {**os.environ, "KWMAGIC_CACHE_DIR": str(tmp_path / "cache")}
    clean = [*COMMAND, "build", str(source), "-j", "2", "--quiet", "-o"]
    started = time.monotonic()
    subprocess.run([*clean, str(tmp_path / "clean")], env=env, check=True, capture_output=True)
    whole = time.monotonic() - started
    codes = set()
    for number in range(moments):
        env["KWMAGIC_CACHE_DIR"] = str(tmp_path / f"cache{number % 3}")
        with subprocess.Popen(
            [*clean, str(tmp_path / "out")], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            time.sleep(0.1 + whole * number / moments)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
        codes.add(process.returncode)
        assert (process.returncode, stdout, stderr) == (130, "", INTERRUPTED) or (
            process.returncode == 0 and "pages of" in stdout and not stderr
        ), (number, process.returncode, stdout, stderr)
    assert 130 in codes
    subprocess.run([*clean, str(tmp_path / "out")], env=env, check=True, capture_output=True)
    assert contents(tmp_path / "out") == contents(tmp_path / "clean")


INTERRUPTED = "kwmagic build: interrupted; run again to go on\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


# --- from Python ------------------------------------------------------------------------------------------------------


def test_from_python(tmp_path, source, monkeypatch, capsys):
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "cache"))
    steps = []
    built = kwmagic.build(
        source, tmp_path / "out", options=SiteOptions(source_url="https://a.b/{path}#L{line}"), progress=steps.append
    )
    assert (built.files, built.written, built.problems) == (2, built.pages, ())
    assert steps[0].phase == "analysing"
    assert "https://a.b/shop/till.py#L1" in (tmp_path / "out" / "shop" / "till.py_docs.md").read_text("utf-8")
    assert capsys.readouterr().err == ""
    with pytest.raises(TargetError):
        kwmagic.build(tmp_path / "none", tmp_path / "out")
    with pytest.raises(OptionError):
        kwmagic.build(source, source)


NOTEBOOK = """
import kwmagic
from kwmagic.building import build as building
real = building.build
def slowly(*args, progress, **how):
    import time
    from kwmagic.building.report import Step
    for done in range(4):
        time.sleep(0.25)
        progress(Step("analysing", done + 1, 4))
    return real(*args, progress=progress, **how)
building.build = slowly
built = kwmagic.build({source!r}, {out!r}, cache={cache!r})
"""


def test_in_a_notebook_a_line_of_progress(tmp_path, source):
    """In a real kernel, the build held up: the line is shown, written over in place, and gone at the end."""
    manager, client = start_new_kernel()
    try:
        where = {name: str(tmp_path / name) for name in ("out", "cache")}
        messages = []
        reply = client.execute_interactive(
            NOTEBOOK.format(source=str(source), **where), output_hook=messages.append, timeout=60
        )
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    shown = [each["content"] for each in messages if each["msg_type"] in ("display_data", "update_display_data")]
    assert shown[0]["data"]["text/plain"].startswith("kwmagic: analysing ")
    assert shown[-1]["data"] == {}
    assert len({each["transient"]["display_id"] for each in shown}) == 1
    assert (tmp_path / "out" / "index.md").is_file()
