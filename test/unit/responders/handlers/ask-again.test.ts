import { describe, expect, it } from 'vitest';
import { askAgain } from '../../../../responders/handlers/ask-again.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import type { IncidentState } from '../../../../responders/incident/incident.ts';
import type { QueuedNotice } from '../../../../responders/report/digest.ts';
import { everyCase } from '../../../support/game-day/case.ts';

const minute = 60_000;
const now = Date.parse('2026-11-21T16:00:00Z');

/** An incident that was asked about so many minutes ago, and first so many. */
const waiting = (asked: number, since: number, state: IncidentState = 'unanswered'): Case => {
  const { head, ...rest } = everyCase();
  const timeLimit = { askedAt: now - since * minute, endsAt: now, onTimeout: 'leave' } as const;
  const at = now - asked * minute;
  return {
    ...rest,
    head: { ...head, state, timeLimit },
    mails: [{ kind: 'ask', subject: 'x', at, round: head.round }],
  };
};

const asking = async (cases: readonly Case[], when: 'due' | 'now', topic: string | null = null) => {
  const [asked, others]: [QueuedNotice[], string[]] = [[], []];
  const forgotten: string[] = [];
  const result = await askAgain(cases, when, {
    rhythm: { remindMinutes: 60, escalateMinutes: 120, topic },
    now,
    noticeOf: ({ head: { id, round, state } }) => ({
      incident: id,
      kind: 'ask',
      round,
      at: now,
      subject: `Cordon DECISION NEEDED HIGH ${state}: ${id}`,
      body: 'State: open',
    }),
    forgetYeses: async (id, at) => void forgotten.push(`${id} ${at}`),
    askOthers: async (to, { subject }) => void others.push(`${to} ${subject}`),
    ask: async (notices) => void asked.push(...notices),
  });
  return { ...result, mails: asked.length, others, forgotten };
};

it.each([
  ['an hour ago', 60, 'unanswered', 1],
  ['59 minutes ago', 59, 'unanswered', 0],
  ['an hour ago, and waits with its token', 60, 'awaiting-approval', 1],
  ['an hour ago, and was left alone by a person', 60, 'notify-only', 0],
  ['an hour ago, and was contained', 60, 'contained', 0],
] as const)('what was asked %s is asked again: %i min, %s', async (_what, asked, state, mails) => {
  expect(await asking([waiting(asked, asked, state)], 'due')).toMatchObject({ mails });
});

it('what was never asked, because its mail failed, is asked', async () => {
  expect(await asking([{ ...waiting(1, 1), mails: [] }], 'due')).toMatchObject({ mails: 1 });
});

it('what has news is asked at once', async () => {
  expect(await asking([waiting(1, 1)], 'now')).toMatchObject({ mails: 1 });
});

it.each([
  ['two hours', 120, 1],
  ['less than two hours', 119, 0],
])('others are asked after %s', async (_what, since, escalated) => {
  const { others } = await asking([waiting(60, since)], 'due', 'arn:others');
  expect(others).toHaveLength(escalated);
});

it('many that wait are one mail to others', async () => {
  const { others, mails } = await asking(
    Array.from({ length: 50 }, () => waiting(60, 300)),
    'due',
    'arn:others',
  );
  expect([others.length, mails]).toEqual([1, 50]);
});

it('where there are no others, the security team is asked all the same', async () => {
  expect(await asking([waiting(60, 300)], 'due')).toMatchObject({ mails: 1, escalated: 0 });
});

describe('the first yes of two', () => {
  const withYes = (asked: number): Case => {
    const incident = waiting(asked, asked);
    const { round, finding } = incident.head;
    const { revisions } = finding;
    const yes = { by: 'anna', reason: 'x', person: 'AIDA', mark: '1', round, revisions };
    return { ...incident, head: { ...incident.head, yeses: [{ at: now - 1, ...yes }] } };
  };

  it('counts no more when the question is due and asked again', async () => {
    const { head } = withYes(60);
    expect((await asking([withYes(60)], 'due')).forgotten).toEqual([`${head.id} ${now}`]);
  });

  it('counts while a mail asks for the second', async () => {
    expect((await asking([withYes(0)], 'now')).forgotten).toEqual([]);
  });
});
