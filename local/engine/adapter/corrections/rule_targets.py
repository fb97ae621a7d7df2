"""An event that a rule cannot deliver goes to the dead-letter queue of the target.

Wrong: an event for a missing function or state machine is lost, whatever DeadLetterConfig and
RetryPolicy of the target say. An input that is too large or no JSON is accepted.
AWS: errors that a retry cannot cure (missing target, missing permission, invalid input) go to the
queue at once. Others are retried up to MaximumRetryAttempts and MaximumEventAgeInSeconds. The
message is the event, and its attributes name the rule, the target and the error.
"""

from __future__ import annotations

import contextvars
import json
import threading
import time
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import eventbridge, lambda_svc, sns, sqs, stepfunctions

from adapter import dead_letters
from adapter.dead_letters import Undeliverable
from adapter.patching import require, wrap

NAME = 'rule_targets'
WRONG = (
    'Events that a rule cannot deliver are lost: '
    'dead-letter queue and retry policy of a target have no effect.'
)
AWS = (
    'Amazon EventBridge User Guide: Using dead-letter queues to process undelivered events; '
    'How EventBridge retries delivering events'
)

_LARGEST_INPUT = 256 * 1024


def install() -> None:
    require(
        eventbridge,
        '_pattern_event_view',
        '_target_matches_request_scope',
        '_apply_input_transformer',
    )
    wrap(eventbridge, '_invoke_target', _delivering)
    wrap(eventbridge, '_dispatch_to_stepfunctions', lambda _stock: _start)
    wrap(eventbridge, '_render_input_template', _rendering_bare_placeholder)


def _delivering(invoke_target: Any) -> Any:
    def deliver(target: dict, event: dict, rule: dict, view: Any = None) -> None:
        view = view or eventbridge._pattern_event_view(event)

        def attempt() -> None:
            _check(target, rule, view)
            invoke_target(target, event, rule, view)

        try:
            attempt()
        except Undeliverable as error:
            if not error.retriable:
                dead_letters.send(target, rule, view, error)
                return
            run = contextvars.copy_context().run
            threading.Thread(
                target=run, args=(_retry, attempt, target, rule, view, error), daemon=True
            ).start()

    return deliver


def _retry(attempt: Any, target: dict, rule: dict, view: Any, error: Undeliverable) -> None:
    policy = target.get('RetryPolicy') or {}
    most_attempts = int(policy.get('MaximumRetryAttempts', 185))
    oldest = int(policy.get('MaximumEventAgeInSeconds', 86400))
    started, attempts = time.monotonic(), 0
    while attempts < most_attempts and time.monotonic() - started < oldest:
        time.sleep(min(0.2 * 2**attempts, 30))
        attempts += 1
        try:
            attempt()
            return
        except Undeliverable as latest:
            error = latest
            if not latest.retriable:
                break
    exhausted = ''
    if error.retriable:
        is_last = attempts >= most_attempts
        exhausted = 'MaximumRetryAttempts' if is_last else 'MaximumEventAgeInSeconds'
    dead_letters.send(target, rule, view, error, attempts=attempts, exhausted=exhausted)


def _check(target: dict, rule: dict, view: Any) -> None:
    """Refuse an event that the dispatch of the engine would lose."""
    try:
        spec = parse_arn(target.get('Arn', ''))
    except ArnParseError as error:
        raise Undeliverable('INVALID_PARAMETER', f'invalid target ARN: {error}') from error
    if spec.service == 'states':
        return
    if not eventbridge._target_matches_request_scope(spec):
        raise Undeliverable('NO_RESOURCE', f'{target["Arn"]} is in another account or region.')
    look_up = _LOOKUPS.get(spec.service, lambda _arn: True)
    if not look_up(str(spec)):
        raise Undeliverable('NO_RESOURCE', f'{target["Arn"]} does not exist.')
    transformer = target.get('InputTransformer')
    if transformer and transformer.get('InputTemplate', '').lstrip().startswith(('{', '[')):
        _json(eventbridge._apply_input_transformer(transformer, rule, view))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Undeliverable(
            'INVALID_JSON', f'the input of the target is not valid JSON: {error}'
        ) from error


_LOOKUPS = {
    'lambda': lambda arn: lambda_svc._get_func_record_for_ref(arn)[0],
    'sqs': sqs._queue_by_arn,
    'sns': sns._topic_by_arn_any_scope,
}


def _start(arn: str, payload: str) -> None:
    if stepfunctions._resolve_state_machine_arn(arn) is None:
        raise Undeliverable('NO_RESOURCE', f'State machine does not exist: {arn}')
    _json(payload)
    if len(payload.encode(errors='surrogatepass')) > _LARGEST_INPUT:
        raise Undeliverable(
            'INVALID_PARAMETER', f'the input is larger than {_LARGEST_INPUT} bytes.'
        )
    status, _headers, body = stepfunctions._start_execution(
        {'stateMachineArn': arn, 'input': payload}
    )
    if status >= 400:
        raise Undeliverable('ERROR_FROM_TARGET', str(body)[:300], retriable=True)


def _rendering_bare_placeholder(render: Any) -> Any:
    """Give the value of a template that is a bare placeholder.

    The engine takes the value for text and drops its quotes.
    """

    def rendered(template: str, replacements: dict) -> str:
        name = template.strip()[1:-1] if template.strip().startswith('<') else ''
        if name in replacements:
            return json.dumps(replacements[name])
        return render(template, replacements)

    return rendered
