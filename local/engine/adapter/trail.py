"""The CloudTrail records of this run, in memory and bounded: management events and data events apart, oldest first.

In a flood every incident asks for the records of its session, its function and its role. So a record is kept as the text that is handed
out, which is a fraction of the objects it was made of, and on a shelf for each thing that it is looked up by: what an answer costs
depends on what is found, not on all that was ever recorded.
"""

from __future__ import annotations

import itertools
import json
import os
from collections import defaultdict, deque
from typing import Callable, Iterator, NamedTuple

_LIMIT = int(os.environ.get('CLOUDTRAIL_MAX_EVENTS', '50000'))
_SHELVED = ('EventName', 'ReadOnly', 'AccessKeyId', 'EventSource', 'Username')


class Kept(NamedTuple):
    """A record as it is handed out. `number` grows with every record; `event` is what LookupEvents says of it beside its text."""

    number: int
    at: float
    text: str
    event: dict


_numbers = itertools.count()
_management: deque[Kept] = deque()
_data: deque[Kept] = deque(maxlen=_LIMIT)
_shelves: dict[tuple[str, str], deque[Kept]] = defaultdict(deque)
_listeners: list[Callable[[float, dict], None]] = []


def listen(listener: Callable[[float, dict], None]) -> None:
    """Be told of every record, with the time of its call."""
    _listeners.append(listener)


def keep(at: float, record: dict, event: dict) -> None:
    """Remember a record together with what LookupEvents says of it."""
    kept = Kept(next(_numbers), at, json.dumps(record), event)
    if record['managementEvent']:
        _shelve(kept)
    else:
        _data.append(kept)
    for listener in _listeners:
        listener(at, record)


def _shelve(kept: Kept) -> None:
    if len(_management) == _LIMIT:
        _forget_oldest()
    _management.append(kept)
    for term in _terms(kept.event):
        _shelves[term].append(kept)


def _forget_oldest() -> None:
    for term in _terms(_management.popleft().event):
        shelf = _shelves[term]
        shelf.popleft()  # the oldest of all is the oldest of each of its shelves
        if not shelf:
            del _shelves[term]


def _terms(event: dict) -> set[tuple[str, str]]:
    of_resources = {
        (key, one[key]) for one in event['Resources'] for key in ('ResourceName', 'ResourceType')
    }
    return of_resources.union((key, event[key]) for key in _SHELVED)


def management(attribute: str = '', value: str = '') -> Iterator[Kept]:
    """What Event history holds, newest first: everything, or what has this value of an attribute that LookupEvents knows."""
    if not attribute:
        return reversed(_management)
    if attribute == 'EventId':
        return (kept for kept in reversed(_management) if kept.event['EventId'] == value)
    return reversed(_shelves.get((attribute, value), deque()))


def since(milliseconds: int) -> list[str]:
    """The text of every record, data events included, from a moment on, oldest first."""
    late = [
        itertools.takewhile(lambda kept: kept.at * 1000 >= milliseconds, reversed(shelf))
        for shelf in (_management, _data)
    ]
    return [kept.text for kept in sorted(itertools.chain(*late))]


def forget() -> None:
    for shelf in (_management, _data, _shelves):
        shelf.clear()
