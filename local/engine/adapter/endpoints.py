"""Pages of the adapter on the gateway port: `/_cordon/…`, signed with the root key."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

from adapter import door, expiry, not_emulated, not_proven, signed_requests
from adapter.patching import loopback


def serve(app: ModuleType, active: list[ModuleType]) -> None:
    engine = app.app

    async def with_cordon(scope: dict, receive: Any, send: Any) -> None:
        if scope['type'] != 'http' or not scope['path'].startswith('/_cordon/'):
            await engine(scope, receive, send)
            return
        status, answer = _answer(scope, active)
        body = answer if isinstance(answer, str) else json.dumps(answer)
        await send(
            {
                'type': 'http.response.start',
                'status': status,
                'headers': [(b'content-type', b'application/json')],
            }
        )
        await send({'type': 'http.response.body', 'body': body.encode()})

    app.app = with_cordon


def _answer(scope: dict, active: list[ModuleType]) -> tuple[int, Any]:
    if not loopback((scope.get('client') or ('',))[0]):
        return 403, {'message': 'only from this machine'}
    sender = door.refusal_of_sender(door.head_of(scope))
    if sender is not None:
        return 403, {'message': sender}
    path = scope['path'].removeprefix('/_cordon/')
    method = 'POST' if path == 'expiry' else 'GET'
    if scope['method'] != method:
        return 405, {'message': f'{method} only'}
    if not signed_requests.by_root(scope):
        return 403, {'message': 'this page is for requests signed with the root key of this run'}
    query = parse_qs(scope.get('query_string', b'').decode())
    if path == 'corrections':
        return 200, [_described(module) for module in active]
    if path == 'not-emulated':
        return 200, not_emulated.listed()
    if path == 'not-proven':
        return 200, list(not_proven.SENTENCES)
    if path == 'cloudtrail':
        from adapter import trail

        since = query.get('since', ['0'])[0]
        if not since.isdecimal():
            return 400, {'message': 'since: wanted epoch milliseconds'}
        return 200, f'[{",".join(trail.since(int(since)))}]'  # each record is JSON text
    if path == 'expiry':
        return _expired(query)
    return 404, {'message': f'unknown: {path}'}


def _expired(query: dict[str, list[str]]) -> tuple[int, Any]:
    before = query.get('before', ['0'])[0]
    if not before.isdecimal():
        return 400, {'message': 'before: wanted epoch milliseconds'}
    try:
        removed = sum(
            expiry.remove_folders(bucket, query.get('folder', []))
            for bucket in query.get('bucket', [])
        )
        return 200, {'removed': removed + expiry.forget_before(int(before) / 1000)}
    except expiry.NotExpiringError as error:
        return 403, {'message': str(error)}


def _described(module: ModuleType) -> dict:
    return {
        'name': module.NAME,
        'wrong': module.WRONG,
        'aws': module.AWS,
        'upstream': getattr(module, 'UPSTREAM', 'not reported upstream'),
    }
