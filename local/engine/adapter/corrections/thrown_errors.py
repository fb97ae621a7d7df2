"""The name of an error that a Node.js function throws reaches the caller.

Wrong: every thrown error arrives as `Runtime.HandlerError` without a stack trace, so Retry and
Catch in a state machine never see its name. The process ends, and its module state is lost.
AWS: `errorType` is the name of the error and `trace` its stack. Step Functions matches ErrorEquals
against `errorType`. The process serves the next call.
Here the worker sends a thrown error as a result, so the engine keeps the process, and the adapter
turns it into an error again.
"""

from __future__ import annotations

import threading
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from adapter.patching import substitute, wrap

NAME = 'thrown_errors'
WRONG = (
    'An error thrown by a Node.js function arrives as Runtime.HandlerError, '
    'so Retry and Catch never match its name.'
)
AWS = (
    'AWS Lambda Developer Guide: Node.js function errors; '
    'AWS Step Functions Developer Guide: Handling errors'
)

_last = threading.local()


def install() -> None:
    lambda_runtime._NODEJS_WORKER_SCRIPT = _with_names(lambda_runtime._NODEJS_WORKER_SCRIPT)
    wrap(lambda_runtime.Worker, 'invoke', _remember)
    wrap(lambda_svc, '_execute_function_warm', _name)


def _with_names(script: str) -> str:
    def thrown(error: str) -> str:
        message = f'String(({error} && {error}.message) ?? {error})'
        name = f'String(({error} && {error}.name) || "Error")'
        stack = f'String(({error} && {error}.stack) || "")'
        return f'status: "ok", thrown: {{ error: {message}, error_type: {name}, trace: {stack} }}'

    script = substitute(
        script,
        'status: "error", error: String(err.message || err), trace: err.stack || ""',
        thrown('err'),
    )
    return substitute(
        script, 'status: "error", error: e.message, trace: e.stack\n', thrown('e') + '\n'
    )


def _remember(invoke: Any) -> Any:
    def invoke_and_remember(self: Any, *args: Any, **kwargs: Any) -> dict:
        answer = invoke(self, *args, **kwargs)
        if answer.get('thrown'):
            answer = {**answer, **answer['thrown'], 'status': 'error'}
        _last.answer = answer
        return answer

    return invoke_and_remember


def _name(execute: Any) -> Any:
    def execute_and_name(*args: Any, **kwargs: Any) -> dict:
        _last.answer = {}
        result = execute(*args, **kwargs)
        body, answer = result.get('body'), _last.answer
        if result.get('error') and isinstance(body, dict) and answer.get('error_type'):
            body['errorType'] = answer['error_type']
            body['trace'] = str(answer.get('trace') or '').splitlines()
        return result

    return execute_and_name
