import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { provideServices } from '../../../../../local/engine/services/provide.ts';
import { temp } from '../../../../support/temp.ts';

/** An assembly with one stack for each entry: the types of its resources, and what it needs. */
const assemblyOf = (
  stacks: Readonly<Record<string, { types: readonly string[]; needs?: readonly string[] }>>,
): string => {
  const folder = temp('assembly');
  const artifacts = Object.entries(stacks).map(([id, { types, needs = [] }]) => {
    const Resources = Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }]));
    writeFileSync(join(folder, `${id}.template.json`), JSON.stringify({ Resources }));
    const properties = { stackName: id, stackTemplateAssetObjectUrl: `s3://assets/${id}` };
    return [id, { type: 'aws:cloudformation:stack', dependencies: needs, properties }];
  });
  const manifest = { artifacts: Object.fromEntries(artifacts) };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
};

/** What a root and a run hold after their servers were provided, without any network. */
const provided = async (assembly: string, only?: string) => {
  const [root, runDir] = [temp('root'), temp('run')];
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  await provideServices(assembly, { root, runDir, only, env: {}, say });
  return { said, fetched: readdirSync(root), told: existsSync(join(runDir, 'services.json')) };
};

describe('servers', () => {
  const database = 'AWS::RDS::DBInstance';
  const nothing = { said: [], fetched: [], told: false };

  it('are neither fetched nor named where no stack needs one', async () => {
    const assembly = assemblyOf({ Response: { types: ['AWS::S3::Bucket', 'AWS::SQS::Queue'] } });
    expect(await provided(assembly)).toEqual(nothing);
  });

  it('are neither fetched nor named for a stack that is not deployed', async () => {
    const assembly = assemblyOf({
      Response: { types: ['AWS::S3::Bucket'] },
      Target: { types: ['AWS::Lambda::Function'], needs: ['Response'] },
      Orders: { types: [database], needs: ['Response'] },
    });
    expect(await provided(assembly, 'Target')).toEqual(nothing);
  });
});
