import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';

const product = globSync(
  '{responders,infra,operator,cli,local,game-day,report-templates,protected-app,console,tools}/**/*.ts',
).filter((file) => !file.includes('node_modules'));
const tests = globSync('test/**/*.ts');
const text = (file: string) => readFileSync(file, 'utf8');
const lines = (source: string) => source.split('\n').length;

const percentile = (values: readonly number[], share: number) =>
  [...values].sort((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? 0;

const functionLengths = (file: string): { name: string; length: number }[] => {
  const source = ts.createSourceFile(file, text(file), ts.ScriptTarget.Latest, true);
  const found: { name: string; length: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const line = (position: number) => source.getLineAndCharacterOfPosition(position).line;
      found.push({
        name: `${file}:${line(node.getStart()) + 1}`,
        length: line(node.end) - line(node.getStart()) + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

it('files stay small: median 90, p95 200, none over 300 lines', () => {
  const sizes = product.map((file) => ({ file, size: lines(text(file)) }));
  const values = sizes.map(({ size }) => size);
  expect(percentile(values, 0.5)).toBeLessThanOrEqual(90);
  expect(percentile(values, 0.95)).toBeLessThanOrEqual(200);
  expect(sizes.filter(({ size }) => size > 300)).toEqual([]);
});

/**
 * verify.mjs is longer than a file may be. An auditor runs it alone, with `node verify.mjs`, and
 * reads all of it first; it is stored with each incident as one object of the evidence. Several
 * files would change what a folder of evidence holds, and each would have to be trusted.
 */
const longScripts: Readonly<Record<string, number>> = { 'responders/evidence/verify.mjs': 510 };

it('plain scripts have at most 300 lines, but for the one that runs alone', () => {
  const scripts = globSync(
    '{responders,infra,operator,cli,local,game-day,protected-app,console}/**/*.mjs',
  );
  expect(scripts.filter((file) => lines(text(file)) > (longScripts[file] ?? 300))).toEqual([]);
});

it('components of the pages have at most 300 lines, with their styles', () => {
  const components = globSync('{pages-kit,console/pages,protected-app/pages}/**/*.vue', {
    exclude: ['**/node_modules/**'],
  });
  expect(components.length).toBeGreaterThan(60);
  expect(components.filter((file) => lines(text(file)) > 300)).toEqual([]);
});

it('test files stay readable too', () => {
  expect(tests.filter((file) => lines(text(file)) > 400)).toEqual([]);
});

it('functions stay small: p95 40, none over 60 lines', () => {
  const found = product.flatMap(functionLengths);
  expect(
    percentile(
      found.map(({ length }) => length),
      0.95,
    ),
  ).toBeLessThanOrEqual(40);
  expect(found.filter(({ length }) => length > 60)).toEqual([]);
});

it('a responder or collector is at most 120 lines', () => {
  expect(
    globSync('responders/{contain/actions,evidence/sources}/*.ts').filter(
      (file) => lines(text(file)) > 120,
    ),
  ).toEqual([]);
});

it('a state machine is at most 300 lines', () => {
  expect(globSync('state-machines/*.asl.json').filter((file) => lines(text(file)) > 300)).toEqual(
    [],
  );
});

it('a stack is at most 120 lines and writes no policy statement', () => {
  const stacks = globSync('infra/*/stack.ts');
  expect(stacks.filter((file) => lines(text(file)) > 120)).toEqual([]);
  expect(stacks.filter((file) => text(file).includes('PolicyStatement'))).toEqual([]);
});

it('nothing is mocked away, skipped or left for later', () => {
  const banned =
    /\bvi\.(mock|stubGlobal)\b|\b(it|test|describe)\.(skip|only|todo)\b|\bTODO\b|\bFIXME\b|@ts-(ignore|expect-error|nocheck)/;
  const here = 'test/structure/budgets.test.ts';
  expect([...product, ...tests].filter((file) => file !== here && banned.test(text(file)))).toEqual(
    [],
  );
});

it('the product has no any and no non-null assertion', () => {
  const found = product.flatMap((file) => {
    const source = ts.createSourceFile(file, text(file), ts.ScriptTarget.Latest, true);
    const bad: string[] = [];
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node))
        bad.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return bad;
  });
  expect(found).toEqual([]);
});
