"""Every Lambda call is authorised as the action that AWS names.

Wrong: the engine guesses the action from the path. It does not authorise a change or removal of an
event source mapping. It authorises the removal of a concurrency limit as PutFunctionConcurrency and
of a function URL as CreateFunctionUrlConfig, and has wrong actions for aliases and event-invoke
configurations.
AWS: the action is the name of the operation, except Invoke, which is lambda:InvokeFunction.
The correction takes the routes from the service model that the engine already loads.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_actions

from adapter.patching import require, wrap

NAME = 'lambda_actions'
WRONG = (
    'Lambda calls are authorised as guessed actions; '
    'a change of an event source mapping is not authorised at all.'
)
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
