"""PostgreSQL's driver, asked straight for what is made once: SQLAlchemy's own way takes several times as long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from sqlalchemy.ext.asyncio import AsyncConnection


async def straight(
    connection: AsyncConnection, text: str, values: Sequence[Any], *, rows: bool
) -> tuple[list[Any], int] | None:
    """Its rows, and how many were written. None where no transaction has begun: SQLAlchemy begins it as it asks."""
    inner: Any = connection.sync_connection
    there = inner.connection.dbapi_connection
    if getattr(there, "_transaction", None) is None:
        return None
    driver = there.driver_connection
    try:
        if rows:
            found = await driver.fetch(text, *values)
            return found, len(found)
        return [], int((await driver.execute(text, *values)).rpartition(" ")[2])
    except BaseException as fault:  # noqa: BLE001 - it is raised again, under the name SQLAlchemy has for it
        _told(inner, there, text, fault)


def _told(inner: Any, there: Any, text: str, fault: BaseException) -> NoReturn:
    """As SQLAlchemy does it: translated, counted, and a connection that broke or was broken off is given up."""
    try:
        there._handle_exception(fault)  # noqa: SLF001 - it has no public name
    except BaseException as known:
        inner._handle_dbapi_exception(known, text, None, None, None)  # noqa: SLF001 - the same
        raise
    raise fault
