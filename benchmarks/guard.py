"""How long the guard takes for a sentence, and for 4,000 characters that mean it no good."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice

from benchmarks.report import Row, row, told
from bot.guard import check, rules
from bot.stems import Library

ROUNDS = 9
# Each is repeated until it fills a message: what begins many rules and ends none, marks alone, quotes without end.
HOSTILE = (
    "a,", "a ", "?.", "'a ", '"', " 'a", "you should ", "i had a ", "the a ", "students they ", "have you ", "low the ",
    "- a\n", "one of the ", "www.a ", "AB ", "{a}", "\ufdfa", "not as good as , ",
    "you i the students is so good not of ",
)  # fmt: skip


def main() -> list[Row]:
    library = Library.load()
    sentences = [text for stem in library.stems for text in (stem.text, *stem.follow_ups)]
    many = [" ".join(islice(cycle(rules().alphabet.words), 600)), ", ".join(reversed(rules().alphabet.words))]
    hostile = [(unit * 4000)[:4000] for unit in HOSTILE] + [text[:4000] for text in many]
    for text in (*sentences, *hostile):
        check(text, author="coach")
    each = _usual(lambda: [check(text, author="coach") for text in sentences]) / len(sentences)
    worst = max(_usual(partial(check, text, author="coach")) for text in hostile)
    rows = [
        row("guard_sentence_ms", each * 1000, None, "ms", "<= 0.3"),
        row("guard_hostile_ms", worst * 1000, None, "ms", "<= 5"),
    ]
    for one in rows:
        print(told(one))
    return rows


def _usual(run: Callable[[], object]) -> float:
    """The median of several rounds, in seconds of this process alone."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        run()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)
