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
  'console',
  'pages-kit',
  'tools',
];
const sources = globSync(`{${rooms.join(',')}}/**/*.{ts,vue}`).filter(
  (file) => !file.includes('node_modules'),
);

/**
 * Which room may import which, besides itself. The longest address that fits a file is its room;
 * an entry opens a folder with all below it, or a single file.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'responders/shared': [],
  'responders/check': ['responders/shared'],
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
    'responders/decide/finding-advice.ts',
    'responders/evidence/store.ts',
    'responders/timeline/timeline.ts',
    'responders/webhook/notice.ts',
    'responders/incident',
    'responders/shared',
    'report-templates',
  ],
  'responders/heartbeat': ['responders/incident', 'responders/shared'],
  'responders/webhook': ['responders/incident', 'responders/shared'],
  'responders/handlers': ['responders'],
  responders: [
    'responders/check',
    'responders/contain',
    'responders/decide',
    'responders/evidence',
    'responders/heartbeat',
    'responders/incident/keys.ts',
    'responders/shared',
  ],
  'report-templates': [],
  'infra/shared': [
    'protected-app/shared/http.ts',
    'protected-app/shared/problem.ts',
    'responders/shared',
  ],
  'infra/response': [
    'infra/shared',
    'infra/config.ts',
    'infra/options.ts',
    'infra/settings.ts',
    'console/functions.ts',
    'responders',
  ],
  'infra/app': ['infra/shared', 'infra/config.ts', 'infra/options.ts', 'protected-app'],
  'infra/console': [
    'console',
    'infra/config.ts',
    'infra/options.ts',
    'infra/response/console-resources.ts',
    'infra/response/people-statements.ts',
    'infra/response/settings.ts',
    'infra/shared',
  ],
  'infra/audit': [
    'infra/config.ts',
    'infra/options.ts',
    'infra/shared',
    'infra/system.ts',
    'protected-app',
  ],
  'infra/drill-target': ['infra/shared', 'infra/config.ts'],
  infra: ['infra', 'responders', 'protected-app/functions.ts', 'console/functions.ts'],
  operator: [
    'responders/functions.ts',
    'responders/evidence',
    'responders/incident',
    'responders/report/attacker-words.ts',
    'responders/report/question-words.ts',
    'responders/report/session-words.ts',
    'responders/report/verdict-line.ts',
    'responders/report/words.ts',
    'responders/finding/finding.ts',
    'responders/shared',
  ],
  local: ['operator', 'protected-app/seed', 'responders/shared'],
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
  'cli/policy': [
    'cli',
    'infra/config.ts',
    'infra/options.ts',
    'infra/settings.ts',
    'operator',
    'local',
    'responders/decide',
    'responders/finding',
    'responders/incident',
    'responders/report/words.ts',
    'responders/shared',
  ],
  cli: [
    'cli',
    'infra/system.ts',
    'infra/systems.ts',
    'operator',
    'local',
    'responders/evidence',
    'responders/incident',
    'responders/report/question-words.ts',
    'responders/report/session-words.ts',
    'responders/report/words.ts',
    'responders/shared',
  ],
  'protected-app': [],
  // Built apart from everything else: what crosses to them is text, by the contract of the API.
  'pages-kit': [],
  'protected-app/pages': ['pages-kit'],
  'console/pages': ['pages-kit'],
  // Code of the application, and nothing that runs: what both APIs are made of.
  console: [
    'cli/schemas/show.ts',
    'operator',
    'protected-app/schemas/paging.ts',
    'protected-app/schemas/problem.ts',
    'protected-app/schemas/text.ts',
    'protected-app/shared',
    'responders/decide',
    'responders/evidence',
    'responders/finding',
    'responders/incident',
    'responders/report/question-words.ts',
    'responders/report/words.ts',
    'responders/shared',
    'responders/timeline/phases.ts',
  ],
  tools: [
    'responders',
    'report-templates',
    'infra',
    'operator',
    'local',
    'game-day',
    'cli',
    'console',
    'pages-kit',
    'protected-app',
  ],
};

const isWithin = (file: string, address: string) =>
  file === address || file.startsWith(`${address}/`);
const roomOf = (file: string) =>
  Object.keys(allowed)
    .filter((room) => isWithin(file, room))
    .sort((left, right) => right.length - left.length)[0] ?? '';

/** The sites name the kit by an alias. */
const imports = (file: string) =>
  [
    ...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'((?:\.{1,2}|@kit)\/[^']+)'/g),
  ].map(([, target = '']) =>
    target.startsWith('@kit/')
      ? target.replace('@kit', 'pages-kit/src')
      : join(dirname(file), target),
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
      .filter((to) => /\.(ts|vue)$/.test(to) && !mayImport(file, to))
      .map((to) => `${file} → ${to}`),
  );
  expect(crossings).toEqual([]);
});

it('only the composition roots read the environment', () => {
  const readers = sources.filter((file) => readFileSync(file, 'utf8').includes('process.env'));
  // tools/bench/bare.ts is a Lambda of its own: the pipeline that ours is measured against.
  // tools/bench/timeline.ts is a command of its own.
  // tools/mutation/vitest.config.ts is what Stryker starts Vitest with.
  const entries = [
    'infra/app.ts',
    'cli/main.ts',
    'game-day/canary/canary.ts',
    'tools/bench/bare.ts',
    'tools/bench/timeline.ts',
    'tools/mutation/vitest.config.ts',
  ];
  const roots = (file: string) =>
    file.startsWith('responders/handlers/') ||
    file === 'protected-app/handlers/environment.ts' ||
    file === 'console/handlers/environment.ts' ||
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
