-- Who changed a function: its code, settings, permissions, URL, triggers.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), name of the function, its ARN
SELECT DISTINCT eventtime, useridentity.arn AS who, eventname, sourceipaddress, errorcode,
  requestparameters, eventid
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND eventsource = 'lambda.amazonaws.com' AND readonly = 'false' AND eventname <> 'Invoke'
  AND json_extract_scalar(requestparameters, '$.functionName') IN (?, ?)
ORDER BY eventtime, eventid
LIMIT 5000
