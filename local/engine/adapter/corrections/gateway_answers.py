"""A REST API hides the errors of its function and refuses malformed answers.

Wrong: the error of a throttled function reaches the client as 429, and the error of a failed
function as 502 with its message. An answer without a status code is served unchanged with 200.
Gateway responses are not applied.
AWS: the client sees nothing of the function. Throttling is an integration failure (500, unless the
gateway response INTEGRATION_FAILURE sets another status). A failed function and a malformed answer
are 502, unless DEFAULT_5XX sets another status.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import apigateway_v1

from adapter.patching import require, wrap

NAME = 'gateway_answers'
WRONG = (
    'A throttled or failed function, and an answer without a status code, '
    'reach the client of a REST API unchanged.'
)
AWS = (
    'AWS Lambda Developer Guide: Handling Lambda errors with an API Gateway API; '
    'API Gateway: Gateway response types'
)

# AWS answers so without a gateway response, although its table of types has other statuses.
_DEFAULT_STATUS = {'INTEGRATION_FAILURE': 500, 'DEFAULT_5XX': 502}


class _Refused(Exception):
    """The answer of the function is withheld; `kind` is the type of the gateway response."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def install() -> None:
    require(apigateway_v1, '_gw_error', '_deployed_gateway_responses')
    wrap(apigateway_v1, '_lambda_proxy_response', _checking_answer)
    wrap(apigateway_v1, '_invoke_lambda_proxy_v1', _answering_refused)


def _checking_answer(respond: Any) -> Any:
    def checked(result: dict) -> tuple:
        if result.get('throttle'):
            raise _Refused('INTEGRATION_FAILURE')
        if result.get('error') or not _is_well_formed(result.get('body')):
            raise _Refused('DEFAULT_5XX')
        return respond(result)

    return checked


def _is_well_formed(answer: Any) -> bool:
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


def _answering_refused(invoke: Any) -> Any:
    async def invoked(
        integration: dict, api_id: str, stage_name: str, stage: dict, *rest: Any, **options: Any
    ) -> Any:
        try:
            return await invoke(integration, api_id, stage_name, stage, *rest, **options)
        except _Refused as refused:
            responses = (
                apigateway_v1._deployed_gateway_responses.get(api_id, {}).get(
                    stage.get('deploymentId')
                )
                or {}
            )
            if responses.keys() & {refused.kind, 'DEFAULT_5XX'}:
                return apigateway_v1._gw_error(refused.kind, 'Internal server error')
            headers = {
                'Content-Type': 'application/json',
                'x-amzn-ErrorType': 'InternalServerErrorException',
            }
            return _DEFAULT_STATUS[refused.kind], headers, b'{"message": "Internal server error"}'

    return invoked
