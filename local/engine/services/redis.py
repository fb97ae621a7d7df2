"""Redis for ElastiCache: it keeps nothing on disk."""

from __future__ import annotations

import os

from services.processes import Program, Request


def serves(request: Request) -> bool:
    return request.image.rsplit('/', 1)[-1].startswith(('redis:', 'valkey:'))


def program(path: str, request: Request) -> Program:
    settings = {'port': str(request.port), 'bind': '127.0.0.1', 'save': '', 'appendonly': 'no'}
    words = [word for name, text in settings.items() for word in (f'--{name}', text)]
    return Program(command=[path, *words], folders=(os.path.dirname(os.path.realpath(path)),))
