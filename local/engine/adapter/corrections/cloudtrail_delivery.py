"""A trail writes its events to its bucket.

Wrong: a trail that is logging never writes a file.
AWS: some minutes after the calls, CloudTrail delivers gzip files of `{"Records": [...]}` below
`AWSLogs/<account>/CloudTrail/<region>/<yyyy>/<mm>/<dd>/`, with the events that the selectors
choose. GetTrailStatus tells the time of the latest delivery, or why the bucket refused a file.
Here the delay is `CORDON_TRAIL_DELAY_SECONDS` (2). For tests, `CORDON_TRAIL_TWICE=1` writes each
file twice and `CORDON_TRAIL_SHUFFLED=1` shuffles the records of a file. There are no digest files,
and a file that the bucket refused is not delivered again.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import hypercorn.asyncio
from ministack import app
from ministack.services import cloudtrail, s3

from adapter import trail, trail_delivery
from adapter.patching import require, wrap

NAME = 'cloudtrail_delivery'
WRONG = 'A trail that is logging never writes a file into its bucket.'
AWS = (
    'AWS CloudTrail User Guide: Getting and viewing your CloudTrail log files, '
    'CloudTrail log file name format'
)

_EVERY_SECONDS = 0.25


def install() -> None:
    require(
        cloudtrail,
        '_trails',
        '_event_selectors',
        '_DEFAULT_EVENT_SELECTORS',
        '_find_visible_trail',
        '_DISPATCH',
    )
    require(s3, '_put_object')
    trail.listen(trail_delivery.offer)
    wrap(hypercorn.asyncio, 'serve', _delivering)
    wrap(cloudtrail, 'reset', _forgetting)
    wrap(cloudtrail, '_get_trail_status', _adding_delivery)
    cloudtrail._DISPATCH['GetTrailStatus'] = cloudtrail._get_trail_status


def _delivering(serve: Any) -> Any:
    async def served(*arguments: Any, **options: Any) -> None:
        delivery = asyncio.create_task(_deliver())
        try:
            await serve(*arguments, **options)
        finally:
            delivery.cancel()

    return served


async def _deliver() -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        for write in trail_delivery.due(time.time()):
            try:
                write()
            # A trail that cannot be written must not end the deliveries of the other trails.
            except Exception:
                app.logger.exception('cordon: CloudTrail delivery')


def _adding_delivery(status_of: Any) -> Any:
    def status_with_delivery(body: dict) -> tuple:
        status, headers, answer = status_of(body)
        if status >= 300:
            return status, headers, answer
        _name, _region, trail_state = cloudtrail._find_visible_trail(body['Name'].strip())
        latest = {
            name: trail_state[f'_{name}']
            for name in ('LatestDeliveryTime', 'LatestDeliveryError')
            if f'_{name}' in trail_state
        }
        return status, headers, json.dumps({**json.loads(answer), **latest}).encode()

    return status_with_delivery


def _forgetting(reset: Any) -> Any:
    def reset_and_forget() -> None:
        reset()
        trail_delivery.forget()

    return reset_and_forget
