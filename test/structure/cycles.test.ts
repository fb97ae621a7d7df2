import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';

const rooms =
  'responders,infra,operator,cli,local,game-day,report-templates,protected-app,console,pages-kit,' +
  'tools';
const sources = globSync(`{${rooms}}/**/*.{ts,mts,mjs,vue}`).filter(
  (file) => !file.includes('node_modules'),
);

/** Static, dynamic and type-only imports, and re-exports: a reader follows all of them. */
const importsOf = (file: string): readonly string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'((?:\.{1,2}|@kit)\/[^']+)'/g),
  ].map(([, target = '']) =>
    target.startsWith('@kit/')
      ? target.replace('@kit', 'pages-kit/src')
      : join(dirname(file), target),
  );

type Graph = ReadonlyMap<string, readonly string[]>;

/** Each cycle once, as the files on it in the order in which they import each other. */
const cyclesOf = (graph: Graph): readonly string[] => {
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file].join(' → '));
    if (start >= 0 || finished.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
};

it('the search sees a cycle, however long', () => {
  const graph: Graph = new Map([
    ['outside', ['drill']],
    ['drill', ['scorecards', 'probe']],
    ['scorecards', ['result']],
    ['result', ['drill']],
    ['probe', []],
  ]);

  expect(cyclesOf(graph)).toEqual(['drill → scorecards → result → drill']);
});

it('no file of the product imports itself through others, not even for a type', () => {
  const graph = new Map(sources.map((file) => [file, importsOf(file)]));

  expect(sources.length).toBeGreaterThan(200);
  expect([...graph.values()].flat().length).toBeGreaterThan(sources.length);
  expect(cyclesOf(graph)).toEqual([]);
});
