"""`python -m tests.engines.recorder FOLDER`: records every service and keeps a small, clean selection in FOLDER."""

import os
import sys
from pathlib import Path

from tests.engines.harness import TEST_IMAGE, Lab
from tests.engines.recorder.recorder import SERVICES
from tests.engines.recorder.recording import record
from tests.engines.recorder.selection import keep


def main(folder: Path) -> None:
    """Write one file for each service."""
    lab = Lab(environment=os.environ)
    try:
        for service in SERVICES:
            engine = lab.engine("docker" if service == "docker" else "podman")
            recording = record(service, engine, TEST_IMAGE, lab.registry().image)
            path = folder / f"{service}.json"
            path.write_text(keep(recording), encoding="utf-8")
            print(f"{path}: {path.stat().st_size} bytes from {engine.name} {engine.version}")
    finally:
        lab.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
