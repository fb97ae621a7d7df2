import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AssemblyStack, readAssembly } from '../assembly.ts';
import { type ImagePrograms, imagesOf } from '../images.ts';
import { entries, field, readJson } from '../parse.ts';
import { ensurePostgresql, type ServiceOptions } from './postgresql.ts';
import { ensureRedis } from './redis.ts';

/** A server that a stack may need, and where its program is; it is fetched when it is missing. */
interface ServiceNeed {
  readonly name: string;
  /** A stack with a resource of such a type needs the service. */
  readonly types: RegExp;
  readonly ensure: (options: ServiceOptions) => Promise<string>;
}

const services: readonly ServiceNeed[] = [
  { name: 'postgresql', types: /^AWS::RDS::DB(Instance|Cluster)$/, ensure: ensurePostgresql },
  { name: 'redis', types: /^AWS::ElastiCache::/, ensure: ensureRedis },
];

/** The names of the servers that resources of these types need. */
export const serversFor = (types: readonly string[]): readonly string[] =>
  servicesFor(types).map(({ name }) => name);

const servicesFor = (types: readonly string[]): readonly ServiceNeed[] =>
  services.filter((service) => types.some((type) => service.types.test(type)));

interface ProvideOptions extends ServiceOptions {
  readonly runDir: string;
  /** The stack that is deployed, with those that it needs; all of them unless said. */
  readonly only?: string | undefined;
}

/**
 * Finds out which servers the stacks need, fetches what is missing, and tells the engine of the run
 * where they are. Nothing is fetched for a stack that is not deployed.
 */
export const provideServices = async (
  assembly: string,
  { runDir, only, ...options }: ProvideOptions,
): Promise<void> => {
  const stacks = deployed(readAssembly(assembly), only);
  const needed = servicesFor(stacks.flatMap(({ id }) => typesOf(assembly, id)));
  const images = Object.assign({}, ...stacks.map(({ id }) => imagesOf(assembly, id)));
  const hasImages = Object.keys(images).length > 0;
  if (needed.length === 0 && !hasImages) return;
  const programs = await Promise.all(
    needed.map(async ({ name, ensure }) => [name, await ensure(options)] as const),
  );
  writeServices(runDir, { ...Object.fromEntries(programs), ...(hasImages && { images }) });
};

/** Where the program of each service is. */
export interface ServicePrograms {
  readonly [service: string]: string | ImagePrograms;
}

/** Tells the engine of a run, which reads it when a call needs a server. */
export const writeServices = (runDir: string, programs: ServicePrograms): void =>
  writeFileSync(join(runDir, 'services.json'), JSON.stringify(programs), { mode: 0o600 });

const typesOf = (assembly: string, id: string): readonly string[] =>
  entries(field(readJson(join(assembly, `${id}.template.json`)), 'Resources')).map(([, resource]) =>
    String(field(resource, 'Type')),
  );

const deployed = (
  stacks: readonly AssemblyStack[],
  only: string | undefined,
): readonly AssemblyStack[] => {
  if (only === undefined) return stacks;
  const wanted = new Set<string>();
  const want = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const needed of stacks.find((stack) => stack.id === id)?.dependsOn ?? []) want(needed);
  };
  for (const { id } of stacks.filter(({ name }) => name === only)) want(id);
  return stacks.filter(({ id }) => wanted.has(id));
};
