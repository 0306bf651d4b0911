"""The two kinds of error that a visitor may meet; each message is a sentence for that visitor.

    DashboardError
    +-- InputError       what the visitor gave cannot be used
    +-- ModelFileError   a file below models/ is missing, altered or does not fit

A programming mistake is neither: it stays a ValueError or KeyError and is fixed, not caught.
"""


class DashboardError(Exception):
    """Base class: the message is written for the person who reads the page."""


class InputError(DashboardError, ValueError):
    """The visitor's input cannot be used; the message says what would be right."""


class ModelFileError(DashboardError):
    """A model file is missing, was altered, or disagrees with its config.json."""
