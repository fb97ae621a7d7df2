"""Writes a trail's files as CloudTrail does: gzip, `{"Records": […]}`, one account and region each, in the folder of the day of delivery."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import secrets
import string
import time
from collections import defaultdict, deque
from functools import partial
from typing import Callable

from ministack.services import cloudtrail, s3

from adapter import trail_selection

# How late a file is, and for tests: whether some come twice and in any order, as CloudTrail warns.
DELAY = float(os.environ.get('CORDON_TRAIL_DELAY_SECONDS', '2'))
TWICE = os.environ.get('CORDON_TRAIL_TWICE', '') == '1'
SHUFFLED = os.environ.get('CORDON_TRAIL_SHUFFLED', '') == '1'
# A file holds at most so many; CloudTrail's own are of about this size.
_MOST = 1_000
_CODE = re.compile('<Code>(.*?)</Code>')
_waiting: deque[tuple[float, dict]] = deque()


def offer(at: float, record: dict) -> None:
    """A record that is to be delivered when its time has come."""
    _waiting.append((at + DELAY, record))


def forget() -> None:
    _waiting.clear()


def due(now: float) -> list[Callable[[], None]]:
    """What is to be written now: one call for each trail that is logging."""
    records = []
    while _waiting and _waiting[0][0] <= now:
        records.append(_waiting.popleft()[1])
    logging = (
        [
            (scope, trail)
            for scope, trail in cloudtrail._trails.all_items()
            if trail.get('IsLogging')
        ]
        if records
        else []
    )
    return [partial(_write, trail, _selectors(scope), records, now) for scope, trail in logging]


def _selectors(scope: tuple[str, str, str]) -> list[dict]:
    return cloudtrail._event_selectors.get_scoped(*scope, cloudtrail._DEFAULT_EVENT_SELECTORS)


def _write(trail: dict, selectors: list[dict], records: list[dict], now: float) -> None:
    chosen = [one for one in records if trail_selection.selects(selectors, one)]
    if SHUFFLED:
        random.shuffle(chosen)
    groups: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for record in chosen:
        groups[(record['recipientAccountId'], record['awsRegion'])].append(record)
    parts = [
        (where, group[at : at + _MOST])
        for where, group in groups.items()
        for at in range(0, len(group), _MOST)
    ]
    for (account, region), part in parts * (2 if TWICE else 1):
        _put(trail, _key(trail, account, region, now), part)


def _key(trail: dict, account: str, region: str, now: float) -> str:
    """The day in it is that of the delivery, not of the events."""
    at, unique = (
        time.gmtime(now),
        ''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16)),
    )
    folder = f'AWSLogs/{account}/CloudTrail/{region}/{time.strftime("%Y/%m/%d", at)}'
    name = f'{account}_CloudTrail_{region}_{time.strftime("%Y%m%dT%H%MZ", at)}_{unique}.json.gz'
    return '/'.join(part for part in (trail.get('S3KeyPrefix'), folder, name) if part)


def _put(trail: dict, key: str, records: list[dict]) -> None:
    body = gzip.compress(json.dumps({'Records': records}).encode(), mtime=0)
    headers = {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'content-length': str(len(body)),
    }
    status, _headers, answer = s3._put_object(trail['S3BucketName'], key, body, headers)
    if status >= 300:
        trail['_LatestDeliveryError'] = _CODE.search(answer.decode()).group(1)
        return
    trail['_LatestDeliveryTime'] = int(time.time())
    trail.pop('_LatestDeliveryError', None)
