-- Bursts of denied calls: ten or more of one caller within a minute.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day (yyyy/mm/dd)
SELECT useridentity.arn AS who, useridentity.accesskeyid AS access_key,
  substr(eventtime, 1, 16) AS in_minute, count(DISTINCT eventid) AS denied,
  count(DISTINCT concat(eventsource, ' ', eventname)) AS different_calls,
  min(sourceipaddress) AS one_address, count(DISTINCT sourceipaddress) AS addresses
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND regexp_like(errorcode, 'AccessDenied|Unauthorized')
GROUP BY 1, 2, 3
HAVING count(DISTINCT eventid) >= 10
ORDER BY 4 DESC, 3, 1
LIMIT 1000
