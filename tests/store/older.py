"""The store's tests of an older revision, on a database of today's form: `python -m tests.store.older REVISION [-k …]`.

Its code and its tests are taken from git, as they were then; only its migrations are today's. What opens, makes and
compares whole databases is about its own form and is left out.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
OWN_FORM: Final = ("test_opening.py", "test_migrating.py", "test_side_by_side.py")


def form(folder: Path, newer: str = "") -> str:
    """Which form of a database this code knows; from now on it takes a newer one for its own."""
    place = folder / "bot" / "migrate.py"
    text = place.read_text("utf-8")
    (known,) = re.findall(r'^_HEAD = "(\d+)"$', text, re.MULTILINE)
    if newer:
        place.write_text(text.replace(f'_HEAD = "{known}"', f'_HEAD = "{newer}"'), "utf-8")
    return str(known)


def laid_out(revision: str, folder: Path) -> tuple[str, str]:
    """The older revision on today's migrations: which form it knew itself, and which it has now."""
    taken = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(fileobj=BytesIO(taken.stdout)) as archive:
        archive.extractall(folder, filter="data")
    shutil.copytree(ROOT / "migrations", folder / "migrations", dirs_exist_ok=True)
    now = form(ROOT)
    return form(folder, now), now


def main(revision: str, *arguments: str) -> int:
    with tempfile.TemporaryDirectory(prefix="beside-older-") as name:
        folder = Path(name)
        known, now = laid_out(revision, folder)
        sys.stdout.write(f"{revision} knows {known}; its store is tried on {now}.\n")
        sys.stdout.flush()
        left_out = [f"--ignore=tests/store/{one}" for one in OWN_FORM]
        command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", *left_out, "tests/store", *arguments]
        # Before the checkout's own: where it is installed for work, its place is known to Python.
        there = os.environ | {"PYTHONPATH": str(folder)}
        return subprocess.run(command, cwd=folder, env=there, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
