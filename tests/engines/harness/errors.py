"""The one error of the harness."""


class HarnessError(Exception):
    """An engine, the registry or a package could not be provided; the message says what to do."""
