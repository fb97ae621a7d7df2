"""A request from this machine counts as TLS.

Wrong for us: the gateway speaks plain HTTP on the loopback interface, so that every policy with `aws:SecureTransport: false` (the
CDK writes one for each enforceSSL bucket, queue and topic) denies every function. AWS: its endpoints are reached over TLS, so
the key is true. Nothing but loopback can reach the engine.
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
