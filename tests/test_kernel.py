"""The magics in a real kernel: executed notebooks as nbclient saves them, interrupts, completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

import kwmagic

SLOW = """
import time
from kwmagic import documents
real = documents.index
def slow(target, **how):
    for done in range(4):
        time.sleep(0.25)
        how["scene"].progress(done + 1, 4)
    return real(target, **how)
documents.index = slow
"""
SLOW_PROJECT = """
from kwmagic import drafting
gathered = drafting.gathered
def slowly(facts, how, **options):
    for done in range(4):
        time.sleep(0.25)
        how.progress(done + 1, 4)
    return gathered(facts, how, **options)
drafting.gathered = slowly
"""
CELLS = {
    "load": "%load_ext kwmagic",
    "bare": "%kwindex json.scanner",
    "two": "%kwindex json.scanner\n%docfile json.scanner",
    "loop": "for n in range(2):\n    %kwindex json.scanner",
    "assigned": "x = %kwindex json.scanner",
    "silenced": "%kwindex json.scanner;",
    "empty body": "#| echo: false\n%%docfile json.scanner\n",
    "body": "%%docfile json.scanner\n## Purpose\n\nMine alone.\n",
    "error": "%kwindex nosuchthing_at_all",
    "defined": "def mine():\n    pass",
    "own": "%kwindex .",
    "slow": SLOW,
    "progress": "%kwindex json.scanner",
    "value": "_.target.label",
    "progress of a dropped value": "%kwindex json.scanner\npass",
    "progress of an assignment": "x = %kwindex json.scanner",
    "slow project": SLOW_PROJECT,
    "completed": "%docfile json.scanner",
    "no first view": "x = %docfile json.scanner",
}


@pytest.fixture(name="environment", scope="module", autouse=True)
def _environment(tmp_path_factory):
    """A kernel that no notebook server started, with a home of its own."""
    patch = pytest.MonkeyPatch()
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    patch.delenv("JPY_SESSION_NAME", raising=False)
    yield
    patch.undo()


@pytest.fixture(name="saved", scope="module")
def _saved(tmp_path_factory):
    """The outputs of each cell, after one run."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in CELLS.values()])
    folder = str(tmp_path_factory.mktemp("notebook"))
    kwmagic.document("json.scanner")  # so that the library is indexed, and no cell shows progress that is none of SLOW
    NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": folder}}).execute()
    nbformat.validate(notebook)
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("load", []),
        ("bare", ["execute_result"]),
        ("two", ["display_data", "execute_result"]),
        ("loop", ["display_data", "display_data"]),
        ("assigned", []),
        ("silenced", []),
        ("empty body", ["execute_result"]),
        ("body", ["execute_result"]),
        ("own", ["execute_result"]),
    ],
)
def test_what_a_saved_notebook_holds(saved, name, kinds):
    outputs = saved[name]
    assert [output.output_type for output in outputs] == kinds
    for output in outputs:
        assert set(output.data) == {"text/markdown", "text/plain"}
        assert output.metadata["kwmagic"]["schema"] == 1
        assert output.metadata["kwmagic"]["target"]


def test_an_error_is_one_line(saved):
    (error,) = saved["error"]
    assert (error.output_type, error.name) == ("stream", "stderr")
    assert error.text.startswith("UsageError: %kwindex: no module, path or object 'nosuchthing_at_all'")
    assert error.text.count("\n") == 1


def test_an_error_stops_a_run():
    notebook = new_notebook(cells=[new_code_cell("%load_ext kwmagic\n%kwindex nosuchthing_at_all")])
    with pytest.raises(CellExecutionError, match=r"UsageError: %kwindex: no module, path or object"):
        NotebookClient(notebook).execute()


def test_own_names(saved):
    assert "mine" in saved["own"][0].data["text/markdown"]


@pytest.mark.parametrize("name", ["progress", "progress of a dropped value"])
def test_progress_is_replaced_by_the_result(saved, name):
    (output,) = saved[name]
    assert output.output_type == "display_data"
    assert "py_make_scanner" in output.data["text/markdown"]
    assert output.metadata["kwmagic"]["target"] == "json.scanner"


def test_a_result_that_replaced_progress_is_the_cells_value(saved):
    assert saved["value"][0].data["text/plain"] == "'json.scanner'"


def test_a_first_view_is_completed_in_its_place(saved):
    """The emptied first output is where the progress was, above a document that may be long."""
    progress, document = saved["completed"]
    assert dict(progress.data) == {}
    assert "is not in here yet" not in document.data["text/markdown"]
    assert "json/decoder.py" in document.data["text/markdown"].partition("## Cross-References")[2]


def test_an_assigned_document_shows_no_first_view(saved):
    assert [dict(output.data) for output in saved["no first view"]] == [{}]


def test_progress_of_an_assignment_leaves_nothing(saved):
    assert [dict(output.data) for output in saved["progress of an assignment"]] == [{}]


@pytest.fixture(name="client", scope="module")
def _client():
    manager, client = start_new_kernel()
    client.execute_interactive("%load_ext kwmagic\n" + SLOW.replace("range(4)", "range(400)"), timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.skipif(os.name == "nt", reason="kernels are interrupted differently on Windows")
def test_interrupt_gives_the_prompt_back(client):
    manager, client = client
    request = client.execute("%kwindex json.scanner")
    time.sleep(1.0)
    started = time.monotonic()
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=20)
    while reply["parent_header"]["msg_id"] != request:
        reply = client.get_shell_msg(timeout=20)
    assert time.monotonic() - started < 2
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert reply["content"]["evalue"] == "%kwindex was interrupted"


def test_links_in_a_kernel_of_a_running_server(tmp_path, monkeypatch):
    """The server says its root in its information file; the notebook's folder is the session's name."""
    pytest.importorskip("jupyter_server")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    root = tmp_path / "root"
    (root / "nb").mkdir(parents=True)
    (root / "a.py").write_text("def here():\n    pass\n")
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--port=0"]
    options = [f"--ServerApp.root_dir={root}", "--IdentityProvider.token=secret"]
    with subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            info = _information(tmp_path / "runtime" / f"jpserver-{server.pid}.json")
            asked = {"path": "nb/x.ipynb", "name": "x.ipynb", "type": "notebook", "kernel": {"name": "python3"}}
            request = urllib.request.Request(
                f"{info['url']}api/sessions", json.dumps(asked).encode(), {"Authorization": "token secret"}
            )
            with urllib.request.urlopen(request, timeout=60) as reply:
                kernel = json.load(reply)["kernel"]["id"]
            client = BlockingKernelClient(connection_file=str(tmp_path / "runtime" / f"kernel-{kernel}.json"))
            client.load_connection_file()
            client.start_channels()
            _wait(client)
            shown: list[dict] = []
            code = "%load_ext kwmagic\n%kwindex ../a.py"
            client.execute_interactive(code, timeout=60, output_hook=lambda message: shown.append(message["content"]))
            client.stop_channels()
        finally:
            server.terminate()
    (data,) = [content["data"]["text/markdown"] for content in shown if "data" in content]
    assert 'href="../a.py#line=0"' in data


def _information(file: Path) -> dict:
    for _ in range(300):
        with suppress(OSError, ValueError):
            return json.loads(file.read_text())
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _wait(client: BlockingKernelClient) -> None:
    """Until the kernel answers; a busy machine misses heartbeats, which alone does not mean that it died."""
    for _ in range(30):
        with suppress(RuntimeError):
            client.wait_for_ready(timeout=60)
            return
        time.sleep(0.5)
    raise TimeoutError("the kernel did not start")


def test_completion(client):
    _, client = client
    code = "x = %kwindex json.dec"
    reply = client.complete(code, len(code), reply=True, timeout=20)["content"]
    assert reply["matches"] == ["json.decoder"]
    assert code[reply["cursor_start"] : reply["cursor_end"]] == "json.dec"


def test_question_mark(client):
    _, client = client
    reply = client.inspect("%docfile", reply=True, timeout=20)["content"]
    assert "--without" in reply["data"]["text/plain"]
