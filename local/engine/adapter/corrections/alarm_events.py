"""EventBridge hears that an alarm has changed its state.

Wrong: no rule ever sees the state of an alarm.
AWS: each change of state reaches the default bus as `CloudWatch Alarm State Change`, whether or not
the alarm has actions. Its source is `aws.cloudwatch`; only AWS can publish it.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import cloudwatch, eventbridge

from adapter.patching import require, utc, wrap

NAME = 'alarm_events'
WRONG = 'No rule sees that an alarm has changed its state.'
AWS = 'Amazon CloudWatch User Guide: Alarm events and EventBridge'

_TYPE = 'CloudWatch Alarm State Change'


def install() -> None:
    require(eventbridge, '_rules', '_dispatch_event', '_archive_event')
    require(iam_evaluator, '_request_origin')
    wrap(cloudwatch, '_record_history', _telling)


def _telling(record: Any) -> Any:
    def recorded(name: str, old: str, new: str, reason: str, *rest: Any, **more: Any) -> None:
        record(name, old, new, reason, *rest, **more)
        is_heard = any(rule.get('EventPattern') for rule in eventbridge._rules.values())
        # A new alarm is recorded too, and changes nothing.
        if new != old and is_heard:
            event = _event(name, old, new, reason)
            # No request is behind a look at the alarms; a service delivers over TLS.
            origin = iam_evaluator._request_origin.set(('127.0.0.1', True))
            try:
                eventbridge._dispatch_event(event)
            finally:
                iam_evaluator._request_origin.reset(origin)
            eventbridge._archive_event(event)

    return recorded


def _event(name: str, old: str, new: str, reason: str) -> dict[str, Any]:
    now = time.time()
    detail = {
        'alarmName': name,
        'state': {'value': new, 'reason': reason, 'timestamp': utc(now)},
        'previousState': {'value': old},
    }
    return {
        'EventId': new_uuid(),
        'Source': 'aws.cloudwatch',
        'DetailType': _TYPE,
        'Detail': json.dumps(detail),
        'EventBusName': 'default',
        'Time': int(now),
        'Resources': [f'arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}'],
        'Account': get_account_id(),
        'Region': get_region(),
    }
