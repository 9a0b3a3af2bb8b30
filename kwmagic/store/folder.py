"""Where the indexes of projects are kept."""

from __future__ import annotations

import os


def cache_folder(configured: str | None = None) -> str:
    """`$KWMAGIC_CACHE_DIR`, else the folder that is *configured*, else the one that the system has for the user."""
    chosen = os.environ.get("KWMAGIC_CACHE_DIR") or configured
    if chosen:
        return os.path.abspath(chosen)
    import platformdirs  # noqa: PLC0415  # not needed to import kwmagic

    return platformdirs.user_cache_dir("kwmagic", appauthor=False)
