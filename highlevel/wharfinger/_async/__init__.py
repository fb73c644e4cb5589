"""The only input and output of the library, written by hand with asyncio; `_sync` is derived from it."""
