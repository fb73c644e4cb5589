"""The one error that codegen raises on purpose."""


class CodegenError(Exception):
    """Something that the caller can put right; the message says what was given, expected and to be done.

    The command line shows the message alone, without a traceback.
    """
