-- Who called from an address, and what.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day
-- (yyyy/mm/dd), the address
SELECT useridentity.arn AS who, useridentity.accesskeyid AS access_key, eventsource, eventname,
  count(DISTINCT eventid) AS calls,
  count(DISTINCT CASE WHEN coalesce(errorcode, '') <> '' THEN eventid END) AS failed,
  min(eventtime) AS first_call, max(eventtime) AS last_call
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND sourceipaddress = ?
GROUP BY 1, 2, 3, 4
ORDER BY 7, 1, 3, 4
LIMIT 5000
