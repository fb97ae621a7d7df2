"""The CloudTrail records of this run, in memory and bounded: management events and data events apart, oldest first."""

from __future__ import annotations

import os
from collections import deque
from typing import Callable

_LIMIT = int(os.environ.get('CLOUDTRAIL_MAX_EVENTS', '50000'))
_management: deque[dict] = deque(maxlen=_LIMIT)
_data: deque[dict] = deque(maxlen=_LIMIT)
_listeners: list[Callable[[float, dict], None]] = []


def listen(listener: Callable[[float, dict], None]) -> None:
    """Be told of every record, with the time of its call."""
    _listeners.append(listener)


def keep(at: float, record: dict, username: str, resources: list[dict]) -> None:
    """Remember a record together with what LookupEvents searches."""
    shelf = _management if record['managementEvent'] else _data
    shelf.append({'at': at, 'record': record, 'username': username, 'resources': resources})
    for listener in _listeners:
        listener(at, record)


def management() -> list[dict]:
    """What Event history holds: management events, newest first."""
    return sorted(_management, key=lambda kept: kept['at'], reverse=True)


def since(milliseconds: int) -> list[dict]:
    """Every record, data events included, from a moment on."""
    found = [kept for kept in [*_management, *_data] if kept['at'] * 1000 >= milliseconds]
    return [kept['record'] for kept in sorted(found, key=lambda kept: kept['at'])]


def forget() -> None:
    _management.clear()
    _data.clear()
