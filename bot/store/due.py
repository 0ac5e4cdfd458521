"""How plans that are due become rows of the outbox: in one statement, from table to table, whatever their number."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import TextClause, text

from bot.store.lanes import NOWHERE
from bot.store.taking import DUE, values_of

# The lane is that of where the person was heard last. A check-in happens once a local day: one whose day has been, and
# that a moved zone or clock brings again, only plans the next; whatever else is looked at again has its own moment.
_MOVE = """
INSERT INTO outbox (
  organization_id, occurrence_key, lane_id, person_id, kind, name, thread_id, topic, local_date, revises, visible_at,
  priority, state, attempts, last_error, fence, channel, message
)
SELECT
  organization_id, CASE WHEN been THEN day_key || ':again:' || CAST(next_due_at AS text) ELSE day_key END, lane,
  person_id, 'due', '', thread_id, CASE WHEN been THEN 'again' ELSE topic END, local_date, '', next_due_at,
  :due, 'ready', 0, '', 0, '', ''
FROM (
  SELECT keyed.*,
    EXISTS (
      SELECT 1 FROM outbox
      WHERE outbox.organization_id = keyed.organization_id AND outbox.occurrence_key = keyed.day_key
    ) AS been,
    coalesce((
      SELECT keyed.organization_id || '/' || platform || ':' || team FROM account
      WHERE account.organization_id = keyed.organization_id AND account.person_id = keyed.person_id
        AND gone = '' AND user_id <> ''
      ORDER BY used_at DESC, platform LIMIT 1
    ), :nowhere) AS lane
  FROM (
    SELECT plan.*, 'due:' || person_id || ':' || topic || ':' || local_date ||
      CASE WHEN topic = 'checkin' THEN '' ELSE ':' || CAST(next_due_at AS text) || ':' || thread_id END AS day_key
    FROM plan WHERE id = ANY(CAST(:plans AS text[]))
  ) AS keyed
) AS due
WHERE true
ORDER BY next_due_at
ON CONFLICT DO NOTHING
RETURNING lane_id, organization_id
"""


def move(plans: Collection[str], *, sqlite: bool) -> tuple[TextClause, dict[str, object]]:
    """The statement and its parameters. Text, so that a tick spends nothing on making it."""
    return _MOVES[sqlite], {"plans": values_of(sqlite, plans), "due": DUE, "nowhere": NOWHERE}


_MOVES = {
    True: text(_MOVE.replace("= ANY(CAST(:plans AS text[]))", "IN (SELECT value FROM json_each(:plans))")),
    False: text(_MOVE),
}
