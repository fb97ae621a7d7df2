"""Callback tasks fail with their function, and retries wait as configured.

Wrong: the engine swallows the error of a function in `lambda:invoke.waitForTaskToken`, and the task
waits for its whole time limit. It ignores MaxDelaySeconds and JitterStrategy of a retrier. A
refused mail is `SNS.PublishFailed`.
AWS: the task fails at once with the error of the function. MaxDelaySeconds limits the delay, FULL
jitter draws it between zero and that limit, and SNS errors have their own names.
"""

from __future__ import annotations

import random
import re
import threading
from typing import Any

from ministack.services import stepfunctions

from adapter.patching import require, wrap

NAME = 'service_tasks'
WRONG = (
    'A callback function that throws is swallowed until the time limit; '
    'MaxDelaySeconds and JitterStrategy have no effect.'
)
AWS = (
    'AWS Step Functions Developer Guide: Wait for a Callback with Task Token; '
    'Error handling, Retry fields'
)

_callback = threading.local()


class _FunctionFailed(BaseException):
    """Carries an error to the task past the `except _ExecutionError` of the engine."""


def install() -> None:
    require(stepfunctions, '_task_tokens', '_ExecutionError', '_SERVICE_DISPATCH')
    wrap(stepfunctions, '_call_lambda', _forwarding_error)
    wrap(stepfunctions, '_invoke_with_callback', _failing_at_once)
    wrap(stepfunctions, '_find_matching_retrier', _with_delay)
    wrap(stepfunctions, '_invoke_sns_publish', _naming_error)
    stepfunctions._SERVICE_DISPATCH['arn:aws:states:::sns:publish'] = (
        stepfunctions._invoke_sns_publish
    )


def _forwarding_error(call: Any) -> Any:
    def called(function: str, event: Any) -> Any:
        token = getattr(_callback, 'token', None)
        _callback.token = None
        try:
            return call(function, event)
        except stepfunctions._ExecutionError as error:
            task = stepfunctions._task_tokens.get(token) if token else None
            if task and not task['event'].is_set():
                raise _FunctionFailed(error) from error
            raise

    return called


def _failing_at_once(invoke: Any) -> Any:
    def invoked(resource: str, data: Any, token: str, state: dict) -> Any:
        _callback.token = token
        try:
            return invoke(resource, data, token, state)
        except _FunctionFailed as failure:
            stepfunctions._task_tokens.pop(token, None)
            raise failure.args[0] from None
        finally:
            _callback.token = None

    return invoked


def _with_delay(find: Any) -> Any:
    def found_with_delay(retriers: list, error: str, counts: dict) -> tuple:
        retrier, index = find(retriers, error, counts)
        if retrier is None:
            return retrier, index
        backoff = retrier.get('BackoffRate', 2.0) ** counts.get(index, 0)
        delay = retrier.get('IntervalSeconds', 1) * backoff
        delay = min(delay, retrier.get('MaxDelaySeconds', delay))
        if retrier.get('JitterStrategy') == 'FULL':
            delay = random.uniform(0, delay)
        return {**retrier, 'IntervalSeconds': delay, 'BackoffRate': 1}, index

    return found_with_delay


def _naming_error(publish: Any) -> Any:
    def published(resource: str, data: Any) -> Any:
        try:
            return publish(resource, data)
        except stepfunctions._ExecutionError as error:
            code = re.search(r'<Code>(\w+)</Code>.*?<Message>([^<]*)', error.cause or '', re.S)
            if code is None:
                raise
            name = code.group(1).removesuffix('Exception') + 'Exception'
            raise stepfunctions._ExecutionError(f'SNS.{name}', code.group(2)) from None

    return published
