import { describe, expect, it } from 'vitest';
import { readArrival } from '../../../../responders/contain/unreadable.ts';
import { region } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';

describe('an event that cannot be read', () => {
  const told = (event: unknown) => {
    const arrival = readArrival({ event, execution: 'e', drill: false }, fakeDeps().deps);
    if (!('finding' in arrival)) throw new Error('it was read');
    return arrival;
  };

  it.each([
    [{ severity: 5, title: 'T', type: 'Y' }, 5, 'T'],
    [{ severity: 10, type: 'Y' }, 10, 'Y'],
    [{ severity: 0 }, 0, ''],
    [{ severity: 11 }, 0, ''],
    [{ severity: -1 }, 0, ''],
    [{ severity: '5' }, 0, ''],
  ])('is told with severity and title, where these can: %j', (detail, severity, title) => {
    const nothing = 'An event that is not a readable GuardDuty finding';
    expect(told({ detail })).toMatchObject({
      finding: {
        severity,
        title: title === '' ? nothing : `${nothing}: ${title}`,
        ...{ type: 'unreadable', account: '111122223333', region, partition: 'aws' },
        ...{ sample: false, archived: false, drill: false, detectorId: null },
        ...{ firstSeen: null, lastSeen: null, eventAt: null, resourceType: 'unknown' },
      },
      decision: { kind: 'notify', reason: expect.stringMatching(/^the finding cannot be read: /) },
      suspect: null,
      readings: [],
    });
  });

  it('has an id of its own for each text, also where there is none', () => {
    const ids = [undefined, null, {}, { a: 1 }].map((event) => told(event).finding.id);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^unreadable-[0-9a-f]{32}$/);
    expect(told({ a: 1 }).finding.id).toBe(ids[3]);
  });
});
