"""The container file's own steps in a clean folder: what it copies is all that the program needs.

No image is built here; that needs a registry of base images.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.program.conftest import ROOT


def test_what_is_copied_runs(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    for words in [line.split()[1:] for line in lines if line.startswith("COPY ") and "--from" not in line]:
        for source in words[:-1]:
            target = app / words[-1] if not words[-1].startswith(".") else app / source
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, target)
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--data", str(tmp_path / "data")], cwd=app, env=environment, check=False,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (app / "tests").exists()
    assert (app / "requirements.lock").exists(), "the first step installs exactly these"
