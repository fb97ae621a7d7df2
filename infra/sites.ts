import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Where a built site lies: in the package it is part of the code, in a checkout it is built. */
const folderOf = (name: string): string => {
  const packed = join(root, 'sites', name);
  if (existsSync(packed)) return packed;
  const printed: unknown = JSON.parse(
    execFileSync(process.execPath, [join(root, 'tools/pages/main.ts'), '--site', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const folder: unknown =
    typeof printed === 'object' && printed !== null ? Reflect.get(printed, name) : undefined;
  if (typeof folder !== 'string') throw new Error(`tools/pages knows no site ${name}`);
  return folder;
};

/** Every file of a built site, without the notes that the build keeps for itself. */
const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).startsWith('.'))
    .sort();

/**
 * Puts a built site beside the code of the function that uploads it, and returns a hash of it: a
 * deployment uploads again when the hash is another.
 */
export const addSite = (name: string, into: string): string => {
  const folder = folderOf(name);
  const target = join(into, 'site');
  rmSync(target, { recursive: true, force: true });
  const hash = createHash('sha256');
  for (const path of filesOf(folder)) {
    const file = relative(folder, path);
    cpSync(path, join(target, file));
    const content = readFileSync(path);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
};
