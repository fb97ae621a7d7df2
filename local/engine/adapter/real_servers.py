"""The programs that stand behind services whose stacks were chosen.

The launcher names them in `services.json` of the run once it knows which stacks it deploys. What
needs a program that is not named there fails, and says how to get it.
"""

from __future__ import annotations

import functools
import json
import os
import socket
import threading
import time
from typing import Any

from docker.errors import ImageNotFound, NotFound

from adapter import isolation
from adapter.corrections import function_isolation
from services import postgresql, redis, tasks
from services.processes import Client, Container
from services.program import Confinement, Program, Request

_lock = threading.Lock()
_promised: dict[int, float] = {}
_PROMISED_SECONDS = 60
_failed = threading.local()


def program_of(service: str) -> Any:
    """Where the program of a service is; None while no stack that needs it was chosen."""
    try:
        with open(os.path.join(os.environ.get('CORDON_RUN_DIR', ''), 'services.json')) as file:
            return json.load(file).get(service)
    except FileNotFoundError:
        return None


@functools.cache
def client() -> Client:
    made = Client(_program, _confined, _failing)
    made.containers.run = _keeping_ports(made.containers.run)
    return made


def _keeping_ports(run: Any) -> Any:
    """A port is promised until its server is known; a server that does not start gives it back."""

    def ran(image: str, command: Any = None, **options: Any) -> Any:
        ports = {port for port in (options.get('ports') or {}).values() if port}
        try:
            return run(image, command, **options)
        finally:
            with _lock:
                for port in ports:
                    _promised.pop(port, None)

    return ran


def server(identifier: str | None) -> Container | None:
    """The container with this id, while it is there."""
    try:
        return client().containers.get(identifier or '')
    except NotFound:
        return None


def failure() -> str:
    """Why this thread could not start its last server: the engine writes that to its log alone."""
    return getattr(_failed, 'reason', '')


def _program(request: Request) -> Program | None:
    _failed.reason = ''
    database, cache = program_of('postgresql'), program_of('redis')
    if database and postgresql.serves(request):
        return postgresql.program(database, request)
    if cache and redis.serves(request):
        return redis.program(cache, request)
    return tasks.program(program_of('images') or {}, request)


def _failing(_request: Request, error: Exception) -> None:
    _failed.reason = str(error)


def _confined(command: list, own: str, folders: tuple) -> Confinement:
    here = function_isolation.found()
    seen = here._replace(paths={**here.paths, **{path: ('read', path) for path in folders}})
    confined = isolation.confine(seen, command, own, own, leashed=True)
    return Confinement(confined.command, confined.variables)


class NoServer(RuntimeError):
    """A server could not be started."""


def next_port() -> int:
    """A free port of the run's block that no other server has or is about to get.

    The engine sometimes asks for a port and takes another one; its promise lapses.
    """
    ports = [int(port) for port in os.environ.get('CORDON_SERVICE_PORTS', '').split(',') if port]
    with _lock:
        taken = client().ports()
        now = time.monotonic()
        for port in ports:
            is_promised = now - _promised.get(port, -_PROMISED_SECONDS) < _PROMISED_SECONDS
            if port not in taken and not is_promised and is_free(port):
                _promised[port] = now
                return port
    named = ', '.join(str(port) for port in ports) or 'none'
    _failed.reason = f'No port is left for it: the run has {named} for servers.'
    raise NoServer(_failed.reason)


def is_free(port: int) -> bool:
    """Whether nothing listens there; connections that have ended do not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
        return True
