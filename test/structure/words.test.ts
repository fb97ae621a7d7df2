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
  'pages-kit': { names: 0, lines: 0 },
  tools: { names: 0, lines: 0 },
};
const typeNamesDeclaredTwice = 0;
/** The pages of a site, with the parts that the sites share, are a program of their own. */
const typeNamesOfPagesDeclaredTwice = { 'console/pages': 3, 'protected-app/pages': 1 };

const emptyNames = new Set(['one', 'found', 'all']);
const rooms = Object.keys(limits);
const generated = 'report-templates/compiled.js';

const isOwn = (file: string): boolean => !/\/(node_modules|dist)\//.test(file);
const codeOf = (room: string): string[] => globSync(`${room}/**/*.{ts,mts,mjs,vue}`).filter(isOwn);
const linedOf = (room: string): string[] =>
  globSync(`${room}/**/*.{ts,mts,mjs,js,py,hbs,css,sql,vue}`)
    .filter(isOwn)
    .filter((file) => file !== generated);

/** What TypeScript reads of a file: of a component, its scripts. */
const scriptOf = (file: string): string => {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.vue')) return text;
  const scripts = text.matchAll(/<script[^>]*>(?<code>[\s\S]*?)<\/script>/g);
  return [...scripts].map(({ groups }) => groups?.code).join('\n');
};

const eachNode = (file: string, look: (node: ts.Node) => void): void => {
  const walk = (node: ts.Node): void => {
    look(node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, scriptOf(file), ts.ScriptTarget.Latest, true));
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

/** Names that say even less on a page, where everything is an item and comes again. */
const emptyOnPages = new Set([...emptyNames, 'item', 'data', 'again', 'act', 'others', 'sorry']);
const pageRooms = ['pages-kit', 'console/pages', 'protected-app/pages'];

it.each(pageRooms)('%s names what its pages hold, also in templates', (room) => {
  const files = codeOf(room);
  const components = files.filter((file) => file.endsWith('.vue'));
  const named: string[] = [];
  for (const file of files)
    eachNode(file, (node) => {
      if (isNamed(node) && ts.isIdentifier(node.name) && emptyOnPages.has(node.name.text))
        named.push(`${file}: ${node.name.text}`);
    });
  for (const file of components) {
    const loops = readFileSync(file, 'utf8').matchAll(/v-for="\(?(\w+)[^"]*"/g);
    for (const [, name = ''] of loops) if (emptyOnPages.has(name)) named.push(`${file}: ${name}`);
  }
  expect(components.filter((file) => scriptOf(file) !== '').length).toBeGreaterThan(10);
  expect(named).toEqual([]);
});

it.each(rooms)('%s has no longer lines than it had', (room) => {
  const long = linedOf(room).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (Array.from(line).length > 100 ? [`${file}:${index + 1}`] : [])),
  );
  expect(long.length, long.join('\n')).toBeLessThanOrEqual(limits[room]?.lines ?? 0);
});

/** The names of types that more than one of the files declares. */
const declaredTwice = (sources: readonly string[]): readonly string[] => {
  const files = new Map<string, Set<string>>();
  for (const file of sources)
    eachNode(file, (node) => {
      const declares =
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isClassDeclaration(node);
      if (!declares || !node.name) return;
      const { text } = node.name;
      files.set(text, (files.get(text) ?? new Set()).add(file));
    });
  return [...files].filter(([, where]) => where.size > 1).map(([name]) => name);
};

it('type names get one meaning in the whole product', () => {
  // The pages name what they are sent as the API does.
  const isOfPages = (file: string): boolean => /\/pages\/|^pages-kit\//.test(file);
  const twice = declaredTwice(rooms.flatMap(codeOf).filter((file) => !isOfPages(file)));
  expect(twice.length, twice.join(', ')).toBeLessThanOrEqual(typeNamesDeclaredTwice);
});

it.each(Object.entries(typeNamesOfPagesDeclaredTwice))(
  'type names get one meaning in %s and what it takes from the kit',
  (pages, most) => {
    const twice = declaredTwice([pages, 'pages-kit'].flatMap(codeOf));
    expect(twice.length, twice.join(', ')).toBeLessThanOrEqual(most);
  },
);

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
