import { join } from 'node:path';
import { entries, field, readJson, text, texts } from './parse.ts';
import { ACCOUNT, REGION } from './settings.ts';

/** A file or folder that a stack needs in the asset bucket. */
export interface Asset {
  readonly path: string;
  readonly zip: boolean;
  readonly bucket: string;
  readonly key: string;
}

/** A stack of a cloud assembly, with what must be there before it. */
export interface AssemblyStack {
  readonly id: string;
  readonly name: string;
  /** Where it is deployed. */
  readonly region: string;
  readonly template: string;
  readonly dependsOn: readonly string[];
  readonly assets: readonly Asset[];
}

/** Reads the stacks of a CDK cloud assembly. */
export const readAssembly = (folder: string): readonly AssemblyStack[] => {
  const manifest = readJson(join(folder, 'manifest.json'));
  if (manifest === undefined) throw new Error(`${folder}/manifest.json cannot be read`);
  const artifacts = entries(field(manifest, 'artifacts'));
  return artifacts
    .filter(([, artifact]) => field(artifact, 'type') === 'aws:cloudformation:stack')
    .map(([id, artifact]) => readStack(folder, id, artifact));
};

const readStack = (folder: string, id: string, artifact: unknown): AssemblyStack => {
  const properties = field(artifact, 'properties');
  const name = field(properties, 'stackName');
  const region = regionOf(artifact);
  const assets = entries(field(readJson(join(folder, `${id}.assets.json`)), 'files')).flatMap(
    ([hash, file]) => readAsset(folder, `${id}.assets.json ${hash}`, file, region),
  );
  return {
    id,
    name: typeof name === 'string' ? name : id,
    region,
    template:
      text(properties, 'stackTemplateAssetObjectUrl', `manifest.json ${id}`).split('/').pop() ?? '',
    dependsOn: texts(field(artifact, 'dependencies')),
    assets,
  };
};

const readAsset = (
  folder: string,
  where: string,
  file: unknown,
  region: string,
): readonly Asset[] => {
  const source = field(file, 'source');
  const path = join(folder, text(source, 'path', where));
  return entries(field(file, 'destinations')).map(([, destination]) => ({
    path,
    zip: field(source, 'packaging') === 'zip',
    bucket: onEngine(text(destination, 'bucketName', where), region),
    key: text(destination, 'objectKey', where),
  }));
};

/** CDK writes `aws://unknown-account/eu-west-1`, and `unknown-region` for that of the engine. */
const regionOf = (artifact: unknown): string => {
  const environment = field(artifact, 'environment');
  const region = typeof environment === 'string' ? environment.split('/').at(-1) : undefined;
  return region === undefined || region === 'unknown-region' ? REGION : region;
};

/** What CDK leaves open for the account at hand. */
const onEngine = (value: string, region: string): string =>
  value
    .replaceAll('${AWS::AccountId}', ACCOUNT)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::Partition}', 'aws');
