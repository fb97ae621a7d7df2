import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stacks, systems } from '../support/infra/shared.ts';

const page = readFileSync('docs/seeds.md', 'utf8');
const decisions = readFileSync('docs/decisions.md', 'utf8');

const rows = [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
  .map(([, line = '', answer = '']) => ({ line, answer }))
  .filter(({ line }) => line !== 'The seed says');

/** The types of the resources of a stack, by its name. */
const typesOf = (stack: string): readonly string[] => {
  const resources =
    Object.entries(stacks).find(([name]) => name === stack)?.[1] ??
    Object.entries(systems).find(
      ([name]) => `Cordon${name}`.toLowerCase() === stack.toLowerCase(),
    )?.[1];
  return (resources ?? []).map(({ type }) => type);
};

/** What an answer names that is not there; a row that names nothing is wrong too. */
const missingIn = (answer: string): readonly string[] => {
  const resources = [...answer.matchAll(/`(AWS::[\w:]+)` in `(\w+)`/g)];
  const titles = [...answer.matchAll(/decision: \*([^*]+)\*/g)];
  const files = [...answer.matchAll(/`([\w./-]+\/[\w./-]+)`/g)];
  if (resources.length + titles.length + files.length === 0) return ['names nothing'];
  return [
    ...resources.filter(([, type = '', stack = '']) => !typesOf(stack).includes(type)),
    ...titles.filter(([, title = '']) => !decisions.includes(`· ${title}**`)),
    ...files.filter(([, file = '']) => !existsSync(file)),
  ].map(([named]) => named);
};

it('each line of a seed is answered by what is there', () => {
  expect(rows.length).toBeGreaterThan(20);
  const wrong = rows.flatMap(({ line, answer }) =>
    missingIn(answer).map((missing) => `${line}: ${missing}`),
  );
  expect(wrong).toEqual([]);
});

it('would name an answer that is not there', () => {
  expect(missingIn('see elsewhere')).toEqual(['names nothing']);
  expect(missingIn('`infra/nowhere.ts`')).toEqual(['`infra/nowhere.ts`']);
  expect(missingIn('`AWS::RDS::DBCluster` in `CordonAudit`')).toHaveLength(1);
  expect(missingIn('decision: *Nobody has decided this.*')).toHaveLength(1);
});
