-- Which roles a session took, and which those took.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), ARN of the session (arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION)
WITH hops AS (
  SELECT DISTINCT eventtime, useridentity.arn AS who, useridentity.accesskeyid AS with_key,
    eventname, json_extract_scalar(requestparameters, '$.roleArn') AS role,
    json_extract_scalar(responseelements, '$.assumedRoleUser.arn') AS became,
    json_extract_scalar(responseelements, '$.credentials.accessKeyId') AS got_key,
    sourceipaddress, errorcode, eventid
  FROM cloudtrail
  WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
    AND eventsource = 'sts.amazonaws.com' AND eventname LIKE 'AssumeRole%'
),
own AS (
  SELECT eventtime, who, with_key, role, became, got_key, sourceipaddress, errorcode, eventid
  FROM hops
  WHERE who = ?
)
SELECT 1 AS hop, eventtime, who, role, became, got_key, sourceipaddress, errorcode, eventid FROM own
UNION ALL
SELECT 2 AS hop, hops.eventtime, hops.who, hops.role, hops.became, hops.got_key,
  hops.sourceipaddress, hops.errorcode, hops.eventid
FROM hops JOIN own ON hops.with_key = own.got_key
ORDER BY hop, eventtime, eventid
LIMIT 1000
