// An incident on the shared engine, with a workload of its own, for what an intruder tries on it.
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { type ReceivedMail, readInbox } from '../../../local/inbox.ts';
import { localPlace } from '../../../local/place.ts';
import { caseTable } from '../../../operator/cases.ts';
import { injectEvent } from '../../../operator/inject.ts';
import type { Place } from '../../../operator/place.ts';
import { until } from '../../../operator/wait.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import type { Table } from '../../../responders/incident/table.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import type { Deployed } from '../../support/engine/deployed.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';

export interface Desk {
  readonly cordon: Deployed;
  readonly place: Place;
  readonly table: Table;
}

/** A deployment, as the people work with it. */
export const deskOf = async (cordon: Deployed): Promise<Desk> => {
  const place = localPlace({ ...cordon.engine, account: ACCOUNT, region: REGION, ...cordon });
  return { cordon, place, table: await caseTable(place) };
};

export const awaited = (
  { table }: Desk,
  id: string,
  what: string,
  holds: (incident: Case) => boolean,
): Promise<Case> =>
  until(
    async () => {
      const incident = await readCase(table, id);
      return holds(incident) ? incident : undefined;
    },
    { within: 120_000, every: 200, timeoutMessage: `${id} was not ${what} within 120 s` },
  );

/** The mails that hold a text, once there are some. */
export const mailsWith = (
  { cordon }: Desk,
  ...texts: readonly string[]
): Promise<readonly ReceivedMail[]> =>
  until(
    async () => {
      const mails = readInbox(cordon.engine.runDir).filter(({ subject, body }) =>
        texts.every((text) => `${subject}\n${body}`.includes(text)),
      );
      return mails.length > 0 ? mails : undefined;
    },
    { within: 120_000, every: 200, timeoutMessage: `no mail with ${texts.join(', ')}` },
  );

/** A finding of GuardDuty about a new function; a critical one is asked about first. */
export const incidentAbout = async (
  desk: Desk,
  functionName: string,
  tags: Readonly<Record<string, string>> = {},
  over: { readonly type?: string } = {},
): Promise<{ readonly id: string; readonly roleName: string; readonly detail: object }> => {
  const roleName = `${functionName}-role`;
  const roleArn = await makeRole(desk.cordon, roleName);
  await makeFunction(desk.cordon, functionName, roleArn, { tags });
  const id = randomUUID().replaceAll('-', '');
  const detail = { ...findingAbout({ functionName, roleName, roleArn }, id), ...over };
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  return { id: injected.incident.head.id, roleName, detail };
};
