"""Starts the engine with Cordon's corrections.

Run it as `<venv>/bin/python local/engine/adapter/main.py` instead of `ministack`.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from adapter import version  # noqa: E402  (needs the path that is set above)

version.check()

from ministack import app  # noqa: E402

from adapter import (  # noqa: E402
    disk_faults,
    endpoints,
    expiry,
    lifetime,
    retention,
    warm_functions,
)
from adapter.installed import install  # noqa: E402


def main() -> None:
    os.umask(0o077)  # what a run writes is for the person alone
    disk_faults.start(sys.argv)
    active = install(skip=os.environ.get('CORDON_ADAPTER_SKIP', ''))
    endpoints.serve(app, active)
    lifetime.guard()
    retention.install()
    warm_functions.install()
    expiry.check()
    sys.argv = ['ministack']
    try:
        app.main()
    finally:
        lifetime.end_workers()


if __name__ == '__main__':
    main()
