"""Every Lambda call is authorised as the action that AWS names.

Wrong: the engine guesses the action from the path: changing or deleting an event source mapping is not authorised at all, deleting
a concurrency limit asks for PutFunctionConcurrency, deleting a function URL for CreateFunctionUrlConfig, and deleting an alias or
an event-invoke configuration for something else again. AWS: the action is the name of the operation, but for Invoke, which is
lambda:InvokeFunction. The routes come from the service model that the engine carries anyway.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_actions

from adapter.patching import require, wrap

NAME = 'lambda_actions'
WRONG = 'Lambda calls are authorised as guessed actions; changing an event source mapping is not authorised at all.'
AWS = 'Service Authorization Reference: Actions, resources, and condition keys for AWS Lambda'

_RENAMED = {
    'Invoke': 'InvokeFunction',
    'InvokeAsync': 'InvokeFunction',
    'InvokeWithResponseStream': 'InvokeFunction',
}


def install() -> None:
    require(iam_actions, '_match_rest_action', '_BOTOCORE_SERVICE_MAP')
    iam_actions._BOTOCORE_SERVICE_MAP['lambda'] = ['lambda']
    wrap(iam_actions, '_lambda_action', _by_model)


def _by_model(guess: Any) -> Any:
    def action(method: str, path: str) -> str | None:
        operation = iam_actions._match_rest_action('lambda', method, path)
        return _RENAMED.get(operation, operation) if operation else guess(method, path)

    return action
