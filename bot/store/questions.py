"""An organization's own questions."""

from __future__ import annotations

from sqlalchemy import select

from bot.records import Question
from bot.store import tables as t
from bot.store.calendars import Calendars
from bot.store.work import moment, seconds


class Questions(Calendars):
    async def questions(self, language: str, author: str | None = None) -> tuple[Question, ...]:
        """Asked or retired, oldest first; with an author, those of that coach."""
        q = t.question.c
        statement = select(t.question).where(q.organization_id == self.organization, q.language == language)
        if author is not None:
            statement = statement.where(q.author == author)
        found = []
        for row in await self._rows(statement.order_by(q.at, q.id)):
            stem = await self._open_own(row, "question", "stem")
            assert stem is not None  # noqa: S101 - the column may not be empty
            found.append(
                Question(
                    id=row.id,
                    organization=self.organization,
                    by=row.author,
                    language=row.language,
                    at=moment(row.at),
                    status=row.status,
                    stem=stem,
                )
            )
        return tuple(found)

    async def _keep_question(self, record: Question) -> None:
        values = {
            "id": record.id,
            "organization_id": self.organization,
            "author": record.by,
            "language": record.language,
            "at": seconds(record.at),
            "status": record.status,
            **await self._seal_own(record.stem, "question", "stem", record.id),
        }
        await self._upsert(t.question, values, "id")
