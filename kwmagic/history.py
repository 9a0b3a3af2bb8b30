"""What git knows of a file, asked so that nothing of the repository's configuration can run code."""

from __future__ import annotations

import os
import subprocess

from kwmagic.pages.subject import Commit

_GIT = ("git", "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
_SECONDS = 2


def last_commit(file: str) -> Commit | None:
    """The last commit that touched a file; None where there is no git, no repository, no commit, or no answer."""
    folder, name = os.path.split(file)
    format_ = "--format=%h%x00%cs%x00%s"
    command = [*_GIT, "log", "-1", "--no-ext-diff", "--no-textconv", format_, "--", name]
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
    try:
        answer = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    parts = answer.stdout.decode("utf-8", "replace").strip("\n").split("\0")
    return Commit(*parts) if answer.returncode == 0 and len(parts) == 3 else None
