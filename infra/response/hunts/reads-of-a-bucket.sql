-- Who read what in a bucket, the evidence bucket for instance. Only where its data events are
-- recorded.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), name of the bucket
SELECT DISTINCT eventtime, useridentity.arn AS who, eventname,
  json_extract_scalar(requestparameters, '$.key') AS object,
  sourceipaddress, useragent, errorcode, eventid
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND eventsource = 's3.amazonaws.com' AND eventcategory = 'Data' AND readonly = 'true'
  AND json_extract_scalar(requestparameters, '$.bucketName') = ?
ORDER BY eventtime, eventid
LIMIT 10000
