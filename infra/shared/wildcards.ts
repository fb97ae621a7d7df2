/**
 * Why a grant of responders/ cannot name its resources more narrowly. A wildcard that is not in
 * here fails the synth.
 */
export const wildcardReasons: Readonly<Record<string, string>> = {
  'lambda:function:*':
    'Any function of the account may turn out to be compromised; Cordon’s own and the exempt ' +
    'ones are denied explicitly.',
  'lambda:event-source-mapping:*':
    'A mapping has a random id that is known only when its function is; mappings are paused, ' +
    'never deleted.',
  'events:rule/*':
    'CloudFormation makes up the names of rules, and a policy that named them would depend on ' +
    'them in a circle; rules are read only.',
  'cloudformation:${stack}':
    'CloudFormation makes up the last part of a stack’s ARN; the name before it is this stack’s.',
  'iam:role/*':
    'Any role of the account may turn out to be compromised; Cordon’s own, AWS’s and the ' +
    'exempt ones are denied explicitly.',
  'iam:user/*':
    'Any user of the account may turn out to be compromised; the exempt ones are denied ' +
    'explicitly.',
  'iam:policy/*': 'A role or user may have any policy of the account; they are read only.',
  'iam:${awsPolicies}':
    'A role or user may have any policy that AWS manages; they are read only, and the same in ' +
    'every account.',
  'lambda:${anyLayer}':
    'A function may use a layer of another account; layers are read only, and their owner ' +
    'decides about it too.',
  'guardduty:detector/*':
    'The detector is that of the finding, which may be older than Cordon; findings are read only.',
  'sqs:?*':
    'Any queue of the account may feed a function of a finding; only its attributes are read, ' +
    'for a question.',
  'logs:log-group:*':
    'The log group to read is that of the function in the finding, which is not known before.',
  's3:${trailBucket}/*':
    'Athena reads the trail’s files of the days of an incident; files can be read, none written.',
  's3:${queryResults}/*':
    'Athena names its answers itself; they are copies of the trail and expire.',
  's3:${bucket}/incidents/*/custody/*':
    'An incident’s folder is named when a finding arrives; nothing but its custody can be written.',
  's3:${bucket}/incidents/*/manifest.json':
    'An incident’s folder is named when a finding arrives; of it only the manifest can be read.',
  's3:${bucket}/incidents/*/manifest.sig':
    'An incident’s folder is named when a finding arrives; ' +
    'the signature shows whose its manifest is.',
  's3:${bucket}/incidents/*':
    'Evidence keys hold the date and the incident, which are made when a finding arrives; ' +
    'nothing outside incidents/ can be written.',
};

/**
 * For what every function does: calls that the service authorization reference lists without
 * resource types.
 */
export const noResources =
  'X-Ray, the metrics of CloudWatch, and the list and lookup calls of Lambda, GuardDuty and ' +
  'CloudTrail, know no resources that a policy could name.';
