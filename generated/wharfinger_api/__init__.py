"""Low-level bindings of container engines, generated: `docker` and `libpod`."""
