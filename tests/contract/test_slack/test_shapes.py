"""Every shape in which Slack tells something is well received, and means what it means and nothing else."""

import pytest

from adapters.slack.listen import EVENTS
from tests.contract.test_slack.house import House
from tests.contract.test_slack.shapes import Json, Shape, shapes
from tests.fakes.slack import ONCE, Result

EACH = tuple(shapes())


@pytest.mark.req("FEED-6")
async def test_each_is_answered_with_200_and_heard_as_what_it_is(house: House) -> None:
    wrong = []
    for number, shape in enumerate(EACH):
        house.door.events.clear()
        result = await told(house, shape, number)
        heard = tuple(type(event) for event in house.door.events)
        if set(result.statuses) != {200} or heard != shape.comes:
            wrong.append((shape.name, result.statuses, [one.__name__ for one in heard]))
    assert wrong == []


def test_there_is_one_of_everything_that_is_heard() -> None:
    told = {shape.body["event"]["type"] for shape in EACH if shape.way == "event"}
    assert set(EVENTS) <= told
    assert len({shape.name for shape in EACH}) == len(EACH)
    assert len(EACH) > 180


async def told(house: House, shape: Shape, number: int) -> Result:
    """Each is a happening of its own."""
    body: Json = {**shape.body}
    if body.get("response_url"):
        body["response_url"] = f"{house.slack.url}/hooks/actions/T0001/{number}"
    if shape.way == "event":
        body["event_id"] = f"Ev{number}" if body["event_id"] else None
        return await house.slack.courier.event(body, ONCE)
    if body.get("trigger_id"):
        body["trigger_id"] = f"1.2.{number}"
    if shape.way == "command":
        return await house.slack.courier.command(body, ONCE)
    return await house.slack.courier.interaction(body, ONCE)
