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
import { invocation } from '../entry-points.ts';
import { commandAndControl } from '../findings.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  id: 'shared-role-function',
  title: 'One function of a shared role is hijacked',
  story:
    'canary-culprit talks to a command-and-control server, and its session is used from ' +
    'outside as well. ' +
    'It shares its role with canary-neighbour, which is innocent and busy. ' +
    'Denying the role would stop both, so Cordon has to stop one function of a role: inside ' +
    'Lambda, and with its credentials carried away. ' +
    'The neighbour must not lose a single call, neither inside nor with its own credentials ' +
    'used outside.',
  techniques: [
    technique('T1648'),
    technique('T1071.001'),
    technique('T1078.004'),
    technique('T1087.004'),
    technique('T1530'),
  ],
  steps: [
    'canary-culprit and canary-neighbour are driven to leak the credentials of their ' +
      'sessions, both of one role',
    'both sessions are used from outside (4 times a second), and canary-neighbour is called ' +
      'all the time',
    'the finding Backdoor:Lambda/C&CActivity.B about canary-culprit is put on the drill bus',
    'while contained: the culprit’s session and the function are tried; nothing of the ' +
      'neighbour’s may fail',
    'the incident is released by the release role, and everything is tried again and ' +
      'compared with before, tags of the role included',
  ],
  workload: async (place) => {
    const { culprit, sharedRole } = canariesOf(place);
    return { functionName: culprit, roleName: sharedRole };
  },
  responders: [
    'contain.quarantine-function',
    'contain.pause-function',
    'contain.pause-event-sources',
    'contain.close-function-url',
  ],
  neededFunctions: async (place) => {
    const { culprit, neighbour } = canariesOf(place);
    return [culprit, neighbour];
  },
  targets: canaryTargets,

  attack: async ({ place, lambda, iam, now, addCleanup }) => {
    const began = new Date(now());
    const { culprit, neighbour, sharedRole, bucket, table } = canariesOf(place);
    const { account, region } = place;
    addCleanup('what the canaries and the attacker wrote', () =>
      deleteCanaryWrites(place, [culprit, neighbour]),
    );
    const session = async (name: string) => {
      await invoke(name, 'work', lambda);
      const access = { bucket, table, key: canaryKey(name), itemId: attackerItemId(name) };
      return attackerWith(place.withKeys(await leak(name, lambda)), access);
    };
    const [stolen, innocent] = [await session(culprit), await session(neighbour)];
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: sharedRole }));
    const partition = Role?.Arn?.split(':')[1];
    return {
      detail: commandAndControl({
        account,
        region,
        at: began,
        functionName: culprit,
        functionArn: `arn:${partition}:lambda:${region}:${account}:function:${culprit}`,
        roleArn: Role?.Arn ?? '',
      }),
      probes: [
        { name: `${culprit}’s session, s3:GetObject`, side: 'attacker', call: stolen.readObject },
        {
          name: `${culprit}’s session, dynamodb:PutItem`,
          side: 'attacker',
          call: stolen.writeItem,
        },
        { name: neighbour, side: 'bystander', call: () => invoke(neighbour, 'work', lambda) },
        {
          name: `${neighbour}’s session, s3:GetObject`,
          side: 'bystander',
          call: innocent.readObject,
        },
        {
          name: `${neighbour}’s session, dynamodb:PutItem`,
          side: 'bystander',
          call: innocent.writeItem,
        },
      ],
      entryPoints: [invocation(culprit, lambda)],
      discover: stolen.discover,
    };
  },

  checks: containmentChecks,
};
