// Questions about workloads, and what people answer to them over HTTP.
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { until } from '../../../operator/wait.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { textAt } from '../../../responders/shared/json.ts';
import type { Deployed } from '../../support/engine/deployed.ts';
import { awaited, incidentAbout } from '../intruder/case.ts';
import { clientsOf } from '../intruder/clients.ts';
import type { ConsoleAnswer, ConsoleDesk } from './desk.ts';

export const lookAt = (desk: ConsoleDesk, id: string): Promise<Case> =>
  awaited(desk, id, 'there', () => true);

/** An incident about a critical function, once the question about it has been mailed. */
export const askedAbout = async (desk: ConsoleDesk, name: string) => {
  const made = await incidentAbout(desk, name, { 'cordon:tier': 'critical' });
  await awaited(desk, made.id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  return made;
};

export const digestAt = async (desk: ConsoleDesk, path: string, token: string): Promise<string> =>
  textAt((await desk.call('GET', path, { token })).json, 'digest') ?? '';

export const questionAt = (desk: ConsoleDesk, id: string, token: string): Promise<string> =>
  digestAt(desk, `/incidents/${id}/question`, token);

interface GivenAnswer {
  readonly token: string | null;
  readonly digest: string;
  readonly decision?: 'contain' | 'leave';
}

export const answerTo = (
  desk: ConsoleDesk,
  id: string,
  { token, digest, decision = 'contain' }: GivenAnswer,
): Promise<ConsoleAnswer> =>
  desk.call('POST', `/incidents/${id}/answer`, {
    token,
    body: { digest, decision, reason: 'it is real' },
  });

export const isDenied = async (cordon: Deployed, RoleName: string): Promise<boolean> => {
  const { iam } = clientsOf(cordon);
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  return AttachedPolicies.some(({ PolicyName = '' }) => PolicyName.startsWith('CordonQuarantine'));
};

/** What a refusal says. */
export const said = ({ json }: ConsoleAnswer): string => textAt(json, 'detail') ?? '';

/** Waits until CloudTrail has these calls of a person; all that it has name the person. */
export const callsOf = async (
  cordon: Deployed,
  person: string,
  names: readonly string[],
): Promise<void> => {
  const events = await until(
    async () => {
      const { Events = [] } = await clientsOf(cordon).cloudtrail.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: person }],
        }),
      );
      const called = Events.map(({ EventName }) => EventName);
      return names.every((name) => called.includes(name)) ? Events : undefined;
    },
    { within: 60_000, timeoutMessage: `CloudTrail does not know what ${person} did` },
  );
  const identity = 'userIdentity.sessionContext.sourceIdentity';
  for (const { CloudTrailEvent = '{}' } of events)
    expect(textAt(JSON.parse(CloudTrailEvent), identity)).toBe(person);
};
