import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json } from '../../support/infra/synthesised.ts';
import { type Deployed, deployed } from './deployed.ts';
import { notRead, readers } from './readers.ts';

let world: Awaited<ReturnType<typeof deployed>>;
beforeAll(async () => {
  world = await deployed();
});
afterAll(() => world?.engine.stop());

/** Properties that only CloudFormation uses, or that the SDK does not give back. */
const unread: Readonly<Record<string, readonly string[]>> = {
  'AWS::Athena::WorkGroup': ['RecursiveDeleteOption'],
  'AWS::Lambda::Function': ['Code'],
};

/** Lists whose order means nothing, by what names their members; AWS adds tags of its own. */
const unordered: Readonly<Record<string, string>> = {
  Tags: 'Key',
  AttributeDefinitions: 'AttributeName',
  Policies: 'PolicyName',
};
const comparable = (name: string, value: unknown): unknown => {
  const key = unordered[name];
  if (key === undefined || !Array.isArray(value)) return value;
  const nameOf = (member: Json): string => String(at(member, key));
  return value
    .filter((member) => !nameOf(member).startsWith('aws:'))
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
};

const differences = async ({ type, physicalId, wanted }: Deployed) => {
  const found = await readers[type]?.(world.client, physicalId, wanted);
  const names = Object.keys(wanted).filter((name) => !unread[type]?.includes(name));
  const pick = (values: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(names.map((name) => [name, comparable(name, values[name])]));
  return { wanted: pick(wanted), found: pick(found) };
};

describe('the engine keeps what the templates say, or the test would prove nothing', () => {
  it('every type of resource is read back, or there is a reason why not', () => {
    expect(
      world.resources
        .map(({ type }) => type)
        .filter((type) => !(type in readers) && !(type in notRead)),
    ).toEqual([]);
  });

  it.each(Object.keys(readers))('%s', async (type) => {
    const all = world.resources.filter((resource) => resource.type === type);

    expect(all.length).toBeGreaterThan(0);
    for (const resource of all) {
      const { wanted, found } = await differences(resource);
      expect.soft(found, `${resource.stack}/${resource.id}`).toEqual(wanted);
    }
  });
});
