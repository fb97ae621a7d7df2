"""Code and layers of functions are downloaded only from the address that GetFunction gave.

Wrong: whoever knows the name of a function or a layer downloads its code, without any signature and
for ever. CloudFormation answers 200 to a response for a custom resource that nobody waits for.
AWS: the address is a presigned URL that is valid for ten minutes, and so is the address that a
custom resource answers to.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlsplit

from ministack import app
from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource, wait_conditions

from adapter import download_links
from adapter.patching import require, wrap

NAME = 'download_addresses'
WRONG = 'The code and the layers of a function can be downloaded by name without a signature.'
AWS = (
    'AWS Lambda API Reference: GetFunction, GetLayerVersion; '
    'AWS CloudFormation User Guide: Custom resource request fields, ResponseURL'
)

_DOWNLOADS = ('/_ministack/lambda-code/', '/_ministack/lambda-layers/')
_RESPONSES = '/_ministack/cfn-response/'
_FORBIDDEN = (403, {'Content-Type': 'application/json'}, b'{"message": "Forbidden"}')


def install() -> None:
    require(custom_resource, '_pending')
    require(wait_conditions, 'has_handle', 'SIGNAL_PATH')
    wrap(lambda_svc, '_presigned_code_url', _signed)
    wrap(lambda_svc, '_layer_content_url', _signed)
    wrap(app, '_handle_pre_body_request', _checking_download)
    wrap(app, '_handle_post_body_shortcuts', _checking_response)


def _signed(address: Any) -> Any:
    def signed(*names: Any) -> str:
        url = urlsplit(address(*names))
        path = unquote(url.path)
        return f'{url.scheme}://{url.netloc}{quote(path)}?{download_links.query_of(path)}'

    return signed


def _checking_download(handle: Any) -> Any:
    async def handled(method: str, path: str, headers: dict, query: dict, request_id: str) -> Any:
        if path.startswith(_DOWNLOADS) and not (
            method == 'GET' and download_links.opens(path, query)
        ):
            return _FORBIDDEN
        return await handle(method, path, headers, query, request_id)

    return handled


def _checking_response(handle: Any) -> Any:
    async def handled(method: str, path: str, *request: Any) -> Any:
        if path.startswith(_RESPONSES):
            with custom_resource._lock:
                is_awaited = path.removeprefix(_RESPONSES) in custom_resource._pending
            if not is_awaited:
                return _FORBIDDEN
        return await handle(method, path, *request)

    return handled
