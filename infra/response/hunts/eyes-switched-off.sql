-- Calls that stopped or changed trails, detectors, rules, logs and alarms.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day (yyyy/mm/dd)
SELECT DISTINCT eventtime, useridentity.arn AS who, eventsource, eventname, awsregion,
  sourceipaddress, errorcode, requestparameters, eventid
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND (
    (eventsource = 'cloudtrail.amazonaws.com'
      AND regexp_like(eventname, '^(Stop|Delete|Update|PutEventSelectors)'))
    OR (eventsource = 'guardduty.amazonaws.com' AND (
      regexp_like(eventname, '^(Delete|Disassociate|Stop)')
      OR regexp_like(eventname, '^Update(Detector|Filter|IPSet|TrustedEntitySet)')
      OR regexp_like(eventname, '^Create(Filter|IPSet|TrustedEntitySet)')
    ))
    OR (eventsource = 'events.amazonaws.com'
      AND eventname IN ('DisableRule', 'DeleteRule', 'RemoveTargets', 'PutRule'))
    OR eventname IN ('DeleteFlowLogs', 'DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy',
      'StopConfigurationRecorder', 'DeleteConfigurationRecorder', 'DisableSecurityHub',
      'DeleteAlarms', 'DisableAlarmActions', 'ScheduleKeyDeletion', 'PutBucketLifecycle')
  )
ORDER BY eventtime, eventid
LIMIT 5000
