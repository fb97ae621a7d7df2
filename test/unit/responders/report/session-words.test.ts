import { describe, expect, it } from 'vitest';
import { earlierSessionsText } from '../../../../responders/report/session-words.ts';
import { aCase } from '../../../support/responders/report/samples.ts';

const until = Date.parse('2026-11-21T22:00:00Z');
const seen = {
  by: [],
  addresses: [],
  userAgents: [],
  reached: [],
  resources: 0,
  dataEvents: true,
};

const textOf = async (
  denied: boolean,
  keys: { readonly finding?: string; readonly timeline?: readonly string[] } = {},
) => {
  const { head } = await aCase();
  const release = { at: 1, by: 'anna', reason: 'clean', sessions: { denied, until } };
  const attacker = {
    addresses: [],
    userAgents: [],
    ...head.attacker,
    ...(keys.finding && { keyEnd: keys.finding }),
  };
  return earlierSessionsText(
    {
      ...{ suspect: head.suspect, release, attacker },
      ...(keys.timeline && { seen: { ...seen, keyEnds: keys.timeline } }),
    },
    'Europe/Berlin',
  );
};

describe('what is said of the sessions from before a release', () => {
  it('says whether they work again, and until when', async () => {
    expect(await textOf(true)).toBe(
      'Sessions of orders from before the release stay denied; the last expires at ' +
        '2026-11-21 22:00:00 UTC (23:00:00 UTC+01:00).',
    );
    expect(await textOf(false)).toBe(
      'Sessions of orders from before the release WORK AGAIN until they expire, stolen ones too; ' +
        'the last at 2026-11-21 22:00:00 UTC (23:00:00 UTC+01:00).',
    );
  });

  it('names each key that was seen in foreign hands once, by its end', async () => {
    const text = await textOf(false, { finding: 'WXYZ', timeline: ['ABCD', 'WXYZ'] });
    expect(text).toMatch(/ Seen in foreign hands: keys ending WXYZ, ABCD\.$/);
    expect(await textOf(true, { timeline: ['ABCD'] })).toContain('keys ending ABCD.');
    expect(await textOf(true, { timeline: [] })).not.toContain('foreign hands');
  });
});
