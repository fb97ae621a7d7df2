import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../../protected-app/audit/schemas/event.ts';
import { describe as told, verify } from '../../../../../responders/evidence/verify.mjs';
import fc from '../../../../support/property.ts';
import { sampleEvent } from '../../../../support/protected-app/audit-events.ts';
import {
  proofFiles,
  type SealFiles,
  sealFiles,
  writeSeal,
} from '../../../../support/protected-app/seal-folder.ts';
import { faultsOf } from '../../../../support/responders/evidence/schemas.ts';
import { temp } from '../../../../support/temp.ts';

const eventsOf = (count: number): AuditEvent[] =>
  Array.from({ length: count }, (_, index) =>
    sampleEvent({ eventId: `event-${index}-of-${count}`, details: { row: index + 1 } }),
  );

const folder = temp('seals');
let written = 0;
const verified = (files: SealFiles, options: { copied?: boolean; proof?: boolean }) => {
  written += 1;
  return verify(writeSeal(join(folder, String(written)), files), options);
};

const rowsOf = (files: SealFiles): string[] =>
  String(files['events.ndjson']).replace(/\n$/, '').split('\n');
const withRows = (files: SealFiles, rows: readonly string[]): SealFiles => ({
  ...files,
  'events.ndjson': rows.map((row) => `${row}\n`).join(''),
});

it('is a folder that the verifier of evidence accepts, by the schema of its manifest', async () => {
  const files = sealFiles(eventsOf(7));

  const result = await verified(files, { copied: true });

  expect(result.findings).toEqual([]);
  expect(result).toMatchObject({ ok: true, incident: 'seal-00000001', objects: 3 });
  expect(faultsOf('manifest', JSON.parse(String(files['manifest.json'])))).toEqual([]);
});

it.each([3, 0])('has its gaps named by the verifier: %i events beside them', async (count) => {
  const gap = { what: 'event-gone', why: 'it was kept, and is no longer in the table' };
  const files = sealFiles(eventsOf(count), [gap, { what: 'event\u001b[2J', why: 'changed' }]);

  const result = await verified(files, { copied: true });

  expect(result.findings).toEqual([]);
  expect(result.gaps?.[0]).toEqual(gap);
  expect(told(result)).toContain(`GAP: event event-gone is not in it: ${gap.why}`);
  expect(told(result)).toContain('event\\u{1b}[2J');
  expect(faultsOf('manifest', JSON.parse(String(files['manifest.json'])))).toEqual([]);
});

interface RowChange {
  readonly words: string;
  readonly of: (rows: readonly string[], row: number, other: number) => readonly string[];
  /** What the verifier says about it, with the id of the event. */
  readonly says: (row: number, id: string) => RegExp;
}

const rowChanges: readonly RowChange[] = [
  {
    words: 'an event that was changed',
    of: (rows, row) =>
      rows.with(row, rows[row]?.replace('"succeeded"', '"refused"') ?? 'no such row'),
    says: (row, id) => new RegExp(`row ${row + 1} \\(${id}\\) was changed or added`),
  },
  {
    words: 'an event that was removed',
    of: (rows, row) => rows.toSpliced(row, 1),
    says: (_row, id) => new RegExp(`\\(${id}\\) is missing or was changed`),
  },
  {
    words: 'an event that is there twice',
    of: (rows, row) => rows.toSpliced(row, 0, rows[row] ?? ''),
    says: (row, id) => new RegExp(`row ${row + 2} \\(${id}\\) is there twice`),
  },
  {
    words: 'an event that was added',
    of: (rows, row) => rows.toSpliced(row, 0, JSON.stringify(sampleEvent({ eventId: 'forged-1' }))),
    says: (row) => new RegExp(`row ${row + 1} \\(forged-1\\) was changed or added`),
  },
  {
    words: 'two events that changed places',
    of: (rows, row, other) => rows.with(row, rows[other] ?? '').with(other, rows[row] ?? ''),
    says: () => /was moved: it was sealed as row \d+/,
  },
];

describe('names the row of', () => {
  it.each(rowChanges.map((change) => [change.words, change] as const))(
    '%s',
    async (_words, { of, says }) => {
      const cases = fc.integer({ min: 2, max: 40 }).chain((count) =>
        fc.record({
          count: fc.constant(count),
          row: fc.nat(count - 1),
          step: fc.integer({ min: 1, max: count - 1 }),
        }),
      );
      await fc.assert(
        fc.asyncProperty(cases, async ({ count, row, step }) => {
          const whole = sealFiles(eventsOf(count));
          const changed = withRows(whole, of(rowsOf(whole), row, (row + step) % count));

          const { ok, findings } = await verified(changed, { copied: true });

          const lines = findings.map(({ object, reason }) => `${object} ${reason}`).join('\n');
          expect(ok).toBe(false);
          expect(lines).toMatch(says(row, `event-${row}-of-${count}`));
        }),
        { numRuns: 50 },
      );
    },
  );
});

it('refuses every byte that was changed, in each of its files', async () => {
  const whole = sealFiles(eventsOf(5));
  const cases = fc.record({ path: fc.constantFrom(...Object.keys(whole)), where: fc.nat() });
  await fc.assert(
    fc.asyncProperty(cases, async ({ path, where }) => {
      const bytes = Buffer.from(whole[path] ?? '');
      bytes.writeUInt8((bytes[where % bytes.length] ?? 0) ^ 1, where % bytes.length);

      const { ok } = await verified({ ...whole, [path]: bytes }, { copied: true });

      expect(ok).toBe(false);
    }),
    { numRuns: 60 },
  );
});

it('refuses the files of two seals that were mixed', async () => {
  const [first, second] = [sealFiles(eventsOf(4)), sealFiles(eventsOf(5))];
  for (const path of ['events.ndjson', 'leaves.json', 'manifest.json', 'manifest.sig']) {
    const { ok } = await verified({ ...first, [path]: second[path] ?? '' }, { copied: true });
    expect(ok, path).toBe(false);
  }
});

describe('a proof of one event', () => {
  it('is accepted for every event of seals of any size', async () => {
    for (const count of [1, 2, 3, 5, 8, 13]) {
      const events = eventsOf(count);
      for (const index of events.keys()) {
        const result = await verified(proofFiles(events, index), { proof: true });
        expect(result.findings).toEqual([]);
        expect(told(result)).toContain(`VERIFIED event event-${index}-of-${count}, row`);
      }
    }
  });

  it('is accepted from a seal whose key lies beside an earlier one', async () => {
    const files = proofFiles(eventsOf(3), 1, { keyWasReplaced: true });
    expect(String(files['manifest.json'])).toContain('"insteadOf":"public-key.pem"');

    const result = await verified(files, { proof: true });

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({ ok: true, event: { id: 'event-1-of-3', row: 2 } });
  });

  it('is refused for another event, row or way, and where nobody asked for a proof', async () => {
    const events = eventsOf(6);
    const files = proofFiles(events, 2);
    const proof = String(files['proof.json']);
    const other = String(proofFiles(events, 3)['proof.json']);
    const wrong = [
      proof.replace('"succeeded"', '"refused"'),
      proof.replace('"row":3}', '"row":4}'),
      proof.replace('"row":3}', '"row":99}'),
      proof.replace(/"path":\["\w+",/, '"path":['),
      proof.replace(/"path":\[.*?\]/, '"path":[]'),
      other.replace('"row":4}', '"row":3}'),
      '{}',
      'null',
    ];
    for (const text of wrong)
      expect((await verified({ ...files, 'proof.json': text }, { proof: true })).ok, text).toBe(
        false,
      );
    expect((await verified(files, { copied: true })).ok).toBe(false);
    const beside = { ...sealFiles(events), ...files };
    expect((await verified(beside, { copied: true })).ok).toBe(false);
    expect((await verified(beside, { proof: true })).ok).toBe(false);
  });
});

it('refuses a tree of which the manifest says nothing that can be checked', async () => {
  const whole = sealFiles(eventsOf(2));
  for (const merkle of ['null', '{}', '{"events":2,"root":"abc"}', '[1]']) {
    const manifest = String(whole['manifest.json']).replace(
      /"merkle":\{[^}]*\}/,
      `"merkle":${merkle}`,
    );
    const { ok } = await verified({ ...whole, 'manifest.json': manifest }, { copied: true });
    expect(ok, merkle).toBe(false);
  }
});
