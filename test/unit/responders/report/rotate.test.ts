import { expect, it } from 'vitest';
import type { Case } from '../../../../responders/incident/case.ts';
import type { Action } from '../../../../responders/incident/incident.ts';
import { rotate } from '../../../../responders/report/rotate.ts';
import { aCase, place } from '../../../support/responders/report/samples.ts';

const steps = (incident: Case, documents: ReadonlyMap<string, unknown> = new Map()) =>
  rotate(
    {
      ...{ incident, version: 1, place, timeline: { ok: false, why: '' } },
      ...{ documents, previous: null, now: 0 },
    },
    (value) => String(value),
  );

/** An incident with a user and a second function beside its first. */
const ofSeveral = async (): Promise<Case> => {
  const incident = await aCase();
  const bills = { kind: 'function', functionName: 'bills', roleName: 'bills-role' } as const;
  return {
    ...incident,
    head: {
      ...incident.head,
      suspects: [
        { ...bills, sharing: 'sole' },
        { kind: 'user', userName: 'deploy' },
      ],
    },
  };
};

it('the keys of every suspect that is a user are rotated', async () => {
  const found = steps(await ofSeveral());
  expect(found.map(({ what }) => what)).toEqual([
    'access keys of user deploy',
    'user deploy: password, MFA devices and other keys',
  ]);
  expect(found[0]?.why).toBe(
    'the incident is about its user, and it works until it is set inactive',
  );
});

it('a key that Cordon has set inactive is said to be, and what a release does to it', async () => {
  const incident = await ofSeveral();
  const action: Action = {
    ...{ responder: 'contain.deactivate-access-keys', target: 'deploy' },
    ...{ outcome: 'contained', acceptedMs: 1, effectiveMs: 2 },
  };
  const [key] = steps({ ...incident, actions: [...incident.actions, action] });
  expect(key?.why).toContain('Cordon has set it inactive, and a release sets it active again');
  expect(key?.how).not.toContain('Set it inactive');
  const released: Action = { ...action, outcome: 'released' };
  const [after] = steps({ ...incident, actions: [...incident.actions, released] });
  expect(after?.why).toContain('it works until it is set inactive');
});

it('the environment of a second function is rotated, and both functions are named', async () => {
  const documents = new Map([
    ['suspects/2/function/environment-names.json', [{ name: 'DB_PASSWORD' }]],
  ]);
  const found = steps(await ofSeveral(), documents);
  expect(found.find(({ what }) => what === 'environment variable DB_PASSWORD')?.why).toBe(
    'code in orders or bills could read it, and no log would show that',
  );
});

it('what every suspect could read is rotated, and it is said who could', async () => {
  const allowing = (action: string, Resource: string) => ({
    answer: { document: { Statement: { Effect: 'Allow', Action: action, Resource } } },
  });
  const documents = new Map<string, unknown>([
    ['role/inline/1.json', allowing('ssm:GetParameter', 'first')],
    ['suspects/2/role/inline/1.json', allowing('secretsmanager:GetSecretValue', 'second')],
    ['suspects/3/user/inline/1.json', allowing('ssm:GetParameter', 'third')],
  ]);
  const found = steps(await ofSeveral(), documents).filter(({ why }) => why.includes('could read'));
  expect(found.map(({ what, why }) => [what, why])).toEqual([
    ['parameter first', 'the role could read it; CloudTrail shows no read so far'],
    ['secret second', 'role bills-role could read it; CloudTrail shows no read so far'],
    ['parameter third', 'user deploy could read it; CloudTrail shows no read so far'],
  ]);
});
