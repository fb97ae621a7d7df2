"""Provisioned concurrency is listed, and never exceeds the reservation of its function.

Wrong: ListProvisionedConcurrencyConfigs is answered as Get without a qualifier, and authorised as
Get. A reservation below the provisioned concurrency is accepted.
AWS: List has its own action and answer. Provisioned concurrency cannot exceed the reservation, so
Lambda refuses a reservation below it, which may also be a reservation of 0.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import error_response_json, json_response
from ministack.services import lambda_svc

from adapter.patching import require, wrap

NAME = 'provisioned_concurrency'
WRONG = (
    'Provisioned concurrency cannot be listed, '
    'and a reservation below the provisioned concurrency is accepted.'
)
AWS = 'AWS Lambda Developer Guide: Configuring provisioned concurrency for a function'


def install() -> None:
    require(lambda_svc, '_functions', '_func_arn')
    wrap(lambda_svc, '_get_provisioned_concurrency', _listing)
    wrap(lambda_svc, '_put_function_concurrency', _refusing)
    wrap(iam_actions, 'extract_iam_action', _as_list)


def _configs(name: str) -> dict:
    return (lambda_svc._functions.get(name) or {}).get('provisioned_concurrency') or {}


def _listing(get: Any) -> Any:
    def get_or_list(name: str, qualifier: str | None) -> tuple:
        if qualifier or name not in lambda_svc._functions:
            return get(name, qualifier)
        arn = lambda_svc._func_arn(name)
        configs = [
            {'FunctionArn': f'{arn}:{key}', **config} for key, config in _configs(name).items()
        ]
        return json_response({'ProvisionedConcurrencyConfigs': configs})

    return get_or_list


def _refusing(put: Any) -> Any:
    def put_unless_below(name: str, data: dict) -> tuple:
        provisioned = sum(
            config['RequestedProvisionedConcurrentExecutions'] for config in _configs(name).values()
        )
        reserved = data.get('ReservedConcurrentExecutions', 0)
        if reserved < provisioned:
            return error_response_json(
                'InvalidParameterValueException',
                f'ReservedConcurrentExecutions {reserved} should not be lower than '
                f"function's total provisioned concurrency [{provisioned}].",
                400,
            )
        return put(name, data)

    return put_unless_below


def _as_list(action_of: Any) -> Any:
    def action(
        service: str, method: str, path: str, headers: dict, body: bytes, query: dict
    ) -> str | None:
        name = action_of(service, method, path, headers, body, query)
        is_list = name == 'lambda:GetProvisionedConcurrencyConfig' and 'List' in query
        return 'lambda:ListProvisionedConcurrencyConfigs' if is_list else name

    return action
