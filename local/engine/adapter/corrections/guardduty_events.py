"""PutEvents takes findings from the root key only, and checks its entries as AWS does.

Wrong: no caller may publish `aws.*` events, so a GuardDuty finding cannot reach the default bus. A
malformed detail, a missing source or a too large entry is accepted with an event id, and the time
of an entry is ignored.
AWS: only services of AWS publish `aws.*`; here the root key stands for them, and other callers get
`NotAuthorizedForSourceException`. A detail that is no JSON object is `MalformedDetail`, a missing
member is `InvalidArgument`, and entries of more than 1 MB together are refused. An event for a
missing bus is accepted and counted, and no rule matches it, as on AWS.
"""

from __future__ import annotations

import contextvars
import json
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, json_response
from ministack.services import eventbridge

from adapter.patching import wrap

NAME = 'guardduty_events'
WRONG = (
    'No caller can publish aws.guardduty events, and malformed or oversized entries are accepted.'
)
AWS = (
    'Amazon EventBridge API Reference: PutEvents; Amazon EventBridge User Guide: '
    'Calculating event entry size, PutEvents errors'
)

_LARGEST = 1024 * 1024
_MOST_ENTRIES = 10
_time: contextvars.ContextVar[float | None] = contextvars.ContextVar(
    'cordon_event_time', default=None
)


def install() -> None:
    wrap(eventbridge, '_put_events', _checked)
    wrap(eventbridge, '_now_ts', _entry_time)


def _entry_time(now: Any) -> Any:
    def now_or_entry_time() -> float:
        time = _time.get()
        return now() if time is None else time

    return now_or_entry_time


def _checked(put_events: Any) -> Any:
    def put(data: dict, allow_aws_source: bool = False) -> tuple:
        entries = data.get('Entries') or []
        if not 1 <= len(entries) <= _MOST_ENTRIES:
            return error_response_json(
                'ValidationException', "Value at 'entries' must have length between 1 and 10.", 400
            )
        if sum(_size(entry) for entry in entries) > _LARGEST:
            return error_response_json(
                'ValidationException',
                'Total size of the entries in the request is over the limit.',
                400,
            )
        allowed = allow_aws_source or iam_evaluator.caller_arn().endswith(':root')
        results = [_error(entry) or _published(put_events, entry, allowed) for entry in entries]
        return json_response(
            {
                'FailedEntryCount': sum('ErrorCode' in result for result in results),
                'Entries': results,
            }
        )

    return put


def _published(put_events: Any, entry: dict, allowed: bool) -> dict:
    """Publish an entry with the time that it names."""
    token = _time.set(eventbridge._coerce_timestamp(entry['Time']) if entry.get('Time') else None)
    try:
        _status, _headers, body = put_events({'Entries': [entry]}, allowed)
    finally:
        _time.reset(token)
    return json.loads(body)['Entries'][0]


def _size(entry: dict) -> int:
    texts = [
        entry.get('Source'),
        entry.get('DetailType'),
        entry.get('Detail'),
        *(entry.get('Resources') or []),
    ]
    return sum(
        len(text.encode(errors='surrogatepass')) for text in texts if isinstance(text, str)
    ) + (14 if entry.get('Time') else 0)


def _error(entry: dict) -> dict | None:
    for member in ('Source', 'DetailType', 'Detail'):
        if not entry.get(member):
            return {
                'ErrorCode': 'InvalidArgument',
                'ErrorMessage': (
                    f'Parameter {member} is not valid. Reason: {member} is a required argument.'
                ),
            }
    try:
        detail = json.loads(entry['Detail'], parse_constant=_refuse_constant)
    except ValueError:
        detail = None
    return (
        None
        if isinstance(detail, dict)
        else {'ErrorCode': 'MalformedDetail', 'ErrorMessage': 'Detail is malformed.'}
    )


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)
