"""Lets go of what is old, when the command says what that is: `POST /_cordon/expiry`.

On AWS the lifecycle of a bucket removes its objects after days, and histories end by themselves. A
local run has as many drills in an hour as an account in months, so the command counts drills
instead. Objects leave only buckets whose lifecycle expires them: the evidence of real incidents is
in a bucket without such a rule, and stays whatever the command says.
"""

from __future__ import annotations

import calendar
import contextlib
import os
from typing import Callable

from ministack.core.responses import get_account_id
from ministack.services import (
    cloudtrail,
    cloudwatch,
    cloudwatch_logs,
    eventbridge,
    s3,
    stepfunctions,
)

from adapter import trail
from adapter.patching import require

_RUNNING = ('RUNNING', 'PENDING_REDRIVE')


class NotExpiringError(ValueError):
    """The lifecycle of the bucket keeps its objects."""


def check() -> None:
    require(s3, '_buckets', '_bucket_lifecycle', '_object_versions', '_delete_object_version')
    require(cloudtrail, '_trails')
    require(cloudwatch, '_metrics', '_alarm_history')
    require(cloudwatch_logs, '_log_groups', '_log_records', '_log_events_lock')
    require(eventbridge, '_events_log')
    require(stepfunctions, '_executions')


def remove_folders(bucket: str, folders: list[str]) -> int:
    """Remove every version of the objects in these folders; gives the number of objects."""
    return _remove(bucket, lambda key: key.startswith(tuple(folders)))


def forget_before(at: float) -> int:
    """Forget the history before this time; gives the number of files of trails."""
    trail.forget_before(at)
    _forget_executions(at)
    _forget_logs(at * 1000)
    for points in cloudwatch._metrics.values():
        points[:] = [point for point in points if point['Timestamp'] >= at]
    removed = 0
    for bucket in {kept['S3BucketName'] for kept in cloudtrail._trails.values()}:
        objects = s3._buckets[bucket]['objects']
        old = {key for key in objects if _seconds(objects[key]['last_modified']) < at}
        removed += _remove(bucket, old.__contains__)
    return removed


def _remove(bucket: str, is_old: Callable[[str], bool]) -> int:
    rules = s3._bucket_lifecycle.get(bucket) or []
    if not any('Days' in rule.get('Expiration', {}) for rule in rules):
        raise NotExpiringError(f'the lifecycle of {bucket} expires no objects')
    content = s3._buckets[bucket]
    versioned = {key for name, key in s3._object_versions if name == bucket}
    keys = [key for key in versioned.union(content['objects']) if is_old(key)]
    for key in keys:
        versions = list(s3._object_versions.get((bucket, key)) or [{'version_id': 'null'}])
        for version in versions:
            s3._delete_object_version(content, bucket, key, version['version_id'])
    _remove_empty_folders(bucket)
    return len(keys)


def _remove_empty_folders(bucket: str) -> None:
    for root in (s3.DATA_DIR, os.path.join(s3.DATA_DIR, s3._VERSIONS_DIR)):
        top = os.path.join(root, get_account_id(), bucket)
        for folder, _folders, _files in os.walk(top, topdown=False):
            if folder != top:
                with contextlib.suppress(OSError):  # it holds something
                    os.rmdir(folder)


def _forget_executions(at: float) -> None:
    executions = stepfunctions._executions
    for arn, execution in list(executions.items()):
        ended = execution['status'] not in _RUNNING and execution.get('stopDate')
        if ended and _seconds(ended) < at:
            del executions[arn]


def _forget_logs(milliseconds: float) -> None:
    """Forget old events, and the streams that are left without any."""
    for group in cloudwatch_logs._log_groups.values():
        for name, stream in list(group['streams'].items()):
            with cloudwatch_logs._log_events_lock:
                events = stream['events']
                stream['events'] = [each for each in events if each['timestamp'] >= milliseconds]
                is_over = (stream['lastEventTimestamp'] or milliseconds) < milliseconds
            if is_over:
                del group['streams'][name]
    for pointer, record in list(cloudwatch_logs._log_records.items()):
        if record['_timestamp_ms'] < milliseconds:
            del cloudwatch_logs._log_records[pointer]


def _seconds(text: str) -> float:
    """Read a time such as 2026-11-29T12:00:00.000Z."""
    moment, _, _fraction = text.rstrip('Z').partition('.')
    return calendar.timegm(tuple(int(part) for part in _digits(moment)))


def _digits(moment: str) -> list[str]:
    return moment.replace('T', '-').replace(':', '-').split('-')
