"""Refuses other versions of the engine: corrections use private names of a single version."""

import sys
from importlib import metadata

WANTED = '1.5.33'


def check() -> None:
    try:
        installed = metadata.version('ministack')
    except metadata.PackageNotFoundError:
        installed = 'none'
    if installed != WANTED:
        sys.exit(
            f'cordon: the engine adapter needs ministack {WANTED}, found {installed} in '
            f'{sys.prefix}. Install local/engine/requirements.txt into this environment '
            '(pip install --require-hashes --no-deps -r …), '
            'or remove the environment and run "cordon up", which makes it again.'
        )
