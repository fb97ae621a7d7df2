import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { isPackage } from './run-dir.ts';

/** Where a command finds its code, and where it leaves what it makes. */
export interface Folders {
  /** `.cordon` in it holds what runs leave behind. */
  readonly root: string;
  /** The code: a checkout, or `dist` of the installed package. A checkout is its own `root`. */
  readonly project?: string | undefined;
}

/** The folder of the code. */
export const projectOf = ({ root, project = root }: Folders): string => project;

export const moduleOf = (project: string, path: string): string =>
  join(project, `${path}.${isPackage ? 'js' : 'ts'}`);

/**
 * The folder of a package that the code uses, wherever npm has put it: beside the code, above it,
 * or nowhere.
 */
const packageFolder = (project: string, name: string): string | undefined => {
  try {
    const file = findPackageJSON(name, join(project, 'package.json'));
    return file === undefined ? undefined : dirname(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      return undefined;
    throw error;
  }
};

/** The Node.js that npm's install script has brought along, else the one that runs this. */
export const nodeOf = (project: string): string => {
  const own = join(packageFolder(project, 'node') ?? project, 'bin/node');
  return existsSync(own) ? own : process.execPath;
};

/** The folder of packages that holds the AWS SDK. */
export const packagesOf = (project: string): string => {
  const folder = packageFolder(project, '@aws-sdk/client-lambda');
  return folder === undefined ? join(project, 'node_modules') : join(folder, '../..');
};
