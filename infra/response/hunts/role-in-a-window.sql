-- Everything that a role (or user) did, call by call.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), ARN of the role or user, from, to (yyyy-mm-ddThh:mm:ssZ)
SELECT DISTINCT eventtime, useridentity.arn AS who, useridentity.accesskeyid AS access_key,
  eventsource, eventname, awsregion,
  sourceipaddress, useragent, errorcode, requestparameters, eventid
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn) = ?
  AND eventtime BETWEEN ? AND ?
ORDER BY eventtime, eventid
LIMIT 10000
