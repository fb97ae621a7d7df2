import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { entries, field, readJson, text, texts } from './parse.ts';
import { ACCOUNT, REGION } from './settings.ts';

/** What runs in place of an image of a container, and what it may read. */
interface ImageProgram {
  readonly command: readonly string[];
  /** What follows the command where the container names no words of its own. */
  readonly arguments?: readonly string[];
  /** They stand beneath the variables of the container. */
  readonly variables?: Readonly<Record<string, string>>;
  /** From here, the words of a command find their files in the image. */
  readonly workdir?: string;
  /** Paths in the image, each with the path of this machine that lies there. */
  readonly copies?: readonly (readonly [string, string])[];
  readonly folders?: readonly string[];
}

/** By the names of their images. */
export interface ImagePrograms {
  readonly [image: string]: ImageProgram;
}

/** An image that CDK builds from a folder: `DockerImageAsset`, `ContainerImage.fromAsset`. */
interface ImageAsset {
  readonly folder: string;
  readonly file: string;
  /** The name by which the template runs it. */
  readonly name: string;
}

const onEngine = (value: string): string =>
  value.replaceAll('${AWS::AccountId}', ACCOUNT).replaceAll('${AWS::Region}', REGION);

const assetsOf = (assembly: string, stack: string): readonly ImageAsset[] =>
  entries(field(readJson(join(assembly, `${stack}.assets.json`)), 'dockerImages')).flatMap(
    ([hash, image]) => {
      const where = `${stack}.assets.json ${hash}`;
      const source = field(image, 'source');
      const file = field(source, 'dockerFile');
      return entries(field(image, 'destinations')).map(([, destination]) => {
        const repository = onEngine(text(destination, 'repositoryName', where));
        const tag = onEngine(text(destination, 'imageTag', where));
        return {
          folder: join(assembly, text(source, 'directory', where)),
          file: typeof file === 'string' ? file : 'Dockerfile',
          name: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${repository}:${tag}`,
        };
      });
    },
  );

/** What a Dockerfile says that a process without a container can follow. */
interface Recipe {
  readonly workdir: string;
  /** Paths in the image, each with the path of the folder of the asset that lies there. */
  readonly copies: readonly (readonly [string, string])[];
  readonly variables: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** The instructions of a Dockerfile, without comments, with continued lines put together. */
const instructionsOf = (content: string): readonly (readonly [string, string])[] =>
  content
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(line) ?? [];
      return [name.toUpperCase(), rest] as const;
    });

/** The words of `["node", "main.mjs"]`. */
const wordsOf = (written: string): readonly string[] | undefined => {
  try {
    const words: unknown = JSON.parse(written);
    return Array.isArray(words) ? texts(words) : undefined;
  } catch {
    return undefined;
  }
};

const withoutEffect = new Set(['LABEL', 'EXPOSE', 'USER', 'STOPSIGNAL']);
const nodeImage = /^(\S+\/)?node(:\S+)?$/;

/** `MODE=report`, with or without quotes, which are no part of the value. */
const assignment = /^(\w+)=(?:"([^"\\$]*)"|'([^']*)'|([^\s"'\\$]+))$/;

/** One variable of ENV; undefined where a builder would have to put its value together. */
const variableOf = (written: string): readonly [string, string] | undefined => {
  const [, name, ...values] = assignment.exec(written) ?? [];
  return name === undefined ? undefined : [name, values.find((value) => value !== undefined) ?? ''];
};

/** One instruction more; undefined where only a builder of containers could follow it. */
const followed = (recipe: Recipe, name: string, rest: string): Recipe | undefined => {
  const { workdir, copies, variables } = recipe;
  if (withoutEffect.has(name)) return recipe;
  if (name === 'FROM') return nodeImage.test(rest) ? recipe : undefined;
  if (name === 'WORKDIR') return { ...recipe, workdir: posix.resolve(workdir, rest) };
  if (name === 'ENV') {
    const [variable, value] = variableOf(rest) ?? [];
    if (variable === undefined || value === undefined) return undefined;
    return { ...recipe, variables: { ...variables, [variable]: value } };
  }
  if (name === 'COPY') {
    const paths = rest.split(/\s+/);
    const [source, target] = paths;
    if (paths.length !== 2 || source === undefined || target === undefined) return undefined;
    // A file that is copied into a folder keeps its name.
    const isInto = target.endsWith('/') && source !== '.' && !source.endsWith('/');
    const into = isInto ? posix.join(target, posix.basename(source)) : target;
    return { ...recipe, copies: [...copies, [posix.resolve(workdir, into), source]] };
  }
  const words = wordsOf(rest);
  if (words === undefined) return undefined;
  if (name === 'ENTRYPOINT') return { ...recipe, entrypoint: words };
  return name === 'CMD' ? { ...recipe, command: words } : undefined;
};

const cannot = ({ folder, file }: ImageAsset, why: string): CordonError =>
  new CordonError(
    `${join(folder, file)}: ${why}. A run on this machine builds no containers: it runs what ` +
      'COPY, ENV and CMD say of an image of Node.js, as a process',
  );

const recipeOf = (asset: ImageAsset): Recipe => {
  const path = join(asset.folder, asset.file);
  if (!existsSync(path)) throw cannot(asset, 'the file is missing');
  let recipe: Recipe = { workdir: '/', copies: [], variables: {}, entrypoint: [], command: [] };
  for (const [name, rest] of instructionsOf(readFileSync(path, 'utf8'))) {
    const next = followed(recipe, name, rest);
    if (next === undefined) throw cannot(asset, `"${name} ${rest}" cannot be followed`);
    recipe = next;
  }
  if (recipe.command.length + recipe.entrypoint.length === 0)
    throw cannot(asset, 'it has neither CMD nor ENTRYPOINT');
  return recipe;
};

/**
 * The programs of the images that CDK would build for a stack. Without Docker each runs as a
 * confined process; an image that needs more than that ends the start in one line.
 */
export const imagesOf = (assembly: string, stack: string): ImagePrograms =>
  Object.fromEntries(
    assetsOf(assembly, stack).map((asset) => {
      const { entrypoint, command, variables, workdir, copies } = recipeOf(asset);
      const { name, folder } = asset;
      return [
        name,
        {
          command: entrypoint,
          arguments: command,
          variables,
          workdir,
          copies: copies.map(([target, source]) => [target, join(folder, source)] as const),
          folders: [folder],
        },
      ];
    }),
  );
