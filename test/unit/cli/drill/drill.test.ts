import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../../support/cli/running.ts';
import { temp } from '../../../support/temp.ts';

const repository = resolve(import.meta.dirname, '../../../..');
const cordon = (...args: string[]) => {
  return spawnSync(process.execPath, [join(repository, 'cli/cordon.ts'), ...args], {
    encoding: 'utf8',
    env: environmentOf(temp('drill-verbs')),
  });
};

describe('the verbs about incidents', () => {
  it.each(['list', 'run', 'history'])('drill %s --help shows --json and two examples', (name) => {
    const { status, stdout } = cordon('drill', name, '--help');

    expect(status).toBe(0);
    expect(stdout).toContain('--json');
    expect(stdout.split('Examples:\n')[1]?.match(/^ {2}.*\bcordon /gm)?.length).toBe(2);
  });

  it.each([
    [['drill']],
    [['drill', 'run']],
    [['show']],
    [['show', 'inc-20261121-00000000', '--wait', 'happy']],
    [['show', 'inc-20261121-00000000', '--timeout', 'soon']],
    [['incidents', '--state', 'happy']],
    [['release', 'inc-20261121-00000000']],
    [['approve', 'inc-20261121-00000000']],
    [['inject', '-', '--bus', 'school']],
    [['mail', '--follow', 'maybe']],
  ])('%j is wrong usage: 2, and how to go on', (args) => {
    const { status, stdout, stderr } = cordon(...args);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/--help|Usage:/);
  });

  it.each([
    [['drill', 'run', 'lambda-credential-theft']],
    [['incidents']],
    [['show', 'inc-20261121-00000000']],
    [['inject', '-']],
    [['mail']],
  ])('%j says how to start Cordon when it is not running', (args) => {
    const { status, stdout, stderr } = cordon(...args, '--json');

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: expect.stringContaining('start it with "cordon up"'),
    });
    expect(stderr).toMatch(/^cordon: cordon is not running/);
  });

  it('the history says so where a drill has not seen a time', () => {
    const root = temp('drill-history');
    const clocks = { lastAllowedMs: null, firstDeniedMs: null, effectiveMs: 320 };
    const scored = { at: 'then', scenario: 'a-drill', incidentId: '', passed: false };
    mkdirSync(join(root, '.cordon'));
    writeFileSync(
      join(root, '.cordon/scorecards.jsonl'),
      `${JSON.stringify({ ...scored, restored: true, failed: [], ...clocks })}\n`,
    );
    const { stdout } = spawnSync(
      process.execPath,
      [join(repository, 'cli/cordon.ts'), 'drill', 'history'],
      { encoding: 'utf8', env: environmentOf(root) },
    );

    expect(stdout).toMatch(/a-drill +FAILED +320 ms +not seen/);
  });

  it('the history of a fresh checkout is empty, and says how to make some', () => {
    expect(JSON.parse(cordon('drill', 'history', '--json').stdout)).toEqual({ drills: [] });
    expect(cordon('drill', 'history').stdout).toContain('cordon drill run lambda-credential-theft');
  });
});

describe('the schemas', () => {
  it.each(globSync('cli/schemas/*.json'))(
    '%s is draft 2020-12 and allows nothing that it does not name',
    (file) => {
      const schema: object = JSON.parse(readFileSync(file, 'utf8'));
      const objects: unknown[] = [];
      JSON.stringify(schema, (_key, value: unknown) => {
        if (typeof value === 'object' && value !== null && 'properties' in value && 'type' in value)
          objects.push(value);
        return value;
      });

      expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
      expect(() =>
        new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema),
      ).not.toThrow();
      expect(
        objects.filter(
          (one) =>
            !(
              typeof one === 'object' &&
              one !== null &&
              Reflect.get(one, 'additionalProperties') === false
            ),
        ),
      ).toEqual([]);
    },
  );
});
