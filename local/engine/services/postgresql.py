"""PostgreSQL for RDS and Aurora: a cluster of files of its own for each database server."""

from __future__ import annotations

import os
import re
import signal

from services.program import Program, Request

# The file with the password is removed before the server starts, so that no other process is told
# it. Flushing to the disk is for machines that can fail alone; these files end with the engine.
_SCRIPT = """
set -e
if [ ! -e "$TMPDIR/data/PG_VERSION" ]; then
  "$1/initdb" -D "$TMPDIR/data" -U "$2" --pwfile "$TMPDIR/password" -A scram-sha-256 \
    -E UTF8 --locale C.UTF-8 --no-sync >/dev/null
  "$1/postgres" --single -D "$TMPDIR/data" -c fsync=off -c dynamic_shared_memory_type=mmap \
    postgres <"$TMPDIR/database.sql" >/dev/null
fi
rm -f "$TMPDIR/password" "$TMPDIR/database.sql"
exec "$1/postgres" -D "$TMPDIR/data" -p "$3" -c listen_addresses=127.0.0.1 \
  -c unix_socket_directories= -c dynamic_shared_memory_type=mmap -c fsync=off \
  -c full_page_writes=off -c shared_buffers=32MB -c log_min_messages=warning
"""

# As RDS demands; the script and its SQL quote nothing else.
_NAME = re.compile(r'[A-Za-z_][A-Za-z0-9_-]{0,62}')


def serves(request: Request) -> bool:
    return request.image.rsplit('/', 1)[-1].startswith('postgres:')


def program(folder: str, request: Request) -> Program:
    """`folder` is that of the installed PostgreSQL, with bin, lib and share."""
    user = request.variables['POSTGRES_USER']
    database = request.variables.get('POSTGRES_DB') or user
    for name in (user, database):
        if not _NAME.fullmatch(name):
            raise ValueError(f'{name!r} is no name for a user or database of PostgreSQL.')
    create = '' if database == 'postgres' else f'CREATE DATABASE "{database}";\n'
    programs = os.path.join(folder, 'bin')
    return Program(
        command=['/bin/sh', '-c', _SCRIPT, 'postgresql', programs, user, str(request.port)],
        variables={'LD_LIBRARY_PATH': os.path.join(folder, 'lib')},
        folders=(folder,),
        files={'password': request.variables['POSTGRES_PASSWORD'], 'database.sql': create},
        keeps='data',
        stop_signal=signal.SIGINT,  # PostgreSQL then ends its sessions; with SIGTERM it waits
        restarts=True,
    )
