"""The corrections reach into private names of one engine version, so no other version is started."""

import sys
from importlib import metadata

WANTED = '1.5.33'


def check() -> None:
    try:
        found = metadata.version('ministack')
    except metadata.PackageNotFoundError:
        found = 'none'
    if found != WANTED:
        sys.exit(
            f'cordon: the engine adapter needs ministack {WANTED}, found {found} in {sys.prefix}. '
            'Install local/engine/requirements.txt into this environment (pip install --require-hashes --no-deps -r …), '
            'or remove the environment and run "cordon up", which makes it again.'
        )
