// What the tamper watch tells of the intruder's attempts, and what the mails say of an incident.
import { expect } from 'vitest';
import { type ReceivedMail, readInbox } from '../../../local/inbox.ts';
import { until } from '../../../operator/wait.ts';
import { toldTampering } from '../../../responders/incident/own-state.ts';
import { type Desk, mailsWith } from './case.ts';

export const mailsAbout = ({ cordon }: Desk, id: string): readonly ReceivedMail[] =>
  readInbox(cordon.engine.runDir).filter(({ subject, body }) => `${subject}\n${body}`.includes(id));

/**
 * Once the case table holds each of these calls (`lambda:DeleteFunction`) of the intruder, none of
 * them was done, and a mail names the intruder.
 */
export const expectTold = async (
  desk: Desk,
  name: string,
  actions: readonly string[],
): Promise<void> => {
  const caller = `assumed-role/${name}/intruder`;
  let missing: readonly string[] = actions;
  const told = await until(
    async () => {
      const calls = await toldTampering(desk.table, 1_000);
      const theirs = calls.filter(({ caller: by }) => by.includes(caller));
      missing = actions.filter((action) => !theirs.some(({ call }) => call === action));
      return missing.length === 0 ? theirs : undefined;
    },
    {
      within: 120_000,
      every: 300,
      timeoutMessage: () => `not told of ${caller}: ${missing.join(', ')}`,
    },
  );
  expect(told.filter(({ result }) => result === 'done')).toEqual([]);
  await mailsWith(desk, 'attacked in vain', caller);
};
