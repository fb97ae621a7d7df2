"""Writes the files of a trail as CloudTrail does.

A file is gzip of `{"Records": […]}`, holds records of a single account and region, and lies in the
folder of the day on which it is delivered.
"""

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

# The delay of a file. For tests, files may come twice and in any order, as CloudTrail warns.
DELAY = float(os.environ.get('CORDON_TRAIL_DELAY_SECONDS', '2'))
TWICE = os.environ.get('CORDON_TRAIL_TWICE', '') == '1'
SHUFFLED = os.environ.get('CORDON_TRAIL_SHUFFLED', '') == '1'
# CloudTrail gathers the records of some minutes in a file. Here it is a fraction of the delay, so
# that a run has some files a drill, and not some a second.
_GATHERING = DELAY / 2
# A file holds at most this many records; the files of CloudTrail are about as large.
_LARGEST_FILE = 1_000
_CODE = re.compile('<Code>(.*?)</Code>')
_waiting: deque[tuple[float, dict]] = deque()


def offer(at: float, record: dict) -> None:
    """Queue a record until its delay has passed."""
    _waiting.append((at + DELAY, record))


def forget() -> None:
    _waiting.clear()


def due(now: float) -> list[Callable[[], None]]:
    """Give the writes that are due now: a call for each trail that is logging.

    The oldest record waits until the delay and the time of gathering have passed; all that have
    waited as long as the delay go with it.
    """
    if not _waiting or _waiting[0][0] + _GATHERING > now:
        return []
    records = []
    while _waiting and _waiting[0][0] <= now:
        records.append(_waiting.popleft()[1])
    return [
        partial(_write, trail, _selectors(scope), records, now)
        for scope, trail in cloudtrail._trails.all_items()
        if trail.get('IsLogging')
    ]


def _selectors(scope: tuple[str, str, str]) -> list[dict]:
    return cloudtrail._event_selectors.get_scoped(*scope, cloudtrail._DEFAULT_EVENT_SELECTORS)


def _write(trail: dict, selectors: list[dict], records: list[dict], now: float) -> None:
    selected = [record for record in records if trail_selection.selects(selectors, record)]
    if SHUFFLED:
        random.shuffle(selected)
    groups: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for record in selected:
        groups[(record['recipientAccountId'], record['awsRegion'])].append(record)
    files = [
        (scope, group[start : start + _LARGEST_FILE])
        for scope, group in groups.items()
        for start in range(0, len(group), _LARGEST_FILE)
    ]
    for (account, region), file in files * (2 if TWICE else 1):
        _put(trail, _key(trail, account, region, now), file)


def _key(trail: dict, account: str, region: str, now: float) -> str:
    """Name a file; its day is the day of the delivery, not of the events."""
    at = time.gmtime(now)
    unique = ''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16))
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
