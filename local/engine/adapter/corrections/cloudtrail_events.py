"""EventBridge hears the management events of CloudTrail.

Wrong: no rule ever sees a call of the account.
AWS: while a trail is logging, each management event that is no read reaches the default bus, denied
calls included, as `AWS API Call via CloudTrail` with the record as its detail. Its source is `aws.`
and the service; only AWS can publish such a source. The calls of global services, such as IAM, are
recorded in us-east-1 and arrive on the bus of that region only.
Here an event arrives at once; on AWS it takes some seconds, at times minutes.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import cloudtrail, eventbridge

from adapter import trail
from adapter.patching import require

NAME = 'cloudtrail_events'
WRONG = 'No rule sees the calls that CloudTrail records.'
AWS = (
    'Amazon EventBridge User Guide: AWS service events delivered via AWS CloudTrail; '
    'AWS CloudTrail User Guide: Global service events'
)

_TYPE = 'AWS API Call via CloudTrail'
_GLOBAL = frozenset({'iam.amazonaws.com', 'organizations.amazonaws.com'})
_HOME_OF_GLOBAL = 'us-east-1'


def install() -> None:
    require(cloudtrail, '_trails')
    require(eventbridge, '_rules', '_dispatch_event', '_archive_event')
    trail.listen(_offer)


def _offer(at: float, record: dict) -> None:
    if not record['managementEvent'] or record['readOnly'] or not _is_trailed(record):
        return
    is_global = record['eventSource'] in _GLOBAL
    with request_scope(get_account_id(), _HOME_OF_GLOBAL if is_global else get_region()):
        if not _is_awaited():
            return
        event = _event(at, record)
        eventbridge._dispatch_event(event)
        eventbridge._archive_event(event)


def _is_trailed(record: dict) -> bool:
    """Whether a trail records this call; a trail also records the call that ends it."""
    return record['eventSource'] == 'cloudtrail.amazonaws.com' or any(
        state.get('IsLogging') for _scope, state in cloudtrail._trails.all_items()
    )


def _is_awaited() -> bool:
    """Whether a rule could match: most calls are made before any rule listens.

    A pattern need not name the type of the events that it wants.
    """
    return any(rule.get('EventPattern') for rule in eventbridge._rules.values())


def _event(at: float, record: dict) -> dict[str, Any]:
    service = record['eventSource'].partition('.')[0]
    return {
        'EventId': new_uuid(),
        'Source': f'aws.{service}',
        'DetailType': _TYPE,
        'Detail': json.dumps(record),
        'EventBusName': 'default',
        'Time': int(at),
        'Resources': [],
        'Account': get_account_id(),
        'Region': get_region(),
    }
