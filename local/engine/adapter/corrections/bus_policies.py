"""The resource policy of an event bus is stored as written and evaluated on PutEvents.

Wrong: PutPermission stores a Deny as an Allow and ignores its Policy parameter, and nothing
evaluates the policy.
AWS: a Deny in the bus policy refuses the call. In the account of the bus, an Allow in the identity
policy or in the bus policy suffices.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, json_response
from ministack.services import eventbridge

from adapter.patching import require, wrap

NAME = 'bus_policies'
WRONG = 'PutPermission stores a Deny as an Allow, and bus policies are never evaluated.'
AWS = (
    'Amazon EventBridge User Guide: Permissions for event buses; '
    'AWS IAM User Guide: Policy evaluation logic'
)


def install() -> None:
    require(eventbridge, '_event_bus_policies')
    require(iam_evaluator, '_RESOURCE_POLICY_LOOKUPS')
    wrap(eventbridge, '_put_permission', _as_written)
    eventbridge.bus_policy_for_arn = bus_policy_for_arn
    iam_evaluator._RESOURCE_POLICY_LOOKUPS['events'] = ('eventbridge', 'bus_policy_for_arn')


def bus_policy_for_arn(arn: str) -> tuple[dict, str] | None:
    """Give policy and owner of a bus in the form of the other lookups of the engine."""
    if ':event-bus/' not in arn:
        return None
    policy = eventbridge._event_bus_policies.get(arn.split(':event-bus/', 1)[1])
    return (policy, arn.split(':')[4]) if policy else None


def put_statements(bus: str, statements: list[dict]) -> None:
    """Add statements to a bus policy; a statement replaces the statement with the same Sid."""
    sids = {statement.get('Sid') for statement in statements}
    old = (eventbridge._event_bus_policies.get(bus) or {}).get('Statement', [])
    kept = [statement for statement in old if statement.get('Sid') not in sids]
    eventbridge._event_bus_policies[bus] = {
        'Version': '2012-10-17',
        'Statement': [*kept, *statements],
    }


def _as_written(put_permission: Any) -> Any:
    def put(data: dict) -> tuple:
        bus = data.get('EventBusName') or 'default'
        if bus not in eventbridge._event_buses:
            return error_response_json(
                'ResourceNotFoundException', f'Event bus {bus} does not exist.', 400
            )
        if not data.get('Policy'):
            return put_permission(data)
        try:
            policy = json.loads(data['Policy'])
        except ValueError:
            return error_response_json('ValidationException', 'Policy is not valid JSON.', 400)
        eventbridge._event_bus_policies[bus] = policy
        return json_response({})

    return put
