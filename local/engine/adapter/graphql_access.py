"""Who calls a GraphQL API of AppSync, and which fields the schema opens to that caller."""

from __future__ import annotations

import base64
import json
import re
import time
from contextvars import ContextVar
from typing import Any, Callable, Iterator, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from ministack.services import appsync, cognito

_COGNITO = 'AMAZON_COGNITO_USER_POOLS'
_DIRECTIVES = {
    'aws_api_key': 'API_KEY',
    'aws_iam': 'AWS_IAM',
    'aws_oidc': 'OPENID_CONNECT',
    'aws_lambda': 'AWS_LAMBDA',
    'aws_cognito_user_pools': _COGNITO,
    'aws_auth': _COGNITO,
}


class Caller(NamedTuple):
    """A caller whose credentials were checked: the kind of its authorization, and its claims."""

    mode: str
    claims: dict

    @property
    def groups(self) -> frozenset:
        return frozenset(self.claims.get('cognito:groups') or ())

    @property
    def identity(self) -> dict | None:
        """What a resolver sees as `ctx.identity`."""
        if self.mode != _COGNITO:
            return None
        return {
            'sub': self.claims.get('sub'),
            'username': self.claims.get('cognito:username') or self.claims.get('username'),
            'claims': self.claims,
            'sourceIp': ['127.0.0.1'],
            'defaultAuthStrategy': 'ALLOW',
            'groups': self.claims.get('cognito:groups'),
            'issuer': self.claims.get('iss'),
        }


# The caller of the request that this thread works on; nobody until it was checked.
current: ContextVar[Caller | None] = ContextVar('graphql_caller', default=None)


def caller_of(
    api_id: str, api: dict, headers: dict, is_signed: Callable[[], bool]
) -> Caller | None:
    """The caller, or None for one that no provider of the API accepts."""
    given = {str(name).lower(): str(text) for name, text in headers.items() if text}
    modes = appsync._auth_modes(api)
    token = given.get('authorization', '')
    if token.startswith('AWS4-HMAC-SHA256'):
        return Caller('AWS_IAM', {}) if 'AWS_IAM' in modes and is_signed() else None
    if token and _COGNITO in modes:
        for config in _pools_of(api):
            claims = _verified(re.sub(r'^Bearer ', '', token, flags=re.I), config)
            if claims is not None:
                return Caller(_COGNITO, claims)
    if token and 'AWS_LAMBDA' in modes and api.get('lambdaAuthorizerConfig'):
        return Caller('AWS_LAMBDA', {})  # the function decides before any field is resolved
    key = (appsync._api_keys.get(api_id) or {}).get(given.get('x-api-key', ''))
    if 'API_KEY' in modes and key and float(key.get('expires') or 0) > time.time():
        return Caller('API_KEY', {})
    return None


def _pools_of(api: dict) -> Iterator[dict]:
    for provider in (api, *(api.get('additionalAuthenticationProviders') or [])):
        if provider.get('authenticationType') == _COGNITO and provider.get('userPoolConfig'):
            yield provider['userPoolConfig']


def _verified(token: str, config: dict) -> dict | None:
    """The claims of a token that this user pool has signed and that has not expired."""
    pool_id = config.get('userPoolId') or ''
    header, claims = _part(token, 0), _part(token, 1)
    use = claims.get('token_use')
    if header.get('alg') != 'RS256' or use not in ('id', 'access') or token.count('.') != 2:
        return None
    if cognito._get_pool_unscoped(pool_id) is None or claims.get('iss') != _issuer(pool_id):
        return None
    expires = claims.get('exp')
    if not isinstance(expires, (int, float)) or expires <= time.time():
        return None
    client = str(claims.get('aud' if use == 'id' else 'client_id'))
    if config.get('appIdClientRegex') and not re.fullmatch(config['appIdClientRegex'], client):
        return None
    key, public = cognito._pool_signing_key(pool_id, use)
    if key is None or public['kid'] != header.get('kid') or not _is_signed(token, key):
        return None
    return claims


def _issuer(pool_id: str) -> str:
    return f'https://cognito-idp.{pool_id.split("_", 1)[0]}.amazonaws.com/{pool_id}'


def _part(token: str, index: int) -> dict:
    try:
        part = token.split('.')[index]
        decoded = json.loads(base64.urlsafe_b64decode(part + '=' * (-len(part) % 4)))
    except (ValueError, IndexError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _is_signed(token: str, key: Any) -> bool:
    signed, _, signature = token.rpartition('.')
    try:
        key.public_key().verify(
            base64.urlsafe_b64decode(signature + '=' * (-len(signature) % 4)),
            signed.encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def is_open(parent: Any, field: str, caller: Caller, api: dict) -> bool:
    """Whether the directives of the field, else of its type, else of the API let the caller in."""
    definition = parent.fields.get(field)
    of_field = _rules(definition.ast_node if definition else None)
    rules = of_field or [
        rule for node in (parent.ast_node, *parent.extension_ast_nodes) for rule in _rules(node)
    ]
    if rules:
        return any(
            mode == caller.mode and (groups is None or not groups.isdisjoint(caller.groups))
            for mode, groups in rules
        )
    if caller.mode != api.get('authenticationType'):
        return False
    denies = (api.get('userPoolConfig') or {}).get('defaultAction') == 'DENY'
    return caller.mode != _COGNITO or not denies or not _is_root(parent)


def _is_root(parent: Any) -> bool:
    return parent.name in ('Query', 'Mutation', 'Subscription')


def _rules(node: Any) -> list:
    """The kinds of authorization that a directive names, each with its groups."""
    return [
        (_DIRECTIVES[directive.name.value], _groups(directive))
        for directive in (node.directives if node else ())
        if directive.name.value in _DIRECTIVES
    ]


def _groups(directive: Any) -> frozenset | None:
    for argument in directive.arguments:
        if argument.name.value == 'cognito_groups':
            values = getattr(argument.value, 'values', None)
            listed = [argument.value] if values is None else values
            return frozenset(entry.value for entry in listed)
    return None


def refusal(parent: str, field: str) -> Exception:
    text = f'Not Authorized to access {field} on type {parent}'
    return appsync._AppSyncResolverError(text, 'Unauthorized')
