-- What was made or opened that lets a caller come back: users, roles, policies, keys, functions,
-- triggers, grants.
-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day (yyyy/mm/dd)
SELECT DISTINCT eventtime, useridentity.arn AS who, eventsource, eventname, awsregion,
  sourceipaddress, requestparameters, eventid
FROM cloudtrail
WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?
  AND coalesce(errorcode, '') = ''
  AND (
    (eventsource = 'iam.amazonaws.com' AND (
      regexp_like(eventname, '^(Create|Put|Attach|Upload|AddUserToGroup|SetDefaultPolicyVersion)')
      OR regexp_like(eventname, '^Update(AssumeRolePolicy|LoginProfile|SAML|OpenID)')
    ))
    OR (eventsource = 'lambda.amazonaws.com' AND (
      regexp_like(eventname, '^(Create|Publish|AddPermission|AddLayerVersionPermission)')
      OR regexp_like(eventname, '^Update(Function|Alias|EventSourceMapping)')
    ))
    OR eventname IN ('CreateGrant', 'PutKeyPolicy', 'PutBucketPolicy', 'PutBucketAcl',
      'CreateKeyPair', 'ImportKeyPair', 'PutResourcePolicy',
      'AuthorizeSecurityGroupIngress', 'ModifySnapshotAttribute', 'ModifyImageAttribute',
      'CreateTrustAnchor', 'PutRule', 'PutTargets')
  )
ORDER BY eventtime, eventid
LIMIT 5000
