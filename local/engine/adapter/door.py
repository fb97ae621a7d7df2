"""Decides from its head which request the gateway takes at all.

A page in a browser reaches the loopback interface under a name of its own (`Host`) or from another
site (`Origin`). Other users of the machine reach it too. The gateway therefore answers only to its
own names, only to its own pages, and without credentials only what AWS serves to everybody.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs

from ministack import app

from adapter.patching import headers_of

_ADMIN = ('/_ministack/', '/_localstack/')
_HEALTH = ('/_ministack/health', '/_ministack/ready')
# Each of these checks a token of its own: see download_addresses and task_credentials.
_WITH_TOKEN = (
    '/v2/credentials/',
    '/v4/',
    '/_ministack/lambda-code/',
    '/_ministack/lambda-layers/',
    '/_ministack/cfn-response/',
    '/_ministack/cfn-signal/',
)
_LOOPBACK = ('127.0.0.1', 'localhost', '[::1]')
_HOST = re.compile(r'(\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::\d{1,5})?\Z')
_LOCAL_SUFFIX = r'(?:127\.0\.0\.1|localhost)'
_FUNCTION_URL = re.compile(
    rf'[a-z0-9-]+\.lambda-url\.[a-z0-9-]+\.(?:on\.aws|{_LOCAL_SUFFIX})\Z'
)
_BUCKET_HOST = re.compile(
    rf'[a-z0-9.-]+\.(?:s3(?:\.[a-z0-9-]+)?\.amazonaws\.com|(?:s3\.)?{_LOCAL_SUFFIX})\Z'
)
_GRAPHQL_HOST = re.compile(r'[a-z0-9]+\.appsync-api\.')
_COGNITO_TARGETS = ('AWSCognitoIdentityProviderService.', 'AWSCognitoIdentityService.')
_COGNITO_PAGES = frozenset(
    {'/login', '/logout', '/oauth2/login', '/oauth2/authorize', '/oauth2/token'}
    | {'/oauth2/userInfo', '/oauth2/userinfo'}
)
_LINK_ACTIONS = frozenset({'ConfirmSubscription', 'Unsubscribe'})
_SIGNED_QUERY = frozenset({'x-amz-signature', 'x-amz-credential', 'signature'})


class Head(NamedTuple):
    """What is known of a request before its body is read."""

    kind: str
    method: str
    path: str
    hosts: list[str]
    headers: dict[str, str]
    query: dict[str, list[str]]

    @property
    def host(self) -> str:
        return self.hosts[0] if self.hosts else ''


def head_of(scope: dict) -> Head:
    return Head(
        kind=scope['type'],
        method=scope.get('method', 'GET'),
        path=scope['path'],
        hosts=[
            value.decode('latin-1').lower()
            for name, value in scope['headers']
            if name.lower() == b'host'
        ],
        headers=headers_of(scope),
        query=parse_qs(
            scope.get('query_string', b'').decode('utf-8', 'replace'), keep_blank_values=True
        ),
    )


def refusal_of_sender(head: Head) -> str | None:
    """Say why a request is refused for its `Host` or its `Origin`; None for one that may go on."""
    if len(head.hosts) != 1 or not _is_served(head):
        return 'This address is not served here.'
    if _is_foreign(head) and not answers_for_itself(head):
        return 'Pages of other origins get no answer here.'
    return None


def refusal(head: Head) -> str | None:
    """Say why a request is refused; None for one that the engine may answer."""
    sender = refusal_of_sender(head)
    if sender is not None:
        return sender
    if head.path == '/health' or (
        head.path.startswith(_ADMIN) and head.path not in _HEALTH
        and not head.path.startswith(_WITH_TOKEN)
    ):
        return 'The administration of the engine is closed.'
    if app._is_ecr_registry_path(head.path):
        return 'There is no registry here.'
    if head.method == 'OPTIONS' and not (answers_for_itself(head) or _bucket_of(head)):
        return 'Pages of other origins get no answer here.'
    if not _has_credentials(head) and not _is_public(head):
        return 'Missing Authentication Token'
    return None


def answers_for_itself(head: Head) -> bool:
    """Whether a resource of a template decides which origins may read its answer."""
    host, path = head.host, head.path
    if _is_graphql(head):
        return True  # AppSync takes calls from pages of every origin, with a token or a key
    if head.kind == 'websocket':
        return False
    if app._parse_execute_api_url(host, path) or app._parse_lambda_url(host, path):
        return True
    if _distribution_of(host) or app._resolve_custom_domain_request(host, path):
        return True
    bucket = _bucket_of(head)
    return bool(bucket) and app._get_module('s3')._cors_rules(bucket) is not None


def _is_served(head: Head) -> bool:
    match = _HOST.match(head.host)
    if match is None:
        return False
    name = match.group(1)
    # A proxy on this machine passes the signed `Host` on, so the port may be another. A browser
    # cannot: it sends the port that it connects to.
    if name in _LOOPBACK or name.endswith('.localhost') or app._EXECUTE_API_RE.match(name):
        return True
    if _FUNCTION_URL.match(name) or _distribution_of(name):
        return True
    if _BUCKET_HOST.match(name) and _bucket_of(head):
        return True
    return app._resolve_custom_domain_request(name, head.path) is not None


def _is_foreign(head: Head) -> bool:
    """Whether a page of another origin sends this; pages of the host itself have its origin."""
    origin = head.headers.get('origin')
    if origin is not None:
        return origin.lower() not in (f'http://{head.host}', f'https://{head.host}')
    return (
        head.headers.get('sec-fetch-site') == 'cross-site'
        and head.headers.get('sec-fetch-mode') != 'navigate'
    )


def _distribution_of(host: str) -> object | None:
    label = app._parse_cloudfront_dataplane_host(host)
    return app._get_module('cloudfront').find_distribution_for_label(label) if label else None


def names_bucket(name: str) -> bool:
    return _BUCKET_HOST.match(name) is not None


def _is_graphql(head: Head) -> bool:
    """Whether this is a call of a GraphQL API, which checks its callers itself."""
    if head.kind == 'websocket':
        return app._APPSYNC_REALTIME_RE.match(head.host) is not None
    return app._APPSYNC_GRAPHQL_RE.match(head.path) is not None or (
        head.path == '/graphql' and _GRAPHQL_HOST.match(head.host) is not None
    )


def _bucket_of(head: Head) -> str | None:
    """Give the existing bucket that a host or a path names."""
    target = app._s3_cors_target(head.host, head.path)
    return target[0] if target else None


def _has_credentials(head: Head) -> bool:
    return head.headers.get('authorization', '').startswith(('AWS4-', 'AWS ')) or any(
        name.lower() in _SIGNED_QUERY for name in head.query
    )


def _is_public(head: Head) -> bool:
    """Whether AWS serves this unsigned, or decides so only after the body was read."""
    path = head.path
    if path in _HEALTH or path in _COGNITO_PAGES or path.startswith(_WITH_TOKEN):
        return True
    if '/.well-known/' in path and head.method == 'GET':
        return True
    if answers_for_itself(head) or head.kind == 'websocket' or _bucket_of(head):
        return True
    if head.headers.get('x-amz-target', '').startswith(_COGNITO_TARGETS):
        return True
    if not _LINK_ACTIONS.isdisjoint(head.query.get('Action', [])):
        return True
    # The action of such a call is in its body. The engine refuses it unless AWS serves it unsigned.
    is_form = head.headers.get('content-type', '').startswith('application/x-www-form-urlencoded')
    return head.method == 'POST' and path == '/' and is_form
