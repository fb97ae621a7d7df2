"""CloudTrail records every call, as AWS writes its records.

Wrong: a denied call leaves no record, the caller is an access key id in place of a user name, calls
of IAM and STS are named `POST.iam`, there is no error code, and LookupEvents has no pages.
AWS: the record names the caller (for a role session with its issuer), the event, the error, and
whether the call only reads. LookupEvents returns management events, 50 in a page.
Data events are recorded too: `GET /_cordon/cloudtrail?since=<epoch ms>` gives every record.
Calls of a service on behalf of the account are not recorded (Step Functions invokes a function).
"""

from __future__ import annotations

import time
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import cloudtrail

from adapter import trail, trail_lookup, trail_record
from adapter.patching import require, wrap

NAME = 'cloudtrail_records'
WRONG = (
    'Denied calls leave no CloudTrail record, callers and event names are invented, '
    'and LookupEvents has no pages.'
)
AWS = (
    'AWS CloudTrail User Guide: CloudTrail record contents, userIdentity element; '
    'CloudTrail API Reference: LookupEvents'
)


def install() -> None:
    require(app, 'detect_service', 'extract_access_key_id', 'extract_region', '_routing_params')
    require(iam_evaluator, '_request_origin', 'resolve_caller_identity')
    require(iam_actions, 'extract_iam_action')
    wrap(app, '_maybe_record_cloudtrail', lambda _stock: _nothing)
    wrap(app, '_dispatch_service_request', _recording)
    wrap(cloudtrail, '_lookup_events', lambda _stock: trail_lookup.lookup)
    wrap(cloudtrail, 'reset', _forgetting)
    cloudtrail._DISPATCH['LookupEvents'] = trail_lookup.lookup


def _nothing(*_request: Any) -> None:
    """Replace the record of the engine, because the record of the adapter covers denied calls."""


def _recording(dispatch: Any) -> Any:
    async def recorded(
        method: str, path: str, headers: dict, body: bytes, query: dict, request_id: str
    ) -> tuple:
        answer = await dispatch(method, path, headers, body, query, request_id)
        if cloudtrail._recording_enabled and not path.startswith('/_'):
            try:
                _record(method, path, headers, body, query, request_id, answer)
            except Exception:  # a record must never fail the call it describes
                app.logger.exception('cordon: no CloudTrail record of %s %s', method, path)
        return answer

    return recorded


def _record(
    method: str, path: str, headers: dict, body: bytes, query: dict, request_id: str, answer: tuple
) -> None:
    params, now = app._routing_params(method, path, headers, body, query), time.time()
    service = app.detect_service(method, path, headers, params)
    request = {
        'service': service,
        'method': method,
        'path': path,
        'headers': headers,
        'body': body,
        'query': query,
        'params': params,
        'request_id': request_id,
        'region': app.extract_region(headers, query),
        'access_key': app.extract_access_key_id(headers, query) or '',
    }
    record = trail_record.build(request, answer, now)
    if record is not None:
        trail.store(
            now, record, trail_lookup.event(record, trail_record.username(record['userIdentity']))
        )


def _forgetting(reset: Any) -> Any:
    def reset_and_forget() -> None:
        reset()
        trail.forget()

    return reset_and_forget
