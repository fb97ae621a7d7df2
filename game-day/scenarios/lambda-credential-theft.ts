import { GetRoleCommand } from '@aws-sdk/client-iam';
import { technique } from '../../responders/shared/attack-techniques.ts';
import { attackerWith, invoke, leak } from '../attacker.ts';
import {
  attackerItemId,
  canariesOf,
  canaryKey,
  canaryTargets,
  deleteCanaryWrites,
} from '../canaries.ts';
import { containmentChecks } from '../checks.ts';
import { invocation, publicUrl, queue } from '../entry-points.ts';
import { credentialExfiltration } from '../findings.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  id: 'lambda-credential-theft',
  title: 'An attacker replays the session of a Lambda function',
  story:
    'A debug endpoint of canary-solo prints its environment, and with it the credentials of ' +
    'its role. ' +
    'An attacker carries them away and reads a bucket and writes a table with them, four times a ' +
    'second, from his own machine. ' +
    'GuardDuty notices that credentials made for a function are used outside of AWS. ' +
    'Cordon has to shut out the attacker and stop the function, and nobody else. ' +
    'When the hole is closed, everything is put back as it was.',
  techniques: [
    technique('T1552'),
    technique('T1078.004'),
    technique('T1550.001'),
    technique('T1087.004'),
    technique('T1530'),
  ],
  steps: [
    'canary-solo is driven to leak the credentials of its session',
    'the attacker uses these credentials: reads an object and writes an item (4 times a second), ' +
      'and calls sts:GetCallerIdentity and iam:ListRoles',
    'the finding UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS is put ' +
      'on the drill bus',
    'while contained: the session, the function, its public URL and its queue are tried; ' +
      'canary-neighbour is called all the time',
    'the incident is released by the release role, and everything is tried again and ' +
      'compared with before',
  ],
  workload: async (place) => {
    const { solo, soloRole } = canariesOf(place);
    return { functionName: solo, roleName: soloRole };
  },
  responders: [
    'contain.quarantine-role',
    'contain.pause-function',
    'contain.pause-event-sources',
    'contain.close-function-url',
  ],
  neededFunctions: async (place) => {
    const { solo, neighbour } = canariesOf(place);
    return [solo, neighbour];
  },
  targets: canaryTargets,

  attack: async ({ place, lambda, sqs, iam, now, addCleanup }) => {
    const began = new Date(now());
    const { solo, soloRole, neighbour, bucket, table, queueUrl, url } = canariesOf(place);
    addCleanup('what the canaries and the attacker wrote', () =>
      deleteCanaryWrites(place, [solo, neighbour]),
    );
    await invoke(solo, 'work', lambda); // writes the object that the attacker will read
    const keys = await leak(solo, lambda);
    const { readObject, writeItem, discover } = attackerWith(place.withKeys(keys), {
      bucket,
      table,
      key: canaryKey(solo),
      itemId: attackerItemId(solo),
    });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: soloRole }));
    return {
      detail: credentialExfiltration({
        account: place.account,
        region: place.region,
        at: began,
        accessKeyId: keys.accessKeyId,
        roleId: Role?.RoleId ?? '',
        roleName: soloRole,
        functionName: solo,
      }),
      probes: [
        { name: 'stolen session, s3:GetObject', side: 'attacker', call: readObject },
        { name: 'stolen session, dynamodb:PutItem', side: 'attacker', call: writeItem },
        { name: neighbour, side: 'bystander', call: () => invoke(neighbour, 'work', lambda) },
      ],
      entryPoints: [invocation(solo, lambda), publicUrl(url, place), queue(queueUrl, sqs)],
      discover,
    };
  },

  checks: containmentChecks,
};
