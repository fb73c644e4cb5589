"""Drives real engines into a rich state through the bindings, and keeps every reply they gave."""
