"""A trail writes its events to its bucket.

Wrong: a trail that is logging never writes a file. AWS: it delivers gzip files of `{"Records": [...]}` below
`AWSLogs/<account>/CloudTrail/<region>/<yyyy>/<mm>/<dd>/`, some minutes after the calls, of the events that its selectors choose.
Here the delay is `CORDON_TRAIL_DELAY_SECONDS` (2). For tests, `CORDON_TRAIL_TWICE=1` writes each file twice and
`CORDON_TRAIL_SHUFFLED=1` mixes the records of a file. No digest files are written.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import hypercorn.asyncio
from ministack import app
from ministack.services import cloudtrail, s3

from adapter import trail, trail_delivery
from adapter.patching import require, wrap

NAME = 'cloudtrail_delivery'
WRONG = 'A trail that is logging never writes a file into its bucket.'
AWS = 'AWS CloudTrail User Guide: Getting and viewing your CloudTrail log files, CloudTrail log file name format'

_EVERY_SECONDS = 0.25


def install() -> None:
    require(cloudtrail, '_trails', '_event_selectors', '_DEFAULT_EVENT_SELECTORS')
    require(s3, '_put_object')
    trail.listen(trail_delivery.offer)
    wrap(hypercorn.asyncio, 'serve', _delivering)
    wrap(cloudtrail, 'reset', _forgetting)


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
        try:
            trail_delivery.deliver(time.time())
        except Exception:  # one file that cannot be written must not end all deliveries
            app.logger.exception('cordon: CloudTrail delivery')


def _forgetting(reset: Any) -> Any:
    def reset_and_forget() -> None:
        reset()
        trail_delivery.forget()

    return reset_and_forget
