import { describe, expect, it } from 'vitest';
import { csvText } from '../../../../console/pages/src/parts/csv.ts';
import { pastedFinding } from '../../../../console/pages/src/policy/pasted.ts';
import fc from '../../../support/property.ts';

/** Reads CSV as RFC 4180 writes it, so that the writer is not its own judge. */
const fieldsIn = (csv: string): string[][] =>
  [...csv.matchAll(/(?:^|(,)|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].reduce<string[][]>(
    (rows, [, comma, quoted, plain = '']) => {
      const field = quoted === undefined ? plain : quoted.replaceAll('""', '"');
      if (comma === undefined) rows.push([field]);
      else rows.at(-1)?.push(field);
      return rows;
    },
    [],
  );

describe('a table as CSV', () => {
  it('has every field as it was, and none that a sheet would run', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 })), (rows) => {
        const [head, ...read] = fieldsIn(csvText(['left', 'right'], rows));
        expect(head).toEqual(['left', 'right']);
        expect(
          read.map((row) => row.map((field) => field.replace(/^'(?='*\s*[=+\-@\t\r\n|%])/, ''))),
        ).toEqual(rows);
        for (const field of read.flat()) expect(field).not.toMatch(/^\s*[=+\-@\t\r\n|%]/);
      }),
    );
  });
});

describe('a finding that was pasted', () => {
  it('is an object, and nothing else', () => {
    expect(pastedFinding(' {"detail": {}} ')).toEqual({ finding: { detail: {} } });
    for (const wrong of ['', '  ', '[]', 'null', '"text"', '{', 'x'.repeat(300_000)])
      expect([wrong.slice(0, 9), pastedFinding(wrong)]).toEqual([
        wrong.slice(0, 9),
        { wrong: expect.stringMatching(/^[A-Z].*\.$/) },
      ]);
  });
});
