"""The table of contents: every conversation, in the order in which help lists their commands."""

from __future__ import annotations

from bot.flow import Command, Flow
from bot.flows import care, coteach, house, link, meeting, note, reflection

FLOWS: tuple[Flow, ...] = (reflection.flow, coteach.flow, house.flow, link.flow, meeting.flow, care.flow, note.flow)
BY_NAME = {flow.name: flow for flow in FLOWS}


def commands(role: str) -> tuple[Command, ...]:
    """The commands a person of that role may type."""
    return tuple(command for flow in FLOWS for command in flow.commands if role in command.roles)
