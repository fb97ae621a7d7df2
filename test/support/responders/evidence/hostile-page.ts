// An incident in which everything that an attacker can name is named to hurt a page.
import { incidentPage, type PageOf } from '../../../../responders/evidence/page.ts';
import { aCase } from '../../fakes/sources.ts';

const attack = '"><script>alert(1)</script><img src=x onerror=alert(2)><b>\u202e%2e%2e/\r\nаdmin';

export const hostile = {
  attack,
  shown:
    '"><script>alert(1)</script><img src=x onerror=alert(2)><b>\\u{202e}%2e%2e/\\u{d}\\u{a}аdmin', // a letter of another alphabet stays: text in any language does
};

const object = (path: string, collector: string) => ({
  path,
  bytes: 123_456,
  sha256: 'ab'.repeat(32),
  versionId: 'v1',
  source: 'lambda:GetFunction',
  requestId: null,
  collector,
  startedAt: '2026-11-21T10:00:08.000Z',
  endedAt: '2026-11-21T10:00:09.000Z',
  taken: 'after containment' as const,
  retainUntil: '2027-02-19T00:00:00.000Z',
});

export const hostileOf = (): PageOf => {
  const found = aCase({
    drill: true,
    suspect: { kind: 'function', functionName: 'orders', roleName: 'orders-role', sharing: 'sole' },
  });
  const finding = { ...found.head.finding, title: attack, type: attack };
  return {
    incident: { ...found, head: { ...found.head, finding } },
    account: '111122223333',
    region: 'eu-west-1',
    createdAt: '2026-11-21T10:16:00.000Z',
    objects: [
      object('findings/1.json', 'collect.finding'),
      object('function/code.zip', 'collect.function-code'),
      object('report/v1.txt', 'cordon'),
    ],
    gaps: [
      { collector: 'collect.layers', what: `layer ${attack}`, why: `AccessDenied: ${attack}` },
      { what: 'x'.repeat(5_000), why: 'y'.repeat(5_000) },
    ],
    variables: [{ version: '$LATEST', name: attack, keyedHash: '0123456789abcdef' }],
    publicKey: { pem: '', sha256: 'cd'.repeat(32) },
    titles: new Map([['collect.finding', 'The finding, every revision as it arrived']]),
  };
};

export const hostileIncident = (): string => incidentPage(hostileOf());

/** Rows of an index as its objects say them. */
export const someRows = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const incident = `inc-20261121-${String(index).padStart(8, '0')}`;
    const sealed =
      index % 7 === 3
        ? null
        : { sequence: index + 1, sha256: 'ab'.repeat(32), objects: 44, bytes: 1_234_567, gaps: 3 };
    const entry = {
      incident,
      round: 1,
      folder: `incidents/2026/11/21/${incident}/`,
      openedAt: '2026-11-21T10:00:06.000Z',
      type: index === 0 ? attack : 'Backdoor:Lambda/C&CActivity.B',
      severity: '8',
      drill: index % 2 === 0,
      about: index === 0 ? attack : 'orders, orders-role',
      state: 'contained',
      sealed,
    };
    return { name: incident, entry, sealed: sealed !== null };
  });
