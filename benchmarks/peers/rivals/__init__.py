"""The rivals, pinned in requirements.txt here; they are not in the environment that is type-checked."""
