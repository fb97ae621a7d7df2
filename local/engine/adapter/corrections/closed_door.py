"""The gateway is no door into the machine of the person who runs it.

Wrong: every `Host` is served, every answer allows pages of every origin to read it, every preflight
is answered, and the administration of the engine (`/_ministack/config`, `/_ministack/reset`, lists
of mails and messages) needs no key. Some calls are served without a signature.
AWS: an endpoint is reached by its own name over TLS, allows no origin unless the API, the function
URL, the distribution or the bucket is configured so, and has no administration. A call without a
signature is refused, except what AWS serves to everybody.
"""

from __future__ import annotations

import json
from typing import Any

from ministack import app

from adapter import door
from adapter.patching import require

NAME = 'closed_door'
WRONG = (
    'Pages of every origin may call the engine under any name and read its answers, '
    'and its administration needs no key.'
)
AWS = (
    'Amazon S3 User Guide: Using cross-origin resource sharing; AWS Lambda Developer Guide: '
    'Function URLs, CORS; API Gateway Developer Guide: CORS for REST APIs; '
    'AWS Signature Version 4 for API requests'
)

_CORS = b'access-control-'


def install() -> None:
    require(app, '_parse_execute_api_url', '_parse_lambda_url', '_resolve_custom_domain_request')
    require(app, '_parse_cloudfront_dataplane_host', '_s3_cors_target', '_EXECUTE_API_RE')
    require(app, '_is_ecr_registry_path', '_get_module', 'app')
    app.app = _guarded(app.app)


def _guarded(engine: Any) -> Any:
    async def guarded(scope: dict, receive: Any, send: Any) -> None:
        if scope['type'] not in ('http', 'websocket'):
            await engine(scope, receive, send)
            return
        head = door.head_of(scope)
        reason = door.refusal(head)
        if reason is None:
            configures_cors = door.answers_for_itself(head)
            await engine(scope, receive, send if configures_cors else _without_cors(send))
        elif head.kind == 'websocket':
            await receive()
            await send({'type': 'websocket.close', 'code': 1008})
        else:
            await refuse(send, reason)

    return guarded


async def refuse(send: Any, reason: str) -> None:
    """Answer 403 with the reason in one line."""
    name = 'MissingAuthenticationTokenException' if 'Token' in reason else 'ForbiddenException'
    body = json.dumps({'__type': name, 'message': reason}).encode() + b'\n'
    headers = [
        (b'content-type', b'application/json'),
        (b'content-length', str(len(body)).encode()),
        (b'x-amzn-errortype', name.encode()),
        (b'x-content-type-options', b'nosniff'),
    ]
    await send({'type': 'http.response.start', 'status': 403, 'headers': headers})
    await send({'type': 'http.response.body', 'body': body})


def _without_cors(send: Any) -> Any:
    async def sent(message: dict) -> None:
        if message['type'] == 'http.response.start':
            headers = [
                (name, text)
                for name, text in message.get('headers', [])
                if not name.lower().startswith(_CORS)
            ]
            message = {**message, 'headers': headers}
        await send(message)

    return sent
