import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../cli/program.ts';
import { at } from '../../../responders/shared/json.ts';
import { command, environmentOf } from '../../support/cli/running.ts';
import { temp } from '../../support/temp.ts';
import { storeCanned } from './canned.ts';
import { type CordonUp, cordonUp } from './cordon-up.ts';
import { changed, findings } from './events.ts';

let up: CordonUp;
let root = '';
let canned: readonly string[] = [];
let sealed = '';
const folder = temp('terminal-lines');

const event = (detail: object): string =>
  JSON.stringify({ source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail });

beforeAll(async () => {
  up = await cordonUp();
  root = join(up.connection.runDir, '../..');
  const injected = await up.cordon(
    ['inject', '-', '--bus', 'drills', '--json'],
    event(findings(up.place).beacon),
  );
  sealed = String(at(JSON.parse(injected.stdout), 'incidentId'));
  canned = await storeCanned(up);
  const closed = await up.cordon(['show', sealed, '--wait', 'closed', '--timeout', '250']);
  expect(closed.code).toBe(0);
  expect(
    (await up.cordon(['evidence', 'pull', sealed, '--to', join(folder, 'case'), '--purpose', 'x']))
      .code,
  ).toBe(0);
  const card = {
    at: '2026-11-21T03:00:00.000Z',
    scenario: 'product-service-backdoor',
    incidentId: sealed,
  };
  const clocks = { lastAllowedMs: null, firstDeniedMs: 412, effectiveMs: 320 };
  writeFileSync(
    join(root, '.cordon/scorecards.jsonl'),
    [
      { ...card, ...clocks, passed: true, restored: true, failed: [] },
      { ...card, ...clocks, passed: false, restored: false, failed: ['containment is fast'] },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await up.stop();
});

interface Terminal {
  /** Its width; none behind a pipe. */
  readonly columns?: number;
  readonly colours?: boolean;
}

/** Runs a command line in this process, as in such a terminal. */
const said = async (words: readonly string[], { columns, colours = false }: Terminal = {}) => {
  const output = { stdout: '', stderr: '' };
  const code = await runCommand(words, {
    root,
    env: {},
    debug: false,
    signal: new AbortController().signal,
    streams: {
      stdout: (chunk) => void Object.assign(output, { stdout: output.stdout + chunk }),
      stderr: (chunk) => void Object.assign(output, { stderr: output.stderr + chunk }),
      interactive: colours,
      colours,
      columns,
      noteColumns: columns,
    },
    isStdoutClosed: () => false,
    ask: null,
  });
  return { code, ...output };
};

const linesOf = (printed: string): readonly string[] =>
  stripVTControlCharacters(printed).split('\n');
/** Words without the marks by which a folded row divides its cells. */
const wordsOf = (printed: string): readonly string[] =>
  stripVTControlCharacters(printed)
    .split(/\s+/)
    .map((word) => word.replace(/[:;]$/, ''))
    .filter(Boolean);

/** Words of the narrow text that are only a part of a word that would have fitted. */
const cutWords = (narrow: string, piped: string, width: number): readonly string[] => {
  const whole = new Set(wordsOf(piped));
  const long = [...whole].filter((word) => word.length > width - 12);
  return wordsOf(narrow).filter(
    // A number, such as the free space of a disk, may be another in the second look.
    (word) =>
      !whole.has(word) && !/^[\d,.]+$/.test(word) && !long.some((longer) => longer.includes(word)),
  );
};

const reading = (): readonly (readonly string[])[] => [
  ['status'],
  ['incidents'],
  ['incidents', '--state', 'contested'],
  ...canned.map((id) => ['show', id]),
  ['show', sealed],
  ['mail'],
  ['report', sealed],
  ['evidence', 'ls', sealed.slice(13, 19)],
  ['evidence', 'verify', join(folder, 'case')],
  ['evidence', 'index', '--drills', '--to', join(folder, 'index')],
  ['drill', 'list'],
  ['drill', 'history'],
  ['env'],
  ['doctor'],
  ['show', 'inc-20261121'],
  ['show', 'zz9'],
  ['evidence', 'ls', 'zz9'],
  ['report', 'inc-20261121-partial0'],
  ['release', 'inc-20261121-suppres0', '--reason', 'x'],
  ['decide', 'inc-20261121-contain0', '--leave'],
  ['app', 'users'],
  ['mail', '999'],
];

describe.each([40, 80, 200])('in a terminal of %i columns', (columns) => {
  it('no line is wider, no word that fits is cut, and nothing is lost', async () => {
    for (const words of reading()) {
      const [narrow, piped] = [await said(words, { columns }), await said(words)];
      const about = words.join(' ');

      expect(narrow.code, about).toBe(piped.code);
      for (const stream of ['stdout', 'stderr'] as const) {
        const wide = linesOf(narrow[stream]).filter((line) => line.length > columns);
        expect(wide, about).toEqual([]);
        expect(
          linesOf(narrow[stream]).filter((line) => /\s$/.test(line)),
          about,
        ).toEqual([]);
        expect(cutWords(narrow[stream], piped[stream], columns), about).toEqual([]);
        expect(wordsOf(narrow[stream]).join('').length, about).toBeGreaterThanOrEqual(
          0.9 * wordsOf(piped[stream]).join('').length,
        );
      }
    }
  });
});

/** The free space of a disk may be another in the second look, and its line break with it. */
const numberless = (printed: string): string =>
  printed.replace(/\d[\d.,]*/g, '0').replace(/\s+/g, ' ');

it('colours add nothing but colours, and without them there is no escape', async () => {
  for (const words of reading()) {
    const [plain, coloured] = [
      await said(words, { columns: 80 }),
      await said(words, { columns: 80, colours: true }),
    ];
    const about = words.join(' ');

    expect(`${plain.stdout}${plain.stderr}`, about).not.toContain('\u001b');
    expect(numberless(stripVTControlCharacters(coloured.stdout)), about).toBe(
      numberless(plain.stdout),
    );
    const codes = coloured.stdout
      .split('\u001b')
      .slice(1)
      .map((part) => /^\[(\d+)m/.exec(part)?.[1] ?? part);
    const [begun, ended] = [0, 1].map((odd) => codes.filter((_code, index) => index % 2 === odd));
    expect(new Set(ended), about).toEqual(new Set(begun?.map(() => '0')));
    expect(
      begun?.filter((code) => !['31', '32', '33'].includes(code)),
      about,
    ).toEqual([]);
  }
});

it('what is not contained is red, and a verdict is the first line of every incident', async () => {
  const shown = async (name: string) =>
    (await said(['show', `inc-20261121-${name}`], { colours: true })).stdout.split('\n')[0];

  expect(await shown('partial0')).toSatisfy((line: string) =>
    line.startsWith('\u001b[31mPARTLY CONTAINED'),
  );
  expect(await shown('notcont0')).toSatisfy((line: string) =>
    line.startsWith('\u001b[31mNOT CONTAINED'),
  );
  expect(await shown('contain0')).toSatisfy((line: string) =>
    line.startsWith('\u001b[32mCONTAINED'),
  );
});

it('a reader that goes away ends every verb quietly, with the code of its work', async () => {
  const shown = canned.slice(1);
  for (const words of reading().filter((line) => !line.some((word) => shown.includes(word)))) {
    const child = spawn(command[0], [command[1], ...words], {
      cwd: root,
      env: environmentOf(root),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    const { code: expected, stderr: complaint } = await said(words);

    expect({ code, stderr }, words.join(' ')).toEqual({ code: expected, stderr: complaint });
  }
});

it('what changes something fits 40 columns too', async () => {
  const file = join(folder, 'finding.json');
  writeFileSync(file, event(findings(up.place).theft));
  const sample = join(folder, 'sample.json');
  writeFileSync(sample, event(changed(findings(up.place).beacon, 'title', '[SAMPLE] x')));
  const runs = [
    await said(['inject', file], { columns: 40 }),
    await said(['inject', sample], { columns: 40 }),
    await said(['release', sealed, '--reason', 'a test'], { columns: 40 }),
    await said(['release', sealed, '--reason', 'again'], { columns: 40 }),
  ];

  // The role in the first finding is not proven, so a person is asked.
  expect(runs.map(({ code }) => code)).toEqual([0, 3, 0, 0]);
  for (const { stdout, stderr } of runs)
    expect([...linesOf(stdout), ...linesOf(stderr)].filter((line) => line.length > 40)).toEqual([]);
  expect(runs[3]?.stdout).toMatch(/^ALREADY RELEASED/);
});
