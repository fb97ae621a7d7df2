import { afterEach, describe, expect, it, vi } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { serve } from '../../../../responders/handlers/environment.ts';
import { BusyError, EdgeError } from '../../../../responders/shared/errors.ts';
import { jsonLog } from '../../../../responders/shared/log.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import fc from '../../../support/property.ts';
import { evil, evilText } from '../../../support/responders/report/samples.ts';

const logging = () => {
  const lines: string[] = [];
  return { lines, log: jsonLog((line) => void lines.push(line), maskWith('test')) };
};

/** One line to every reader: to a terminal, to a spreadsheet, to Python's splitlines. */
const isOneLine = (line: string): void => {
  expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(line.length).toBeLessThanOrEqual(70_000);
  expect(JSON.parse(line)).toMatchObject({ at: expect.any(String), message: expect.any(String) });
};

describe('a log line', () => {
  it('is one JSON line of bounded length, whatever stands in its fields and in their names', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          evilText,
          fc.oneof(evilText, fc.array(evilText), fc.dictionary(evilText, evilText)),
        ),
        (fields) => {
          const { lines, log } = logging();
          log('said', fields);
          expect(lines).toHaveLength(1);
          isOneLine(lines[0] ?? '');
          expect(Object.hasOwn(Object.prototype, 'said')).toBe(false);
        },
      ),
    );
  });

  it('is bounded where many fields are long', () => {
    const { lines, log } = logging();
    log(
      'said',
      Object.fromEntries(
        Array.from({ length: 1_000 }, (_none, at) => [`f${at}`, '\u202E'.repeat(100_000)]),
      ),
    );
    isOneLine(lines[0] ?? '');
  });

  it('says what it was told, without secrets', () => {
    const { lines, log } = logging();
    log('said', {
      why: 'password=hunter2hunter2',
      many: 3,
      list: ['ok', { token: 'abcdefgh' }],
      none: null,
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'said', many: 3, none: null });
    expect(lines[0]).not.toMatch(/hunter2|abcdefgh/);
  });
});

type Path = readonly (string | number)[];
const pathsOf = (value: unknown, path: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))];

const withAt = (value: unknown, [key, ...rest]: Path, text: string): unknown =>
  key === undefined
    ? text
    : Object.assign(Array.isArray(value) ? [...value] : { ...Object(value) }, {
        [key]: withAt(Object(value)[key], rest, text),
      });

it.each(evil.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
  'containment logs one line each, with %s in whatever field of the finding',
  async (_name, text) => {
    let said = 0;
    for (const path of pathsOf(lambdaFinding())) {
      const { lines, log } = logging();
      await containFinding(
        { event: withAt(lambdaFinding(), path, text), execution: 'e', drill: false },
        { ...fakeDeps().deps, log },
      );
      for (const line of lines) isOneLine(line);
      said += lines.length;
    }
    expect(said).toBeGreaterThan(5);
  },
);

describe('a function that fails', () => {
  afterEach(() => vi.restoreAllMocks());

  const failing = async (error: Error) => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const thrown: unknown = await serve(
      () => 0,
      () => Promise.reject(error),
    )({}).catch((caught: unknown) => caught);
    return { lines: write.mock.calls.map(([line]) => String(line)), thrown };
  };

  it.each(evil.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'logs one line when %s is the reason',
    async (_name, text) => {
      const { lines } = await failing(new EdgeError(text));
      expect(lines).toHaveLength(1);
      expect(lines[0]?.endsWith('\n')).toBe(true);
      isOneLine(lines[0]?.slice(0, -1) ?? '');
    },
  );

  it('neither logs nor throws a secret: Lambda and Step Functions log thrown errors', async () => {
    const { lines, thrown } = await failing(
      new BusyError('cannot connect to postgres://app:Canary7Secret9@db: password=Canary7Secret9'),
    );
    expect(lines.join()).not.toContain('Canary7');
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({
      name: 'BusyError',
      message: expect.stringContaining('cannot connect to postgres'),
    });
    expect(
      thrown instanceof Error && `${thrown.message}${thrown.stack}${JSON.stringify(thrown)}`,
    ).not.toContain('Canary7');
  });
});
