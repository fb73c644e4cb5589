"""One typed Python API over Docker Engine and Podman, sync and async."""
