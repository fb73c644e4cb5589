"""Pure parts: bytes and values in, values out. Nothing here does input or output."""
