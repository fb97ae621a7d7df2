"""A rule delivers only where the resource policy of the target allows EventBridge.

Wrong: a function, queue or topic receives events without a permission for EventBridge, so a missing
permission is noticed only on AWS.
AWS: functions, queues, topics and dead-letter queues are reached by resource policies that name
`events.amazonaws.com`. A missing permission is NO_PERMISSIONS and is not retried.
State machines, and the targets of EventBridge Scheduler, are reached by the role of the target,
which is not checked here.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc, sns, sqs

from adapter import dead_letters
from adapter.corrections import rule_targets
from adapter.dead_letters import Undeliverable
from adapter.patching import require, wrap

NAME = 'target_permissions'
WRONG = (
    'A rule reaches functions, queues and topics, and its dead-letter queue, '
    'without any permission for EventBridge.'
)
AWS = (
    'Amazon EventBridge User Guide: Using resource-based policies for Amazon EventBridge; '
    'Considerations for dead-letter queues'
)

_SERVICE = 'events.amazonaws.com'


def install() -> None:
    require(lambda_svc, 'function_policy_for_arn')
    require(sqs, 'queue_policy_allows')
    require(sns, 'topic_policy_allows')
    wrap(rule_targets, '_check', _checking_target_policy)
    wrap(dead_letters, 'send', _checking_queue_policy)


def _is_schedule(rule: dict) -> bool:
    return rule.get('Arn', '').startswith('arn:aws:scheduler:')


def _checking_target_policy(check: Any) -> Any:
    def checked(target: dict, rule: dict, view: Any) -> None:
        check(target, rule, view)
        if _is_schedule(rule):
            return
        arn = target['Arn']
        allows = _ALLOWS.get(arn.split(':')[2])
        if allows and not allows(arn, _SERVICE, rule.get('Arn', ''), get_account_id()):
            raise Undeliverable(
                'NO_PERMISSIONS',
                f'the resource policy of {arn} does not let {_SERVICE} deliver for '
                f'{rule.get("Arn")}.',
            )

    return checked


def _checking_queue_policy(send: Any) -> Any:
    def sent(target: dict, rule: dict, *rest: Any, **more: Any) -> bool:
        queue = (target.get('DeadLetterConfig') or {}).get('Arn', '')
        allowed = queue and (
            _is_schedule(rule)
            or sqs.queue_policy_allows(queue, _SERVICE, rule.get('Arn', ''), get_account_id())
        )
        return bool(allowed) and send(target, rule, *rest, **more)

    return sent


def _function_allows(arn: str, service: str, source: str, account: str) -> bool:
    policy = lambda_svc.function_policy_for_arn(arn)
    caller = iam_evaluator.EvalContext(
        principal_arn='*',
        principal_type='Service',
        principal_account='',
        action='lambda:InvokeFunction',
        resource_arn=arn,
        region=get_region(),
        service_context={'aws:sourcearn': source, 'aws:sourceaccount': account},
    )
    if policy is None:
        return False
    result = iam_evaluator.evaluate_resource_policy(policy[0], caller, service=service)
    return result.decision == 'Allow'


_ALLOWS = {
    'lambda': _function_allows,
    'sqs': sqs.queue_policy_allows,
    'sns': sns.topic_policy_allows,
}
