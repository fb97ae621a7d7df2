"""The CloudTrail records of this run, in memory: management events and data events separately.

In a flood every incident looks up the records of its session, its function and its role. A record
is therefore stored as the compressed text that LookupEvents returns, which takes a fraction of the
memory of its objects, and a management event also in an index for each attribute that LookupEvents
knows. A lookup then costs as much as it returns, not as much as was ever recorded. The number of
records is bounded, and data events, which LookupEvents does not return, are kept for some minutes.
"""

from __future__ import annotations

import itertools
import json
import os
import zlib
from collections import defaultdict, deque
from typing import Callable, Iterator, NamedTuple

_LIMIT = int(os.environ.get('CLOUDTRAIL_MAX_EVENTS', '50000'))
_INDEXED = ('EventName', 'ReadOnly', 'AccessKeyId', 'EventSource', 'Username')


class StoredRecord(NamedTuple):
    """A record as it is returned.

    `number` grows with every record; `event` holds the other members of the answer of LookupEvents,
    and is empty for a data event.
    """

    number: int
    at: float
    packed: bytes
    event: dict

    @property
    def text(self) -> str:
        return zlib.decompress(self.packed).decode()


_numbers = itertools.count()
_management: deque[StoredRecord] = deque()
_data: deque[StoredRecord] = deque(maxlen=_LIMIT)
_index: dict[tuple[str, str], deque[StoredRecord]] = defaultdict(deque)
_listeners: list[Callable[[float, dict], None]] = []


def listen(listener: Callable[[float, dict], None]) -> None:
    """Call `listener` with every record and the time of its call."""
    _listeners.append(listener)


def store(at: float, record: dict, event: dict) -> None:
    """Store a record together with its event as LookupEvents describes it."""
    packed = zlib.compress(json.dumps(record).encode(), level=1)
    if record['managementEvent']:
        _store_management(StoredRecord(next(_numbers), at, packed, event))
    else:
        _data.append(StoredRecord(next(_numbers), at, packed, {}))
    for listener in _listeners:
        listener(at, record)


def _store_management(stored: StoredRecord) -> None:
    if len(_management) == _LIMIT:
        _forget_oldest()
    _management.append(stored)
    for term in _terms(stored.event):
        _index[term].append(stored)


def _forget_oldest() -> None:
    for term in _terms(_management.popleft().event):
        records = _index[term]
        records.popleft()  # the oldest record is also the oldest under each of its terms
        if not records:
            del _index[term]


def _terms(event: dict) -> set[tuple[str, str]]:
    terms = {
        (key, resource[key])
        for resource in event['Resources']
        for key in ('ResourceName', 'ResourceType')
    }
    return terms.union((key, event[key]) for key in _INDEXED)


def management(attribute: str = '', value: str = '') -> Iterator[StoredRecord]:
    """Give management events, the newest at the beginning.

    With an attribute of LookupEvents, give only the events that have this value of it.
    """
    if not attribute:
        return reversed(_management)
    if attribute == 'EventId':
        return (stored for stored in reversed(_management) if stored.event['EventId'] == value)
    return reversed(_index.get((attribute, value), deque()))


def since(milliseconds: int) -> list[str]:
    """Give the text of every record since a time, data events included, the oldest at the top."""
    newest = [
        itertools.takewhile(lambda stored: stored.at * 1000 >= milliseconds, reversed(records))
        for records in (_management, _data)
    ]
    return [stored.text for stored in sorted(itertools.chain(*newest))]


def forget_data_before(at: float) -> None:
    """Let go of the data events that were recorded before this time."""
    while _data and _data[0].at < at:
        _data.popleft()


def forget_before(at: float) -> None:
    """Let go of every event that was recorded before this time."""
    forget_data_before(at)
    while _management and _management[0].at < at:
        _forget_oldest()


def forget() -> None:
    for records in (_management, _data, _index):
        records.clear()
