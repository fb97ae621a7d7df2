import { globSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { systems } from '../../../infra/systems.ts';
import { runProgram } from '../../../local/engine/run-program.ts';
import { ensureVenv } from '../../../local/engine/venv.ts';
import { temp } from '../../support/temp.ts';
import { completeAssembly } from './complete.ts';

const root = join(import.meta.dirname, '../../..');
const { env } = process;
let linter: string;
let templates: readonly string[];

beforeAll(async () => {
  const { python } = await ensureVenv({
    ...{ root, env, folder: 'cfn-lint', name: 'cfn-lint' },
    requirements: join(import.meta.dirname, 'cfn-lint/requirements.txt'),
  });
  linter = join(dirname(python), 'cfn-lint');
  const assembly = await completeAssembly();
  templates = globSync(join(assembly, '*.template.json'));
});

/** The errors of cfn-lint, one a line; warnings are left out. */
const errorsOf = async (files: readonly string[]): Promise<readonly string[]> => {
  const words = ['--regions', 'us-east-1', '--format', 'parseable', '--ignore-checks', 'W', 'I'];
  const { output } = await runProgram(linter, [...words, '--', ...files], { env });
  return output.split('\n').filter((line) => line !== '');
};

/** Step Functions evaluates it; the schema of cfn-lint demands a number where AWS takes both. */
const expressions = /:E3601:'\{% \$\w+ %\}' is not of type 'number' at '[^']+\/TimeoutSeconds'$/;

it('cfn-lint finds no error in a template', async () => {
  expect(templates).toHaveLength(5 + systems.length);
  const errors = await errorsOf(templates);
  expect(errors.filter((line) => !expressions.test(line))).toEqual([]);
});

it('cfn-lint finds an error where there is one', async () => {
  const template = join(temp('lint'), 'broken.template.json');
  const Broken = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'soon' } };
  writeFileSync(template, JSON.stringify({ Resources: { Broken } }));
  expect(await errorsOf([template])).toEqual([expect.stringContaining(':E3012:')]);
});
