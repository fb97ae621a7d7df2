"""Checks the signature of requests to the pages of the adapter.

They are signed with Signature Version 4 by the root key, for the service `cordon`: the secret
itself is never sent, and a signature for another service does not open these pages.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from ministack.core import sigv4

from adapter import root_key
from adapter.patching import headers_of

SERVICE = 'cordon'


def by_root(scope: dict) -> bool:
    """Whether the root key signed this request, which has no body."""
    headers = headers_of(scope)
    if not headers.get('authorization', '').startswith('AWS4-HMAC-SHA256 '):
        return False
    signature = sigv4.parse_header_signature(headers)
    if isinstance(signature, tuple):
        return False
    key = root_key.read()
    if signature.access_key_id != key.access_key_id or signature.service != SERVICE:
        return False
    if 'host' not in signature.signed_headers.split(';') or sigv4.request_time_failure(signature):
        return False
    query = parse_qs(scope.get('query_string', b'').decode(), keep_blank_values=True)
    raw_path = (scope.get('raw_path') or scope['path'].encode()).decode('latin-1')
    failure = sigv4.header_signature_failure(
        signature, key.secret_access_key, scope['method'], raw_path, query, headers, b''
    )
    return failure is None
