"""Redis for ElastiCache: it keeps nothing on disk."""

from __future__ import annotations

import os

from services.program import Program, Request

# What would let a client read and write files, load code, or end the server. ElastiCache has none
# of these commands either; the engine ends the server with a signal.
_REMOVED = ('CONFIG', 'MODULE', 'DEBUG', 'REPLICAOF', 'SLAVEOF', 'SHUTDOWN')


def serves(request: Request) -> bool:
    return request.image.rsplit('/', 1)[-1].startswith(('redis:', 'valkey:'))


def program(path: str, request: Request) -> Program:
    settings = {'port': str(request.port), 'bind': '127.0.0.1', 'save': '', 'appendonly': 'no'}
    words = [word for name, text in settings.items() for word in (f'--{name}', text)]
    for command in _REMOVED:
        words += ['--rename-command', command, '']
    folders = (os.path.dirname(os.path.realpath(path)),)
    return Program(command=[path, *words], folders=folders, restarts=True)
