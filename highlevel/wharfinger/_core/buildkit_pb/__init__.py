"""The messages of BuildKit, compiled from spec/buildkit; for builds with it alone."""
