"""Alarms are evaluated on their own metric, over time, with missing data treated as configured.

Wrong: the engine evaluates an alarm on every metric of its name, whatever its dimensions, and only
when metric data is put. It uses a single span whatever DatapointsToAlarm says, and never evaluates
an alarm without data.
AWS: dimensions are part of the metric. Of the latest EvaluationPeriods periods, DatapointsToAlarm
must breach. TreatMissingData decides for a period without data.
Here the periods end now and not at the full minute, and each second evaluates the alarms. To keep
this cheap in a flood, equal counts of a service within a second are stored as a single point with a
count, as PutMetricData does with Counts.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from ministack.services import cloudwatch

from adapter.patching import require, wrap

NAME = 'alarm_evaluation'
WRONG = (
    'An alarm ignores its dimensions, DatapointsToAlarm and TreatMissingData, '
    'and is evaluated only when data is put.'
)
AWS = (
    'Amazon CloudWatch User Guide: Using Amazon CloudWatch alarms, How alarms evaluate missing data'
)

_recording = threading.Lock()
_MISSING = {'breaching': True, 'notBreaching': False}
_BREACHES = {
    'GreaterThanOrEqualToThreshold': lambda value, limit: value >= limit,
    'GreaterThanThreshold': lambda value, limit: value > limit,
    'LessThanThreshold': lambda value, limit: value < limit,
    'LessThanOrEqualToThreshold': lambda value, limit: value <= limit,
}


def install() -> None:
    require(
        cloudwatch,
        '_metrics',
        '_metric_bucket',
        '_dims_key',
        '_dims_from_list',
        '_calc_stats',
        '_stat_value',
        '_record_history',
        '_dispatch_alarm_actions',
        '_evaluate_parent_alarms',
    )
    wrap(cloudwatch, '_evaluate_alarm', lambda _stock: evaluate)
    wrap(cloudwatch, 'record_metric', lambda _stock: record)


def record(
    namespace: str, name: str, value: float, unit: str = 'None', dimensions: dict | None = None
) -> None:
    """Record a count of a service; services do so in several threads."""
    own_dimensions, now = dimensions or {}, time.time()
    with _recording:
        points = cloudwatch._metric_bucket((namespace, name, cloudwatch._dims_key(own_dimensions)))
        latest = points[-1] if points else {}
        if (
            latest.get('Value') == float(value)
            and latest['Unit'] == unit
            and int(latest['Timestamp']) == int(now)
            and '_stat' not in latest
        ):
            latest['Count'] = latest.get('Count', 1.0) + 1
        else:
            points.append(
                {
                    'Timestamp': now,
                    'Value': float(value),
                    'Unit': unit,
                    'Dimensions': dict(own_dimensions),
                }
            )


def evaluate(alarm: dict) -> None:
    if alarm.get('ComparisonOperator') not in _BREACHES or not alarm.get('MetricName'):
        return
    breaches = _periods(alarm)
    state = _state(alarm, breaches)
    old = alarm['StateValue']
    if state == old:
        return
    breaching = breaches.count(True)
    periods = f'{breaching} of {len(breaches)} periods'
    reason = f'Threshold Crossed: {periods} breach {alarm["Threshold"]}'
    now = int(time.time())
    alarm.update(
        StateValue=state,
        StateReason=reason,
        StateUpdatedTimestamp=now,
        StateTransitionedTimestamp=now,
    )
    cloudwatch._record_history(alarm['AlarmName'], old, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _periods(alarm: dict) -> list[bool | None]:
    """Whether each period breaches, from the latest back; None for a period without data."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get('Dimensions') or []))
    points = cloudwatch._metrics.get((alarm['Namespace'], alarm['MetricName'], dimensions)) or []
    now, length = time.time(), alarm.get('Period', 60)
    spans = [
        (now - length * (index + 1), now - length * index)
        for index in range(alarm.get('EvaluationPeriods', 1))
    ]
    return [
        _breaches(alarm, [point for point in points if start < point['Timestamp'] <= end])
        for start, end in spans
    ]


def _breaches(alarm: dict, points: list[dict]) -> bool | None:
    if not points:
        return _MISSING.get(alarm.get('TreatMissingData', 'missing'))
    statistic = alarm.get('ExtendedStatistic') or alarm.get('Statistic') or 'Average'
    value: Any = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    if value is None:
        return None
    return _BREACHES[alarm['ComparisonOperator']](value, alarm.get('Threshold', 0))


def _state(alarm: dict, breaches: list[bool | None]) -> str:
    if breaches.count(True) >= (alarm.get('DatapointsToAlarm') or len(breaches)):
        return 'ALARM'
    if all(breach is None for breach in breaches):
        return (
            alarm['StateValue']
            if alarm.get('TreatMissingData') == 'ignore'
            else 'INSUFFICIENT_DATA'
        )
    return 'OK'
