-- Who signed in to the console without MFA. Federated sign-ins always say so: their MFA is the
-- identity provider's.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day (yyyy/mm/dd)
SELECT DISTINCT eventtime, useridentity.type AS kind, useridentity.arn AS who, awsregion,
  sourceipaddress, useragent,
  json_extract_scalar(responseelements, '$.ConsoleLogin') AS outcome, eventid
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND eventsource = 'signin.amazonaws.com' AND eventname = 'ConsoleLogin'
  AND json_extract_scalar(additionaleventdata, '$.MFAUsed') = 'No'
ORDER BY eventtime, eventid
LIMIT 1000
