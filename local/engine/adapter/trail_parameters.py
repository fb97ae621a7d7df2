"""Request parameters and answers as CloudTrail writes them.

Keys are camelCase, `member.1` becomes a list, and neither a body nor a secret is included.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, unquote

from defusedxml import ElementTree

_HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS'
_DROPPED = frozenset(
    {
        'action',
        'version',
        'zipfile',
        'secretstring',
        'secretbinary',
        'plaintext',
        'ciphertextblob',
        'password',
        'oldpassword',
        'newpassword',
        'secretaccesskey',
        'payload',
        'item',
        'expressionattributevalues',
        'attributeupdates',
        'requestitems',
        'transactitems',
        'messagebody',
        'message',
        'entries',
        'logevents',
        'metricdata',
        'data',
        'privatekey',
        'signature',
        'authparameters',
        'clientsecret',
        'templatebody',
        'base64',
        'content',
    }
)
_HIDDEN_KEYS = frozenset(
    {
        'input',
        'output',
        'cause',
        'environment',
        'sessiontoken',
        'tasktoken',
        'definition',
        'querystring',
        'challengeresponses',
        'temporarypassword',
        'refreshtoken',
        'accesstoken',
        'confirmationcode',
    }
)
_LONGEST = 2048
# No API nests deeper. Deeper parameters are cut, so that they cannot keep a call unrecorded.
_DEEPEST = 30


def of_request(service: str, path: str, headers: dict, body: bytes, query: dict) -> dict | None:
    """Give the parameters of a request, or None when it has none."""
    if service == 's3':
        return _s3(path, headers, query) or None
    kind = headers.get('content-type', '')
    if 'form' in kind or (query.get('Action') and not body):
        form = {**parse_qs((body or b'').decode('utf-8', 'replace')), **query}
        return _clean(_nested(form)) or None
    try:
        sent = (
            json.loads(body) if body and not (service == 'lambda' and _INVOKES.search(path)) else {}
        )
    except (ValueError, RecursionError):
        sent = {}
    parameters = _clean(sent) if isinstance(sent, dict) else {}
    if service == 'lambda':
        flat = {
            _camel(key): value[0] if isinstance(value, list) else value
            for key, value in query.items()
        }
        parameters = {**parameters, **flat, **_lambda_path(path)}
    return parameters or None


def of_answer(body: Any) -> dict | None:
    """Give the answer of IAM or STS without secrets, such as the id of an access key it made."""
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, TypeError, ValueError):
        return None
    result = next((child for child in root if child.tag.endswith('Result')), None)
    elements = _from_xml(result) if result is not None else None
    return _clean(elements) or None if isinstance(elements, dict) else None


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _clean(node: Any, depth: int = 0) -> Any:
    """Drop bodies, hide secrets, and cut what is long or deep."""
    if depth > _DEEPEST:
        return '…'
    if isinstance(node, dict):
        return {
            _camel(key): _HIDDEN if key.lower() in _HIDDEN_KEYS else _clean(child, depth + 1)
            for key, child in node.items()
            if key.lower() not in _DROPPED
        }
    if isinstance(node, list):
        return [_clean(child, depth + 1) for child in node]
    return f'{node[:_LONGEST]}…' if isinstance(node, str) and len(node) > _LONGEST else node


def _s3(path: str, headers: dict, query: dict) -> dict:
    bucket, _slash, key = unquote(path).lstrip('/').partition('/')
    parameters = {'bucketName': bucket, 'Host': headers.get('host', ''), 'key': key}
    for name, values in query.items():
        if not name.startswith('X-Amz-'):
            parameters[name] = values[0] if isinstance(values, list) else values
    return {name: text for name, text in parameters.items() if text or name in query}


# The body of these calls is the event for the function, not a parameter.
_INVOKES = re.compile(r'/(invocations|invoke-async|response-streaming-invocations)/?$')
_LAMBDA_PATHS = (
    (re.compile(r'/functions/([^/]+)'), 'functionName'),
    (re.compile(r'/event-source-mappings/([^/]+)'), 'uUID'),
    (re.compile(r'/layers/([^/]+)'), 'layerName'),
    (re.compile(r'/tags/(.+)$'), 'resource'),
    (re.compile(r'/policy/([^/]+)$'), 'statementId'),
    (re.compile(r'/aliases/([^/]+)$'), 'name'),
)


def _lambda_path(path: str) -> dict:
    matches = ((name, pattern.search(path)) for pattern, name in _LAMBDA_PATHS)
    return {name: unquote(match.group(1)) for name, match in matches if match}


def _nested(form: dict) -> dict:
    """Turn `Tags.member.1.Key=a` into `{"Tags": [{"Key": "a"}]}`."""
    tree: dict = {}
    for name, values in form.items():
        parts = [part for part in name.split('.', _DEEPEST) if part not in ('member', 'entry')]
        parts = parts or [name]
        node = tree
        for part in parts[:-1]:
            child = node.setdefault(part, {})
            node = child if isinstance(child, dict) else node
        node[parts[-1]] = values[0] if isinstance(values, list) else values
    return _lists(tree)


def _lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(key.isdecimal() for key in node):
        return [_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _lists(child) for key, child in node.items()}


def _from_xml(element: Any) -> Any:
    children = list(element)
    if not children:
        return element.text or ''
    if all(child.tag.rpartition('}')[2] == 'member' for child in children):
        return [_from_xml(child) for child in children]
    return {child.tag.rpartition('}')[2]: _from_xml(child) for child in children}
