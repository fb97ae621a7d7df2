import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';

/**
 * How many variables and parameters of a room are still called `one`, `found` or `all`, and how
 * many of its lines are longer than 100 columns. A room that is put in order lowers its numbers;
 * no room may raise them.
 */
const limits: Readonly<Record<string, { readonly names: number; readonly lines: number }>> = {
  responders: { names: 0, lines: 0 },
  infra: { names: 0, lines: 0 },
  operator: { names: 0, lines: 0 },
  local: { names: 0, lines: 0 },
  cli: { names: 0, lines: 0 },
  'game-day': { names: 0, lines: 0 },
  'report-templates': { names: 0, lines: 0 },
  'protected-app': { names: 0, lines: 0 },
  console: { names: 0, lines: 0 },
  tools: { names: 0, lines: 0 },
};
const typeNamesDeclaredTwice = 1;

const emptyNames = new Set(['one', 'found', 'all']);
const rooms = Object.keys(limits);
const generated = 'report-templates/compiled.js';

const codeOf = (room: string): string[] => globSync(`${room}/**/*.{ts,mts,mjs}`);
const linedOf = (room: string): string[] =>
  globSync(`${room}/**/*.{ts,mts,mjs,js,py,hbs,css,sql}`).filter((file) => file !== generated);

const eachNode = (file: string, look: (node: ts.Node) => void): void => {
  const text = readFileSync(file, 'utf8');
  const walk = (node: ts.Node): void => {
    look(node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
};

const isNamed = (
  node: ts.Node,
): node is ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement =>
  ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);

it.each(rooms)('%s names variables and parameters after what they hold', (room) => {
  let empty = 0;
  for (const file of codeOf(room))
    eachNode(file, (node) => {
      if (isNamed(node) && ts.isIdentifier(node.name) && emptyNames.has(node.name.text)) empty += 1;
    });
  expect(empty).toBeLessThanOrEqual(limits[room]?.names ?? 0);
});

it.each(rooms)('%s has no longer lines than it had', (room) => {
  const long = linedOf(room).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (Array.from(line).length > 100 ? [`${file}:${index + 1}`] : [])),
  );
  expect(long.length, long.join('\n')).toBeLessThanOrEqual(limits[room]?.lines ?? 0);
});

it('type names get one meaning in the whole product', () => {
  const files = new Map<string, Set<string>>();
  // The pages are a program of their own, which names what it is sent as the API does.
  const product = rooms.flatMap(codeOf).filter((file) => !file.includes('/pages/'));
  for (const file of product)
    eachNode(file, (node) => {
      const declares =
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isClassDeclaration(node);
      if (!declares || !node.name) return;
      const { text } = node.name;
      files.set(text, (files.get(text) ?? new Set()).add(file));
    });
  const twice = [...files].filter(([, where]) => where.size > 1).map(([name]) => name);
  expect(twice.length, twice.join(', ')).toBeLessThanOrEqual(typeNamesDeclaredTwice);
});

/** The last commit before subjects were bounded. */
const unbounded = '4ea2eed641';

const subjects = (): string[] => {
  try {
    const log = ['log', '--no-merges', '--format=%s', `${unbounded}..HEAD`];
    return execFileSync('git', log, { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n');
  } catch {
    return []; // a copy without history has no subjects
  }
};

it('subjects of commits have at most 72 characters', () => {
  expect(subjects().filter((subject) => Array.from(subject).length > 72)).toEqual([]);
});
