"""Lets go of what a long run no longer needs, so that the engine stays as small as it was.

AWS keeps these things for days or months. This machine keeps them for minutes, because the drills
of a long run would fill its memory:

- the bytes of an object version, once the same bytes are in the folder of the run;
- a query of Athena with its answer and its result files, `CORDON_RETENTION_SECONDS` after its end;
- CloudTrail data events in memory, as long after their call (the files of the trail remain).

The bound is ten minutes: no report waits as long for its queries. What belongs to a drill stays as
long as the drill: see `expiry.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import time
from typing import Any
from urllib.parse import urlparse

import hypercorn.asyncio
from ministack import app
from ministack.core import responses
from ministack.services import athena, s3

from adapter import trail
from adapter.patching import require, wrap

_SECONDS = float(os.environ.get('CORDON_RETENTION_SECONDS', '600'))
_EVERY_SECONDS = min(15, _SECONDS)
_M_ARENA_MAX = -8  # in malloc.h
_ENDED = ('SUCCEEDED', 'FAILED', 'CANCELLED')


def install() -> None:
    require(s3, '_persist_object', '_object_versions', '_delete_object', 'DATA_DIR')
    require(athena, '_executions')
    require(responses, '_request_account_id', '_request_region')
    wrap(s3, '_persist_object', _without_bytes)
    wrap(hypercorn.asyncio, 'serve', _sweeping)
    _use_few_arenas()


def _without_bytes(persist: Any) -> Any:
    """Drop the bytes of a version from memory when its object was written to the disk."""

    def persisted(bucket: str, key: str, obj: Any) -> None:
        persist(bucket, key, obj)
        if not isinstance(obj, dict) or obj.get('body') is not None:
            return  # the disk refused it, so memory is the only place that has it
        version_id = obj.get('version_id') or 'null'
        for version in reversed(s3._object_versions.get((bucket, key)) or []):
            if version['version_id'] == version_id:
                version['data'] = None
                return

    return persisted


def _sweeping(serve: Any) -> Any:
    async def served(*arguments: Any, **options: Any) -> None:
        sweeps = asyncio.create_task(_sweep_for_ever())
        try:
            await serve(*arguments, **options)
        finally:
            sweeps.cancel()

    return served


async def _sweep_for_ever() -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            sweep(time.time())
        # A sweep that fails must not end the next ones.
        except Exception:
            app.logger.exception('cordon: retention')
        await asyncio.to_thread(_give_back)


def sweep(now: float) -> None:
    """Let go of everything that is older than its bound."""
    trail.forget_data_before(now - _SECONDS)
    for scoped, execution in list(athena._executions.all_items()):
        status = execution['Status']
        ended = status.get('CompletionDateTime') or now
        if status['State'] in _ENDED and ended < now - _SECONDS:
            _forget_query(scoped, execution)


def _forget_query(scoped: tuple[str, str, str], execution: dict) -> None:
    account, region, query_id = scoped
    athena._executions.pop_scoped(account, region, query_id)
    location = urlparse(execution['ResultConfiguration'].get('OutputLocation') or '')
    # The engine writes below the location that it gives for the file.
    key = f'{location.path.strip("/")}/{query_id}.csv'
    token = responses._request_account_id.set(account)
    try:
        for name in (key, f'{key}.metadata'):
            _delete_object(location.netloc, name)
    finally:
        responses._request_account_id.reset(token)
    with contextlib.suppress(OSError):  # the folder is empty now, or was never there
        os.rmdir(os.path.join(s3.DATA_DIR, account, location.netloc, location.path.strip('/')))


def _delete_object(bucket: str, key: str) -> None:
    """Delete an object with all of its versions."""
    if bucket not in s3._buckets or key not in s3._buckets[bucket]['objects']:
        return
    versions = [version['version_id'] for version in s3._object_versions.get((bucket, key)) or []]
    for version_id in versions:
        s3._delete_object(bucket, key, {}, {'versionId': version_id})
    if not versions:
        s3._delete_object(bucket, key, {})


def _use_few_arenas() -> None:
    """Let all threads take memory from the same two arenas, so that freed memory is used again.

    Without this, glibc keeps an arena for each thread, and each keeps what its thread has freed.
    """
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    if mallopt:
        mallopt(_M_ARENA_MAX, 2)


def _give_back() -> None:
    """Give freed memory back to the system, where the C library can."""
    trim = getattr(ctypes.CDLL(None), 'malloc_trim', None)
    if trim:
        trim(0)
