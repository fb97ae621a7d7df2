"""A public function URL answers only when the policy of the function is public.

Wrong: a URL with AuthType NONE answers every caller, whatever the resource policy of the function.
AWS: AuthType NONE only skips the signature. The resource policy must allow
lambda:InvokeFunctionUrl to everyone, or the answer is 403.
A URL with AuthType AWS_IAM refuses unsigned calls in the stock engine too.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.services import lambda_svc

from adapter.patching import require, wrap

NAME = 'function_urls'
WRONG = (
    'A function URL with AuthType NONE answers every caller, whatever the policy of the function.'
)
AWS = 'AWS Lambda Developer Guide: Control access to Lambda function URLs'


def install() -> None:
    require(lambda_svc, 'resolve_function_url', 'function_policy_for_arn')
    wrap(lambda_svc, 'handle_function_url_request', _asking_the_policy)


def _asking_the_policy(handle: Any) -> Any:
    async def handled(
        url_id: str, method: str, *request: Any, resolved: tuple | None = None, **more: Any
    ) -> tuple:
        resolved = resolved or lambda_svc.resolve_function_url(url_id)
        if (
            resolved
            and resolved[4].get('AuthType') == 'NONE'
            and method != 'OPTIONS'
            and not _is_public(resolved)
        ):
            return (
                403,
                {'Content-Type': 'application/json', 'x-amzn-ErrorType': 'AccessDeniedException'},
                b'{"Message":"Forbidden"}',
            )
        return await handle(url_id, method, *request, resolved=resolved, **more)

    return handled


def _is_public(resolved: tuple) -> bool:
    account, region, name, qualifier, _config = resolved
    arn = f'arn:aws:lambda:{region}:{account}:function:{name}' + (
        f':{qualifier}' if qualifier else ''
    )
    policy = lambda_svc.function_policy_for_arn(arn)
    everyone = iam_evaluator.EvalContext(
        principal_arn='anonymous',
        principal_type='Anonymous',
        principal_account='',
        action='lambda:InvokeFunctionUrl',
        resource_arn=arn,
        region=region,
        service_context={'lambda:functionurlauthtype': 'NONE'},
    )
    return (
        policy is not None
        and iam_evaluator.evaluate_resource_policy(policy[0], everyone).decision == 'Allow'
    )
