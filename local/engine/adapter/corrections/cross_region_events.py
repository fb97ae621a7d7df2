"""A rule delivers to an event bus of another region, with the role of its target.

Wrong: an event for a bus of another region is lost, and a forwarded event would name the region of
the bus.
AWS: EventBridge takes the role of the target, which must be allowed to put events on that bus. The
event keeps its source and the region in which it arose. A missing permission is NO_PERMISSIONS and
is not retried.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import eventbridge, iam

from adapter.corrections import bus_policies, rule_targets
from adapter.dead_letters import Undeliverable
from adapter.patching import require, wrap

NAME = 'cross_region_events'
WRONG = 'An event that a rule sends to an event bus of another region is lost.'
AWS = (
    'Amazon EventBridge User Guide: Sending and receiving events between AWS Regions; '
    'Permissions for event buses'
)

_SERVICE = 'events.amazonaws.com'


def install() -> None:
    require(eventbridge, '_dispatch_event', '_event_buses', '_ensure_default_bus')
    require(iam_evaluator, '_gather_role_policies', 'combine_resource_policy')
    require(iam, '_roles')
    wrap(rule_targets, '_check', _checking_role)
    wrap(eventbridge, '_dispatch_to_event_bus', _across)


def _is_elsewhere(spec: Any) -> bool:
    return (
        spec.service == 'events'
        and spec.resource.startswith('event-bus/')
        and spec.account_id == get_account_id()
        and spec.region != get_region()
    )


def _checking_role(check: Any) -> Any:
    def checked(target: dict, rule: dict, view: Any) -> None:
        try:
            spec = parse_arn(target.get('Arn', ''))
        except ArnParseError:
            spec = None
        if spec is None or not _is_elsewhere(spec):
            check(target, rule, view)
            return
        with request_scope(spec.account_id, spec.region):
            eventbridge._ensure_default_bus()
            if spec.resource.split('/', 1)[1] not in eventbridge._event_buses:
                raise Undeliverable('NO_RESOURCE', f'{spec} does not exist.')
            if not _may_put(target.get('RoleArn', ''), str(spec), rule.get('Arn', '')):
                raise Undeliverable(
                    'NO_PERMISSIONS',
                    f'the role of the target may not be used to put events on {spec}.',
                )

    return checked


def _may_put(role_arn: str, bus: str, rule_arn: str) -> bool:
    name, account = role_arn.rpartition('/')[2], get_account_id()
    role = iam._roles.get(name)
    if role is None or not _trusts(role, rule_arn):
        return False
    caller = iam_evaluator.EvalContext(
        principal_arn=f'arn:aws:sts::{account}:assumed-role/{name}/events',
        principal_type='AssumedRole',
        principal_account=account,
        action='events:PutEvents',
        resource_arn=bus,
        region=get_region(),
    )
    policies = iam_evaluator._gather_role_policies(name, account)
    policy, owner = bus_policies.bus_policy_for_arn(bus) or (None, account)
    result = iam_evaluator.combine_resource_policy(
        iam_evaluator.evaluate(caller, policies), caller, policy, owner
    )
    return result.decision == 'Allow'


def _trusts(role: dict, rule_arn: str) -> bool:
    """Tell whether EventBridge may take the role, for this rule of this account."""
    document = role.get('AssumeRolePolicyDocument') or '{}'
    trust = json.loads(document) if isinstance(document, str) else document
    statements = [{**statement, 'Resource': '*'} for statement in trust.get('Statement', [])]
    service = iam_evaluator.EvalContext(
        principal_arn='*',
        principal_type='Service',
        principal_account='',
        action='sts:AssumeRole',
        resource_arn='*',
        region=get_region(),
        service_context={'aws:sourcearn': rule_arn, 'aws:sourceaccount': get_account_id()},
    )
    result = iam_evaluator.evaluate_resource_policy(
        {'Statement': statements}, service, service=_SERVICE
    )
    return result.decision == 'Allow'


def _across(dispatch: Any) -> Any:
    def dispatched(spec: Any, event: dict, rule: dict, path: Any, payload: Any = None) -> None:
        if not _is_elsewhere(spec):
            dispatch(spec, event, rule, path, payload)
            return
        # The path of an event holds names of rules, which another region may have as well.
        regions = [*event.get('_Regions', []), get_region()]
        if spec.region in regions:
            return
        forwarded = {**event, 'EventBusName': spec.resource.split('/', 1)[1]}
        forwarded |= {'_DispatchPath': [], '_Regions': regions}
        if payload is not None:
            forwarded['Detail'] = payload
        with request_scope(spec.account_id, spec.region):
            eventbridge._dispatch_event(forwarded)

    return dispatched
