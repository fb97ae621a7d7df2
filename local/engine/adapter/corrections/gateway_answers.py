"""What a REST API says when its function cannot answer, or answers nonsense.

Wrong: a throttled function's own error goes to the client as 429, a failed one's as 502 with its message, and an answer without a
status code is served as it is with 200. No gateway response is asked. AWS: the client sees nothing of the function. A throttled one is
an integration failure (500, unless the response INTEGRATION_FAILURE says otherwise); a failed one and a malformed answer are 502,
unless DEFAULT_5XX says otherwise.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import apigateway_v1

from adapter.patching import require, wrap

NAME = 'gateway_answers'
WRONG = 'A throttled or failed function, and an answer without a status code, reach the client of a REST API as they are.'
AWS = 'AWS Lambda Developer Guide: Handling Lambda errors with an API Gateway API; API Gateway: Gateway response types'

# Where nobody has said otherwise: the status of AWS, which is not the one in its table of types.
_UNSAID = {'INTEGRATION_FAILURE': 500, 'DEFAULT_5XX': 502}


class _Refused(Exception):
    """No answer of the function goes on; `kind` is the type of the gateway response."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def install() -> None:
    require(apigateway_v1, '_gw_error', '_deployed_gateway_responses')
    wrap(apigateway_v1, '_lambda_proxy_response', _judging)
    wrap(apigateway_v1, '_invoke_lambda_proxy_v1', _refusing)


def _judging(respond: Any) -> Any:
    def judged(result: dict) -> tuple:
        if result.get('throttle'):
            raise _Refused('INTEGRATION_FAILURE')
        if result.get('error') or not _well_formed(result.get('body')):
            raise _Refused('DEFAULT_5XX')
        return respond(result)

    return judged


def _well_formed(answer: Any) -> bool:
    if isinstance(answer, (str, bytes)):
        try:
            answer = json.loads(answer)
        except ValueError:
            return False
    if not isinstance(answer, dict) or not str(answer.get('statusCode', '')).isdigit():
        return False
    return isinstance(answer.get('headers') or {}, dict) and isinstance(
        answer.get('body') or '', str
    )


def _refusing(invoke: Any) -> Any:
    async def invoked(
        integration: dict, api_id: str, stage_name: str, stage: dict, *rest: Any, **options: Any
    ) -> Any:
        try:
            return await invoke(integration, api_id, stage_name, stage, *rest, **options)
        except _Refused as refused:
            said = (
                apigateway_v1._deployed_gateway_responses.get(api_id, {}).get(
                    stage.get('deploymentId')
                )
                or {}
            )
            if said.keys() & {refused.kind, 'DEFAULT_5XX'}:
                return apigateway_v1._gw_error(refused.kind, 'Internal server error')
            headers = {
                'Content-Type': 'application/json',
                'x-amzn-ErrorType': 'InternalServerErrorException',
            }
            return _UNSAID[refused.kind], headers, b'{"message": "Internal server error"}'

    return invoked
