"""A request from this machine counts as TLS.

Not wrong, but unlike AWS: the gateway speaks plain HTTP on the loopback interface, so every policy
with `aws:SecureTransport: false` denies every function. The CDK writes such a policy for each
bucket, queue and topic with enforceSSL.
AWS: its endpoints are reached over TLS, so the key is true.
Only loopback can reach the engine, so no request from elsewhere counts as TLS.
"""

from __future__ import annotations

from typing import Any

from ministack import app

from adapter.patching import loopback, wrap

NAME = 'loopback_tls'
WRONG = 'Requests over loopback count as unencrypted, so TLS-only policies deny every function.'
AWS = 'AWS IAM User Guide: AWS global condition context keys, aws:SecureTransport'


def install() -> None:
    wrap(app, 'pin_request_origin', _as_tls)


def _as_tls(pin: Any) -> Any:
    def pin_as_tls(source_ip: str, secure: bool) -> None:
        pin(source_ip, secure or loopback(source_ip))

    return pin_as_tls
