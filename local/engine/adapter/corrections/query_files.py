"""A query reads objects of S3, and no files of the machine.

Wrong: DuckDB runs the text of a query as it is. Its SQL reads and writes every file that the person
who runs the engine can read and write, and loads programs. An object of a table whose name has two
slashes is written to wherever that name says.
AWS: a query reads the objects of its tables and writes its results to S3.
Here only tables of CloudTrail can be queried: Cordon has no others. The conversions of Firehose to
Parquet and Iceberg, which use DuckDB as well, fail.
"""

from __future__ import annotations

from typing import Any

import duckdb
from ministack.services import athena

from adapter import athena_trail
from adapter.patching import require, wrap

NAME = 'query_files'
WRONG = 'A query of Athena reads and writes the files of the machine.'
AWS = 'Amazon Athena User Guide: What is Amazon Athena?, Data protection in Athena'


class ForeignTableError(RuntimeError):
    """The query names a table whose files the engine would copy out of S3."""


def install() -> None:
    require(athena, '_materialize_table_files')
    wrap(duckdb, 'connect', _closed)
    wrap(athena, '_materialize_table_files', lambda _stock: _refused)


def _closed(connect: Any) -> Any:
    """Open a database that reaches no file but copies of CloudTrail's files.

    DuckDB does not let SQL take this back.
    """

    def connected(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, **options)
        folder = athena_trail.copies().replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{folder}']")
        connection.execute('SET enable_external_access = false')
        return connection

    return connected


def _refused(location: str, _workdirs: list) -> list:
    raise ForeignTableError(f'The local Athena reads no table but those of CloudTrail: {location}')
