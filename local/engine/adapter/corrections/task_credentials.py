"""A task of ECS has a session of its task role, and only it gets the keys.

Wrong: everybody who asks below `/v2/credentials/` gets random keys that no service knows, and a
role that does not exist; so does who asks an API or a distribution for such a path.
AWS: the keys are those of a session of the task role, for the container that the address was given
to. A task without a task role has none.
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
import time
from typing import Any, NamedTuple

from ministack import app
from ministack.core.responses import get_account_id, get_region
from ministack.services import ecs, ecs_metadata, imds, sts

from adapter import door
from adapter.patching import require, wrap

NAME = 'task_credentials'
WRONG = 'Tasks of ECS get keys that no service knows, and can be asked for by everybody.'
AWS = 'Amazon ECS Developer Guide: Task IAM role; Task metadata endpoint'

_FOLDER, _METADATA = '/v2/credentials/', '/v4/'
_HOURS_OF_SESSION = 6


class _Session(NamedTuple):
    role: str
    task: str
    account: str
    authorization: str


_sessions: dict[str, _Session] = {}
_id_of_token: dict[str, str] = {}
_lock = threading.Lock()


def install() -> None:
    require(sts, 'register_session')
    require(app, '_parse_execute_api_url', '_parse_lambda_url', '_resolve_custom_domain_request')
    require(app, '_parse_cloudfront_dataplane_host')
    require(imds, '_json_resp', '_not_found', '_unauthorized', '_future')
    wrap(ecs, '_register_metadata', _registering)
    wrap(ecs_metadata, 'unregister_token', _forgetting)
    # Before the engine asks for a signature: each of these addresses holds a secret.
    wrap(app, '_handle_pre_body_request', _answering)


def _registering(register: Any) -> Any:
    def registered(task_arn: str, cluster: str, definition: dict, *rest: Any) -> str:
        token = register(task_arn, cluster, definition, *rest)
        environment = rest[2]
        for name, text in environment.items():
            environment[name] = str(text).replace('host.docker.internal', '127.0.0.1')
        environment.setdefault('AWS_REGION', get_region())
        environment.setdefault('AWS_DEFAULT_REGION', get_region())
        environment['AWS_EXECUTION_ENV'] = f'AWS_ECS_{rest[1]}'
        address = environment.pop('AWS_CONTAINER_CREDENTIALS_FULL_URI')
        authorization = environment.pop('AWS_CONTAINER_AUTHORIZATION_TOKEN')
        role = definition.get('taskRoleArn')
        if role:
            environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = address
            environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = authorization
            session = _Session(role, task_arn.rsplit('/')[-1], get_account_id(), authorization)
            with _lock:
                _id_of_token[token] = address.rsplit('/', 1)[-1]
                _sessions[_id_of_token[token]] = session
        return token

    return registered


def _forgetting(unregister: Any) -> Any:
    def unregistered(token: str) -> None:
        with _lock:
            _sessions.pop(_id_of_token.pop(token, ''), None)
        unregister(token)

    return unregistered


def _answering(handle: Any) -> Any:
    async def answered(method: str, path: str, headers: dict, query: dict, *rest: Any) -> Any:
        if not _is_of_a_resource(headers.get('host', ''), path):
            if method == 'GET' and path.startswith(_METADATA):
                return await ecs_metadata.handle_request(method, path, headers, b'', query)
            if path.startswith(_FOLDER):
                return _answer(method, path, headers)
        return await handle(method, path, headers, query, *rest)

    return answered


def _is_of_a_resource(host: str, path: str) -> bool:
    """Whether the name is that of an API, a distribution or a bucket: its paths are its own."""
    name = re.sub(r':\d+\Z', '', host.lower())
    return bool(
        app._parse_execute_api_url(host, path)
        or app._parse_lambda_url(host, path)
        or app._parse_cloudfront_dataplane_host(host)
        or app._resolve_custom_domain_request(host, path)
        or door.names_bucket(name)
    )


def _answer(method: str, path: str, headers: dict) -> tuple:
    session = _sessions.get(path[len(_FOLDER) :])
    if session is None or method != 'GET':
        return imds._not_found()
    given = headers.get('authorization', '')
    if not hmac.compare_digest(given.encode(), session.authorization.encode()):
        return imds._unauthorized()
    return imds._json_resp(_keys(session))


def _keys(session: _Session) -> dict:
    role_name = session.role.rsplit('/', 1)[-1]
    keys = {
        'AccessKeyId': f'ASIA{secrets.token_hex(8).upper()}',
        'SecretAccessKey': secrets.token_hex(32),
        'Token': secrets.token_hex(32),
    }
    sts.register_session(
        keys['AccessKeyId'],
        {
            'Arn': f'arn:aws:sts::{session.account}:assumed-role/{role_name}/{session.task}',
            'UserId': f'{role_name}:{session.task}',
            'SecretAccessKey': keys['SecretAccessKey'],
            'SessionToken': keys['Token'],
            'Expiration': time.time() + _HOURS_OF_SESSION * 3600,
        },
    )
    expires = imds._future(_HOURS_OF_SESSION * 3600)
    return {**keys, 'Expiration': expires, 'RoleArn': session.role}
