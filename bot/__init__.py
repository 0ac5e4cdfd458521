"""Beside: a coaching companion that asks, listens, and keeps what a teacher writes theirs."""

__version__ = "0.1.0"
