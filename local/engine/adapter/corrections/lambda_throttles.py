"""A throttled Lambda task fails with the error name that AWS gives it.

Wrong: the task fails with `Lambda.Unknown`.
AWS: it fails with `Lambda.TooManyRequestsException`, which the retry that AWS recommends for every
Lambda task names.
"""

from __future__ import annotations

from typing import Any

from ministack.services import stepfunctions

from adapter.patching import require, wrap

NAME = 'lambda_throttles'
WRONG = 'A throttled Lambda task fails with Lambda.Unknown.'
AWS = (
    'AWS Step Functions Developer Guide: Best practices, handle transient Lambda service exceptions'
)

_THROTTLE = 'TooManyRequestsException'


def install() -> None:
    require(stepfunctions, '_ExecutionError')
    wrap(stepfunctions, '_call_lambda', _named)


def _named(call_lambda: Any) -> Any:
    def call_lambda_with_name(func_ref: str, event: Any) -> Any:
        try:
            return call_lambda(func_ref, event)
        except stepfunctions._ExecutionError as error:
            if error.error == 'Lambda.Unknown' and _THROTTLE in (error.cause or ''):
                raise stepfunctions._ExecutionError(f'Lambda.{_THROTTLE}', error.cause) from None
            raise

    return call_lambda_with_name
