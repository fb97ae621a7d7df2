import { randomBytes, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from '../../operator/sdk-config.ts';
import { field, readJson } from './parse.ts';

/** Letters and digits of AWS's access key ids. */
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const idCharacter = (): string => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)] ?? '';

const fileOf = (runDir: string): string => join(runDir, 'root-key.json');

/** A random key in the shape of AWS's long-lived keys. */
export const makeRootKey = (): Credentials => ({
  accessKeyId: `AKIA${Array.from({ length: 16 }, idCharacter).join('')}`,
  secretAccessKey: randomBytes(30).toString('base64'),
});

/**
 * Writes the root key of a run, for the engine and for the commands of the person who started it.
 * Only this user can read the file.
 */
export const writeRootKey = (runDir: string, key: Credentials): void =>
  writeFileSync(fileOf(runDir), `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });

/** The root key of a run, or undefined where there is none that this user can read. */
export const readRootKey = (runDir: string): Credentials | undefined => {
  const key = readJson(fileOf(runDir));
  const [accessKeyId, secretAccessKey] = [field(key, 'accessKeyId'), field(key, 'secretAccessKey')];
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  return { accessKeyId, secretAccessKey };
};
