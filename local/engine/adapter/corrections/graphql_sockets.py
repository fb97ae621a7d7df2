"""Subscriptions of a GraphQL API of AppSync are served over WebSocket.

Wrong: a client with the protocol `graphql-ws` is refused, so nobody hears of a mutation.
AWS: a client connects with authorization in its address, and each subscription brings its own. It
then hears what each mutation that `@aws_subscribe` names has answered, if the arguments match.
Filters that a resolver sets with `extensions` are not known here.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from typing import Any
from urllib.parse import parse_qs

from ministack.core import appsync_graphql
from ministack.services import appsync, appsync_events

from adapter import graphql_subscriptions
from adapter.graphql_subscriptions import Refused
from adapter.patching import headers_of, require, wrap

NAME = 'graphql_sockets'
WRONG = 'A client of a GraphQL API cannot subscribe.'
AWS = 'AWS AppSync Developer Guide: Building a real-time WebSocket client'

_PROTOCOL = 'graphql-ws'
_TIMEOUT_MS = 300_000
_KEEP_ALIVE_SECONDS = 60
_MOST_WAITING = 1_000
_numbers = itertools.count()


def install() -> None:
    require(appsync, '_select_api_region', '_apis', '_schemas', '_resolvers', '_resolve_field')
    wrap(appsync_events, 'handle_websocket', _serving)
    wrap(appsync_graphql, 'execute', _publishing)


def _publishing(execute: Any) -> Any:
    def executed(api_id: str, sdl: str, query: str, *rest: Any) -> tuple:
        data, errors = execute(api_id, sdl, query, *rest)
        if data:
            graphql_subscriptions.publish(api_id, sdl, query, rest[1], data)
        return data, errors

    return executed


def _serving(serve: Any) -> Any:
    async def served(scope: dict, receive: Any, send: Any, api_id: str) -> None:
        if appsync._select_api_region(api_id):
            await _Connection(api_id, receive, send).serve(scope)
        else:
            await serve(scope, receive, send, api_id)

    return served


def _authorization(scope: dict) -> dict:
    """The headers that a client sends in its address or among its protocols."""
    query = parse_qs(scope.get('query_string', b'').decode('latin-1'))
    encoded = (query.get('header') or [''])[0]
    for protocol in scope.get('subprotocols') or []:
        encoded = protocol.removeprefix('header-') if protocol.startswith('header-') else encoded
    try:
        text = base64.b64decode(encoded.replace('-', '+').replace('_', '/') + '==')
        decoded = json.loads(text)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


class _Connection:
    def __init__(self, api_id: str, receive: Any, send: Any):
        self._api_id, self._receive, self._send = api_id, receive, send
        self._number, self._loop = next(_numbers), asyncio.get_running_loop()
        self._waiting: asyncio.Queue = asyncio.Queue()

    async def serve(self, scope: dict) -> None:
        await self._receive()
        protocols = headers_of(scope).get('sec-websocket-protocol', '')
        if _PROTOCOL not in [name.strip() for name in protocols.split(',')]:
            await self._send({'type': 'websocket.close', 'code': 1002})
            return
        api = appsync._apis.get(self._api_id) or {}
        given = _authorization(scope)
        known = await asyncio.to_thread(
            appsync._request_is_authenticated, self._api_id, api, given
        )
        await self._send({'type': 'websocket.accept', 'subprotocol': _PROTOCOL})
        if not known:
            error = Refused('UnauthorizedException', 'You are not authorized to make this call.')
            await self._write(_failure('connection_error', error))
            await self._send({'type': 'websocket.close', 'code': 4401})
            return
        writing = asyncio.create_task(self._write_waiting())
        try:
            await self._read()
        finally:
            graphql_subscriptions.remove(self._api_id, self._number)
            writing.cancel()

    async def _read(self) -> None:
        while True:
            message = await self._receive()
            if message['type'] == 'websocket.disconnect':
                return
            try:
                frame = json.loads(message.get('text') or message.get('bytes') or '')
            except ValueError:
                frame = None
            if isinstance(frame, dict):
                await self._answer(frame)
            else:
                self._put(_failure('error', Refused('BadRequestException', 'No JSON object.')))

    async def _answer(self, frame: dict) -> None:
        kind, identifier = frame.get('type'), str(frame.get('id', ''))
        if kind == 'connection_init':
            acknowledged = {'connectionTimeoutMs': _TIMEOUT_MS}
            self._put({'type': 'connection_ack', 'payload': acknowledged})
        elif kind == 'start':
            try:
                begun = await asyncio.to_thread(self._begin, frame)
            except Refused as error:
                self._put({'id': identifier, **_failure('error', error)})
                return
            key = (self._number, identifier)
            graphql_subscriptions.add(self._api_id, key, begun, self._put_from_thread)
            self._put({'type': 'start_ack', 'id': identifier})
        elif kind == 'stop':
            graphql_subscriptions.remove(self._api_id, self._number, identifier)
            self._put({'type': 'complete', 'id': identifier})
        else:
            error = Refused('UnsupportedOperation', f'{kind} is not known.')
            self._put({'id': identifier, **_failure('error', error)})

    def _begin(self, frame: dict) -> graphql_subscriptions.Subscription:
        payload = frame.get('payload')
        extensions = payload.get('extensions') if isinstance(payload, dict) else None
        headers = extensions.get('authorization') if isinstance(extensions, dict) else None
        try:
            request = json.loads(payload['data']) if isinstance(payload, dict) else None
        except (KeyError, TypeError, ValueError):
            request = None
        if not isinstance(request, dict):
            raise Refused('BadRequestException', 'The payload has no data.')
        return graphql_subscriptions.begin(
            self._api_id, request, headers if isinstance(headers, dict) else {}
        )

    def _put(self, message: dict) -> None:
        """A client that does not read is let go: it would be told ever less of the truth."""
        if self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put_nowait(message)
        else:
            self._waiting.put_nowait(None)

    def _put_from_thread(self, message: dict) -> None:
        self._loop.call_soon_threadsafe(self._put, message)

    async def _write_waiting(self) -> None:
        while True:
            try:
                message = await asyncio.wait_for(self._waiting.get(), _KEEP_ALIVE_SECONDS)
            except asyncio.TimeoutError:
                message = {'type': 'ka'}
            if message is None:
                await self._send({'type': 'websocket.close', 'code': 1013})
                return
            await self._write(message)

    async def _write(self, message: dict) -> None:
        await self._send({'type': 'websocket.send', 'text': json.dumps(message)})


def _failure(kind: str, error: Refused) -> dict:
    reason = {'errorType': error.kind, 'message': str(error)}
    return {'type': kind, 'payload': {'errors': [reason]}}
