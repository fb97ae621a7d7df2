import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';

const rooms = ['responders', 'infra', 'cli', 'game-day', 'report-templates', 'protected-app', 'tools'];
const sources = globSync(`{${rooms.join(',')}}/**/*.ts`).filter((file) => !file.includes('node_modules'));

/** Who may import whom, besides their own folder: docs/design §3. The longest matching folder decides; `/` ends an exact folder. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'responders/core': [],
  'responders/contain': ['responders/core'],
  'responders/collect': ['responders/core'],
  'responders/timeline': ['responders/core'],
  'responders/report': ['responders/core', 'report-templates'],
  'responders/evidence': ['responders/core'],
  'responders/handlers': [
    'responders',
    'responders/core',
    'responders/contain',
    'responders/collect',
    'responders/evidence',
    'responders/timeline',
    'responders/report',
  ],
  responders: ['responders/core', 'responders/contain', 'responders/collect', 'responders/collect/parts', 'responders/evidence'],
  'report-templates': [],
  infra: ['infra', 'responders', 'responders/core', 'protected-app'],
  'game-day/canary': [],
  'game-day': ['game-day', 'responders/core', 'protected-app/seed'],
  cli: ['cli', 'game-day', 'responders/core', 'responders/evidence'],
  'protected-app': ['protected-app'],
  tools: [
    'tools',
    'responders',
    'responders/core',
    'responders/report',
    'responders/timeline',
    'report-templates',
    'infra',
    'game-day',
    'cli',
    'protected-app',
  ],
};

const under = (folder: string, room: string) => folder === room || folder.startsWith(`${room}/`);
const roomOf = (folder: string) =>
  Object.keys(allowed)
    .filter((room) => under(folder, room))
    .sort((one, other) => other.length - one.length)[0] ?? '';

const imports = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, to = '']) => join(dirname(file), to));

const mayImport = (file: string, to: string): boolean => {
  const [room, target] = [roomOf(dirname(file)), dirname(to)];
  if (roomOf(target) === room) return true;
  return (allowed[room] ?? []).some((open) => (open.startsWith('responders') ? target === open : under(target, open)));
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
  // tools/bench/bare.ts is a Lambda of its own: the pipeline that ours is measured against. tools/bench/timeline.ts is a command of its own.
  const entries = ['infra/app.ts', 'cli/cordon.ts', 'game-day/canary/canary.ts', 'tools/bench/bare.ts', 'tools/bench/timeline.ts'];
  const roots = (file: string) =>
    file.startsWith('responders/handlers/') ||
    file === 'protected-app/handlers/environment.ts' ||
    /^tools\/\w+\/main\.ts$/.test(file) ||
    entries.includes(file);
  expect(readers.filter((file) => !roots(file))).toEqual([]);
});

it('only handlers and the people’s tools make AWS clients', () => {
  const makers = globSync('responders/{core,contain,collect,timeline,report}/**/*.ts').filter((file) =>
    /new \w+Client\(/.test(readFileSync(file, 'utf8')),
  );
  expect(makers).toEqual([]);
});
