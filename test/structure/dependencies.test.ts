import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';

const rooms = [
  'responders',
  'infra',
  'operator',
  'local',
  'cli',
  'game-day',
  'report-templates',
  'protected-app',
  'tools',
];
const sources = globSync(`{${rooms.join(',')}}/**/*.ts`).filter(
  (file) => !file.includes('node_modules'),
);

/**
 * Which room may import which, besides itself. The longest address that fits a file is its room;
 * an entry opens a folder with all below it, or a single file.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'responders/shared': [],
  'responders/finding': ['responders/shared'],
  'responders/incident': ['responders/shared'],
  'responders/decide': ['responders/finding', 'responders/incident', 'responders/shared'],
  'responders/contain': [
    'responders/decide',
    'responders/finding',
    'responders/incident',
    'responders/shared',
  ],
  'responders/evidence': ['responders/finding', 'responders/incident', 'responders/shared'],
  'responders/timeline': ['responders/finding', 'responders/incident', 'responders/shared'],
  'responders/report': [
    'responders/contain/responder.ts',
    'responders/evidence/store.ts',
    'responders/timeline/timeline.ts',
    'responders/incident',
    'responders/shared',
    'report-templates',
  ],
  'responders/handlers': ['responders'],
  responders: [
    'responders/contain',
    'responders/decide',
    'responders/evidence',
    'responders/shared',
  ],
  'report-templates': [],
  'infra/shared': ['responders/shared'],
  'infra/response': ['infra/shared', 'infra/config.ts', 'infra/options.ts', 'responders'],
  'infra/app': ['infra/shared', 'infra/config.ts', 'infra/options.ts', 'protected-app'],
  'infra/drill-target': ['infra/shared', 'infra/config.ts'],
  infra: ['infra', 'responders', 'protected-app/functions.ts'],
  operator: [
    'responders/evidence',
    'responders/incident',
    'responders/report/attacker-words.ts',
    'responders/report/question-words.ts',
    'responders/report/words.ts',
    'responders/finding/finding.ts',
    'responders/shared',
  ],
  local: ['operator', 'protected-app/seed', 'responders/shared'],
  'local/console': ['local', 'operator', 'responders/report/words.ts', 'responders/shared'],
  'game-day/canary': [],
  'game-day': [
    'operator',
    'local',
    'responders/finding',
    'responders/incident',
    'responders/report/words.ts',
    'responders/shared',
  ],
  'cli/drill': [
    'cli',
    'game-day',
    'local',
    'operator',
    'responders/incident/clock-words.ts',
    'responders/shared',
  ],
  cli: [
    'cli',
    'operator',
    'local',
    'responders/evidence',
    'responders/incident',
    'responders/report/question-words.ts',
    'responders/report/words.ts',
    'responders/shared',
  ],
  'protected-app': [],
  tools: [
    'responders',
    'report-templates',
    'infra',
    'operator',
    'local',
    'game-day',
    'cli',
    'protected-app',
  ],
};

const isWithin = (file: string, address: string) =>
  file === address || file.startsWith(`${address}/`);
const roomOf = (file: string) =>
  Object.keys(allowed)
    .filter((room) => isWithin(file, room))
    .sort((left, right) => right.length - left.length)[0] ?? '';

const imports = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(
    ([, target = '']) => join(dirname(file), target),
  );

const mayImport = (file: string, target: string): boolean => {
  const [from, to] = [roomOf(file), roomOf(target)];
  return from === to || (allowed[from] ?? []).some((address) => isWithin(target, address));
};

it('looks at every room', () => {
  expect(sources.length).toBeGreaterThan(50);
});

it('imports point only the allowed way', () => {
  const crossings = sources.flatMap((file) =>
    imports(file)
      .filter((to) => to.endsWith('.ts') && !mayImport(file, to))
      .map((to) => `${file} → ${to}`),
  );
  expect(crossings).toEqual([]);
});

it('only the composition roots read the environment', () => {
  const readers = sources.filter((file) => readFileSync(file, 'utf8').includes('process.env'));
  // tools/bench/bare.ts is a Lambda of its own: the pipeline that ours is measured against.
  // tools/bench/timeline.ts is a command of its own.
  const entries = [
    'infra/app.ts',
    'cli/main.ts',
    'game-day/canary/canary.ts',
    'tools/bench/bare.ts',
    'tools/bench/timeline.ts',
  ];
  const roots = (file: string) =>
    file.startsWith('responders/handlers/') ||
    file === 'protected-app/handlers/environment.ts' ||
    /^tools\/\w+\/main\.ts$/.test(file) ||
    entries.includes(file);
  expect(readers.filter((file) => !roots(file))).toEqual([]);
});

it('only handlers and the people’s tools make AWS clients', () => {
  const makers = globSync('responders/!(handlers)/**/*.ts').filter((file) =>
    /new \w+Client\(/.test(readFileSync(file, 'utf8')),
  );
  expect(makers).toEqual([]);
});
