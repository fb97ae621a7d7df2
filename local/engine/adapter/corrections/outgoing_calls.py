"""What a caller makes the engine call is no way to the other programs of the machine.

Wrong: an API, a topic, a rule or a resolver may name any address, and the engine calls it and gives
the answer back: databases and other servers of the person on this machine, even files (`file:`). A
variable of a function (MINISTACK_LAMBDA_PROXY_URL) makes the engine call an address in its place.
AWS: such calls leave from networks of AWS, where nothing of the caller's machine is in reach.
Here they reach other machines, and of this machine the ports that functions reach, too.
"""

from __future__ import annotations

import http.client
import os
import urllib.request
from typing import Any
from urllib.error import URLError

from ministack.services import lambda_svc

from adapter.patching import loopback, require, wrap

NAME = 'outgoing_calls'
WRONG = (
    'Addresses in APIs, topics, rules and functions make the engine call other programs of this '
    'machine, or read its files.'
)
AWS = (
    'Amazon API Gateway Developer Guide: HTTP integrations; Amazon SNS Developer Guide: HTTP/S '
    'endpoints; Amazon EventBridge User Guide: API destinations'
)


def install() -> None:
    require(lambda_svc, '_proxy_url_for')
    wrap(lambda_svc, '_proxy_url_for', lambda _stock: lambda _config: None)
    for handler, name in (
        (urllib.request.FileHandler, 'file_open'),
        (urllib.request.FTPHandler, 'ftp_open'),
    ):
        wrap(handler, name, lambda _stock: _refuse_scheme)
    ports = {int(port) for port in os.environ.get('CORDON_FUNCTION_PORTS', '').split(',') if port}
    if ports:
        wrap(http.client.HTTPConnection, 'connect', lambda connect: _connecting(connect, ports))


def _refuse_scheme(_handler: Any, request: urllib.request.Request) -> Any:
    raise URLError(f'the local engine opens no address with {request.type}:')


def _connecting(connect: Any, ports: set[int]) -> Any:
    def connected(self: Any) -> None:
        connect(self)
        # Only now is it known where the name leads to; nothing has been sent.
        address, port = self.sock.getpeername()[:2]
        is_here = loopback(address.removeprefix('::ffff:')) or address == self.sock.getsockname()[0]
        if is_here and port not in ports:
            self.close()
            raise ConnectionRefusedError(f'port {port} of this machine is out of reach here')

    return connected
