"""A job or crawler of Glue that nothing runs fails.

Wrong: without Docker a Spark job succeeds at once, as does a job whose script cannot be read, and a
crawler succeeds without having read anything.
AWS: a run succeeds when its script has ended well, and fails with a message otherwise.
"""

from __future__ import annotations

from ministack.core.responses import error_response_json
from ministack.services import glue

from adapter.patching import require, wrap

NAME = 'loud_jobs'
WRONG = 'Spark jobs, jobs without a script and crawlers of Glue succeed and have done nothing.'
AWS = 'AWS Glue Developer Guide: Job run statuses; AWS Glue API: StartCrawler'


def install() -> None:
    require(glue, '_execute_subprocess')
    wrap(glue, '_start_crawler', lambda _stock: _not_crawled)
    # Every run then reaches what says that scripts are not run here.
    wrap(glue, '_is_spark_job', lambda _stock: lambda _job: False)
    wrap(glue, '_resolve_script', lambda _stock: lambda location: f'{location or "none"}.py')


def _not_crawled(_data: dict) -> tuple:
    return error_response_json(
        'OperationTimeoutException', 'The local engine has nothing that crawls.', 400
    )
