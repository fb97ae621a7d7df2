import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drillSummary } from '../../../cli/drill/text.ts';
import { nearest } from '../../../cli/nearest.ts';
import { createOutput } from '../../../cli/output.ts';
import { runCommand } from '../../../cli/program.ts';
import { statusLines } from '../../../cli/status-text.ts';
import { coloursOf, columns, wrapped } from '../../../cli/terminal.ts';
import { endedLines, stayingLines } from '../../../cli/up-text.ts';
import { verbs } from '../../../cli/verbs.ts';
import { temp } from '../../support/temp.ts';

const id = 'inc-20261121-7f3k2m8q';

/** Runs a command line in this process, as in a terminal of this width, or behind a pipe. */
const rendered = async (words: readonly string[], width?: number) => {
  const said = { code: -1, stdout: '', stderr: '' };
  said.code = await runCommand(words, {
    root: temp('terminal'),
    env: {},
    debug: false,
    signal: new AbortController().signal,
    streams: {
      stdout: (text) => void Object.assign(said, { stdout: said.stdout + text }),
      stderr: (text) => void Object.assign(said, { stderr: said.stderr + text }),
      interactive: false,
      columns: width,
    },
    isStdoutClosed: () => false,
    ask: null,
  });
  return said;
};
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
const words = (text: string): string => text.replaceAll(/\s+/g, ' ');

const groups: Readonly<Record<string, readonly string[]>> = {
  drill: ['list', 'run', 'history'],
  evidence: ['index', 'ls', 'pull', 'verify'],
  app: ['up', 'call', 'users', 'seed'],
};
const commands = [
  [],
  ...verbs.flatMap(({ name }) => [[name], ...(groups[name] ?? []).map((sub) => [name, sub])]),
];

describe.each(commands.map((command) => [command.join(' '), command] as const))(
  'cordon %s --help',
  (_name, command) => {
    it.each([40, 80, 200])('fits %i columns and says the same', async (width) => {
      const [narrow, piped] = await Promise.all([
        rendered([...command, '--help'], width),
        rendered([...command, '--help']),
      ]);

      expect(narrow).toMatchObject({ code: 0, stderr: '' });
      expect(widest(narrow.stdout)).toBeLessThanOrEqual(width);
      expect(words(narrow.stdout).length).toBeGreaterThan(words(piped.stdout).length * 0.9);
    });
  },
);

it.each([40, 80, 200])('the scenarios of drill list fit %i columns', async (width) => {
  expect(widest((await rendered(['drill', 'list'], width)).stdout)).toBeLessThanOrEqual(width);
});

describe('what is wrong is named', () => {
  it.each([
    [['shwo', id], "unknown command 'shwo' (did you mean 'show'?)"],
    [['drill', 'hist'], "unknown command 'hist' (did you mean 'history'?)"],
    [['frobnicate', '--help'], "unknown command 'frobnicate'"],
    [['show', id, '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['release', id], "required option '--reason <text>' not specified"],
    [['show'], "missing required argument 'incident'"],
    [['mail', 'last'], 'wanted the number of a mail, from 1.'],
  ])('%j', async (line, sentence) => {
    const { code, stdout, stderr } = await rendered(line);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^cordon: /);
    expect(stderr).toContain('--help');
  });

  it('decide wants one answer', async () => {
    expect(await rendered(['decide'])).toMatchObject({ code: 2 });
    expect(await rendered(['decide', id])).toMatchObject({ code: 2 });
    expect(await rendered(['decide', id, '--contain', '--leave'])).toMatchObject({
      code: 2,
      stderr: 'cordon: say what to do: either --contain or --leave\n',
    });
  });

  it.each([
    ['--contain'],
    [id, '--all', '--leave'],
    [id, '--type', 'Backdoor:Lambda/C&CActivity.B', '--contain'],
    ['--type', 'Backdoor:Lambda/C&CActivity.B', '--leave'],
  ])('decide wants either ids, or --all with or without --type: %s %s %s %s', async (...line) => {
    expect(await rendered(['decide', ...line])).toMatchObject({
      code: 2,
      stderr: 'cordon: name incidents, or say --all (with --type if you like)\n',
    });
  });

  it.each([
    [[]],
    [[id, '--all']],
    [[id, '--type', 'Backdoor:Lambda/C&CActivity.B']],
    [['--type', 'Backdoor:Lambda/C&CActivity.B', '--deny']],
  ])('approve wants the same, with or without --deny: %j', async (line) => {
    expect(await rendered(['approve', ...line, '--reason', 'a test'])).toMatchObject({
      code: 2,
      stderr: 'cordon: name incidents, or say --all (with --type if you like)\n',
    });
  });

  it('help marks required options, in the usage line and beside them', async () => {
    const { stdout } = await rendered(['release', '--help']);

    expect(stdout).toContain('Usage: cordon release <incident> --reason <text> [options]');
    expect(stdout).toMatch(/--reason <text> .*\(required\)/);
  });

  it('a word that resembles nothing gets no guess', () => {
    expect(nearest('frobnicate', ['up', 'show'])).toBeUndefined();
    expect(nearest('incident', ['up', 'incidents'])).toBe('incidents');
  });
});

it('--version prints the version of the package', async () => {
  expect((await rendered(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{}, undefined, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ TERM: 'dumb' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
])('colours with %j and a terminal: %s → %s', (variables, isTerminal, expected) => {
  expect(coloursOf(variables, isTerminal)).toBe(expected);
});

it('the verdict and the marks have colours, text that only quotes a mark has none', () => {
  let stdout = '';
  const out = createOutput(
    {
      stdout: (text) => {
        stdout += text;
      },
      stderr: () => undefined,
      interactive: false,
      colours: true,
    },
    false,
  );
  out.line('NOT CONTAINED\n  ✘ one\n  a title with ✘', 'bad');

  expect(stdout).toBe(
    '\u001b[31mNOT CONTAINED\u001b[0m\n  \u001b[31m✘\u001b[0m one\n  a title with ✘\n',
  );
});

it('long lines are continued below, two columns further in, and a long word is cut', () => {
  expect(wrapped('  a line that is too long for it', 20)).toBe(
    '  a line that is too\n    long for it',
  );
  expect(widest(wrapped(`x ${'y'.repeat(90)}`, 40))).toBe(40);
  expect(wrapped('x'.repeat(90), undefined)).toBe('x'.repeat(90));
});

it('a table that is wider than the terminal becomes lists', () => {
  const rows = [
    ['when', 'result'],
    ['2026-11-21', 'passed'],
    ['2026-11-22', 'FAILED'],
  ];

  expect(columns(rows, 80)).toBe('when        result\n2026-11-21  passed\n2026-11-22  FAILED');
  expect(columns(rows, 12)).toBe(
    'when    2026-11-21\nresult  passed\n\nwhen    2026-11-22\nresult  FAILED',
  );
});

it('a status says first what needs a person, with the command that answers', () => {
  const listed = { state: 'contained', drill: false, openedAt: '', about: 'orders' } as const;
  const status = {
    place: { account: '000000000000', region: 'us-east-1', endpoint: null },
    needsAction: [],
    underWay: [],
    contained: [{ ...listed, id: 'inc-20261121-aaaaaaaa' }],
    questions: [{ id, reason: 'it is critical', deadline: '2026-11-21T03:30:00.000Z' }],
    lastMail: null,
  };

  expect(statusLines(status)).toEqual([
    'Cordon, AWS (account 000000000000, us-east-1)',
    '✘ Questions that wait for you',
    `  ${id}: it is critical; answer by 2026-11-21T03:30:00.000Z: cordon decide ${id} --aws --contain | --leave`,
    '✔ Contained, not released yet',
    '  inc-20261121-aaaaaaaa contained: orders',
    `Next: cordon show ${id} --aws`,
  ]);
});

it('a start ends with where to look, in at most five lines of 80 columns', () => {
  const file = join(process.cwd(), '.cordon/up-4566.txt');
  const app = 'http://shop.localhost:45710';
  const pages = { kind: 'pages' as const, stack: 'CordonConsole' };
  const console = { ...pages, name: 'console', url: 'http://console.localhost:45720' };
  const shop = { ...pages, stack: 'CordonProtectedApp', name: 'shop', url: app };
  const addresses = [console, shop];
  const staying = stayingLines({ file, incidentId: id, alone: false, app, addresses });
  const ended = endedLines({ file });

  expect(staying.slice(0, 2)).toEqual([
    `Console: ${console.url}  Sign in: npx cordon console users`,
    `Application: ${app}  Sign in: npx cordon app users`,
  ]);
  expect(staying).toContain(`Look here: npx cordon show ${id}`);
  expect(ended.at(-1)).toContain('npx cordon up');
  for (const lines of [staying, ended]) {
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.join('\n')).toContain(' .cordon/up-4566.txt');
    expect(widest(lines.join('\n'))).toBeLessThanOrEqual(80);
  }
});

it('a start ends with the addresses of what was chosen besides', () => {
  const audit = { kind: 'pages' as const, stack: 'CordonAudit', name: 'audit', url: 'http://a' };
  const lines = stayingLines({
    ...{ file: 'up.txt', incidentId: undefined, alone: false, app: undefined },
    addresses: [audit],
  });

  expect(lines[0]).toBe('audit: http://a');
});

it('the summary of a drill fits a screen, and names each failed check', () => {
  const names = ['containment is fast', 'the stolen session is denied'] as const;
  const checks = names.map((name, index) => ({ name, passed: index > 0, detail: 'detail' }));
  const lines = drillSummary({
    scenario: 'a-drill',
    incidentId: id,
    passed: false,
    restored: true,
    checks,
    clocks: { injected: 1_000, effective: 1_320, firstDenied: 1_400 },
  });

  expect(lines.length).toBeLessThanOrEqual(6);
  expect(lines).toContain('  ✘ containment is fast: detail');
  expect(lines.at(-1)).toMatch(/^ {2}400 ms: /);
});
