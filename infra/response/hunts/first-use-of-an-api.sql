-- What a role (or user) never called before. Take 14 to 30 days; new is what began in the last of
-- them.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), ARN of the role or user, since when a call counts as new (yyyy-mm-ddThh:mm:ssZ)
SELECT eventsource, eventname, awsregion, min(eventtime) AS first_call,
  count(DISTINCT eventid) AS calls, min(errorcode) AS one_error
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn) = ?
GROUP BY 1, 2, 3
HAVING min(eventtime) >= ?
ORDER BY 4, 1, 2, 3
LIMIT 5000
