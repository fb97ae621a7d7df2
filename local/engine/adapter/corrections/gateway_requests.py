"""A request to a REST API has a single id, and a body of at most ten megabytes.

Wrong: the event of the function, the gateway response and the header of the answer have different
request ids, so the log of a failed request cannot be located. A body of any size reaches the
function.
AWS: the three ids are the same, and a body of more than 10 MB is refused as REQUEST_TOO_LARGE
before authorization.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway_v1

from adapter.patching import require, wrap

NAME = 'gateway_requests'
WRONG = (
    'A request to a REST API has different ids in the event, in a gateway response and in the '
    'header; a body of any size is taken.'
)
AWS = (
    'API Gateway Developer Guide: Variables for access logging ($context.requestId); '
    'Quotas for REST APIs (payload size)'
)

_LARGEST_BODY = 10 * 1024 * 1024
_request_id: ContextVar[str] = ContextVar('request_id')


def install() -> None:
    require(apigateway_v1, '_gw_error', '_GatewayError')
    wrap(apigateway_v1, '_execute_in_scope', _with_request_id)
    wrap(apigateway_v1, '_build_lambda_event_v1', _adding_request_id)
    wrap(apigateway_v1, '_authorize_request_v1', _refusing_too_large)


def _with_request_id(execute: Any) -> Any:
    async def executed(request: dict, *rest: Any) -> Any:
        _request_id.set(request['request_id'])
        answer = await execute(request, *rest)
        if isinstance(answer, apigateway_v1._GatewayError):
            return answer
        status, headers, body = answer
        return status, {**headers, 'x-amzn-requestid': request['request_id']}, body

    return executed


def _adding_request_id(build: Any) -> Any:
    def built(*arguments: Any, **options: Any) -> dict:
        event = build(*arguments, **options)
        event['requestContext']['requestId'] = _request_id.get()
        return event

    return built


def _refusing_too_large(authorize: Any) -> Any:
    async def authorized(
        api_id: str,
        stage: str,
        method_obj: dict,
        method: str,
        path: str,
        resource: dict,
        headers: dict,
        body: bytes,
        *rest: Any,
    ) -> tuple:
        if len(body or b'') > _LARGEST_BODY:
            return apigateway_v1._gw_error('REQUEST_TOO_LARGE', 'Request Too Long'), None
        return await authorize(
            api_id, stage, method_obj, method, path, resource, headers, body, *rest
        )

    return authorized
