"""The Data API fails where no database stands behind a cluster.

Wrong: without a server the engine answers statements from a list of what it was told, and most
others with success and no rows.
AWS: a statement runs in the database of the cluster, or fails.
"""

from __future__ import annotations

from typing import Any

from ministack.services import rds_data

from adapter.patching import require, wrap

NAME = 'loud_data_api'
WRONG = 'The Data API answers success for statements that no database has run.'
AWS = 'Amazon RDS Data Service API Reference: ExecuteStatement, DatabaseUnavailableException'


def install() -> None:
    require(rds_data, '_transient_database_error', '_has_real_endpoint')
    wrap(rds_data, '_stub_execute', lambda _stock: _unavailable)


def _unavailable(resource: str, _statement: str) -> Any:
    return rds_data._transient_database_error(
        f'The local engine has no database server for {resource}.'
    )
