# Derived from highlevel/wharfinger/_async/__init__.py
# by `python -m codegen.unasync`: change that file, not this one.
"""The only input and output of the library, written by hand with asyncio; `_sync` is derived from it."""
