"""Writes a trail's files as CloudTrail does: gzip, `{"Records": […]}`, one account and region each, in the folder of the day of delivery."""

from __future__ import annotations

import gzip
import json
import os
import random
import secrets
import string
import time
from collections import defaultdict

from ministack.services import cloudtrail, s3

from adapter import trail_selection

# How late a file is, and for tests: whether some come twice and in any order, as CloudTrail warns.
DELAY = float(os.environ.get('CORDON_TRAIL_DELAY_SECONDS', '2'))
TWICE = os.environ.get('CORDON_TRAIL_TWICE', '') == '1'
SHUFFLED = os.environ.get('CORDON_TRAIL_SHUFFLED', '') == '1'
# A file holds at most so many; CloudTrail's own are of about this size.
_MOST = 1_000
_waiting: list[dict] = []


def offer(at: float, record: dict) -> None:
    """A record that is to be delivered when its time has come."""
    _waiting.append({'due': at + DELAY, 'record': record})


def forget() -> None:
    _waiting.clear()


def deliver(now: float) -> int:
    """Write what is due into the bucket of every trail that records it. Gives the number of files."""
    due = [one['record'] for one in _waiting if one['due'] <= now]
    if not due:
        return 0
    _waiting[:] = [one for one in _waiting if one['due'] > now]
    logging = [(scope, trail) for scope, trail in cloudtrail._trails.all_items() if trail.get('IsLogging')]
    return sum(_write(trail, [one for one in due if trail_selection.selects(_selectors(scope), one)], now) for scope, trail in logging)


def _selectors(scope: tuple[str, str, str]) -> list[dict]:
    return cloudtrail._event_selectors.get_scoped(*scope, cloudtrail._DEFAULT_EVENT_SELECTORS)


def _write(trail: dict, records: list[dict], now: float) -> int:
    if SHUFFLED:
        random.shuffle(records)
    groups: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for record in records:
        groups[(record['recipientAccountId'], record['awsRegion'])].append(record)
    parts = [(where, group[at : at + _MOST]) for where, group in groups.items() for at in range(0, len(group), _MOST)]
    for (account, region), part in parts * (2 if TWICE else 1):
        _put(trail, _key(trail, account, region, now), part)
    return len(parts)


def _key(trail: dict, account: str, region: str, now: float) -> str:
    """The day in it is that of the delivery, not of the events."""
    at, unique = time.gmtime(now), ''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16))
    folder = f'AWSLogs/{account}/CloudTrail/{region}/{time.strftime("%Y/%m/%d", at)}'
    name = f'{account}_CloudTrail_{region}_{time.strftime("%Y%m%dT%H%MZ", at)}_{unique}.json.gz'
    return '/'.join(part for part in (trail.get('S3KeyPrefix'), folder, name) if part)


def _put(trail: dict, key: str, records: list[dict]) -> None:
    body = gzip.compress(json.dumps({'Records': records}).encode(), mtime=0)
    headers = {'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': str(len(body))}
    answer = s3._put_object(trail['S3BucketName'], key, body, headers)
    if isinstance(answer, tuple) and answer[0] >= 300:
        trail['_LatestDeliveryError'] = f'{answer[0]}'
