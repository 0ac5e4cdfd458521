"""What can stand in the way of a transaction."""

from __future__ import annotations


class Conflict(Exception):
    """Somebody else was first: decide again on what is so now."""


class CannotOpen(Exception):
    """The database cannot be used; the message says what to do, in one line."""


class Busy(Exception):
    """Another program holds the database; nothing was kept, and trying again later is all there is to do."""
