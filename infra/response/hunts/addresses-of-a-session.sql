-- From where, with which program and which key a session was used. Two places at the same time are
-- a sign of theft.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), ARN of the session
SELECT sourceipaddress, useragent, useridentity.accesskeyid AS access_key, awsregion,
  count(DISTINCT eventid) AS calls,
  min(eventtime) AS first_call, max(eventtime) AS last_call
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND useridentity.arn = ?
GROUP BY 1, 2, 3, 4
ORDER BY 6, 1, 2, 3, 4
LIMIT 1000
