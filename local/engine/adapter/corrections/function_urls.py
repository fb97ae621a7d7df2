"""A public function URL answers only when the function's policy is public.

Wrong: a URL with AuthType NONE answers everybody, whatever the resource policy of the function says. AWS: AuthType NONE only skips
the signature; the resource policy must allow lambda:InvokeFunctionUrl to everyone, else the answer is 403. (A URL with AuthType
AWS_IAM refuses unsigned calls in the stock engine too.)
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.services import lambda_svc

from adapter.patching import require, wrap

NAME = 'function_urls'
WRONG = (
    'A function URL with AuthType NONE answers everybody, whatever the policy of the function says.'
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
            and not _public(resolved)
        ):
            return (
                403,
                {'Content-Type': 'application/json', 'x-amzn-ErrorType': 'AccessDeniedException'},
                b'{"Message":"Forbidden"}',
            )
        return await handle(url_id, method, *request, resolved=resolved, **more)

    return handled


def _public(resolved: tuple) -> bool:
    account, region, name, qualifier, _config = resolved
    arn = f'arn:aws:lambda:{region}:{account}:function:{name}' + (
        f':{qualifier}' if qualifier else ''
    )
    found = lambda_svc.function_policy_for_arn(arn)
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
        found is not None
        and iam_evaluator.evaluate_resource_policy(found[0], everyone).decision == 'Allow'
    )
