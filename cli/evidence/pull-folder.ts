import { randomFillSync } from 'node:crypto';
import { createWriteStream, existsSync, rmSync } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  truncate,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DiskFullError, diskFull, explain } from '../../local/engine/disk-errors.ts';
import { mountOf, shortageOf, spaceFor } from '../../local/engine/disk-space.ts';

/** For custody entries, signatures and the chain, whose sizes are not known before. */
const SLACK_BYTES = 2_000_000;
const MEGABYTE = 1_000_000;

/** Until the copy is complete it lies in a folder whose name says that it is not. */
export interface PullFolder {
  /** Where the copy is made. */
  readonly path: string;
  /** Takes the space of each file, by path in the folder. Throws if the disk has too little. */
  reserve(bytes: ReadonlyMap<string, number>): Promise<void>;
  /** Gives the space back that was taken for files of unknown size. */
  releaseSlack(): Promise<void>;
  /** Writes one file, into its reserved space if it has any. */
  save(path: string, content: Readable): Promise<void>;
  /** Moves the complete copy to its place. */
  publish(): Promise<void>;
  /** Removes the copy. */
  discard(): void;
}

/** The error of a pull whose disk is full: that of the copy, not that of the run. */
export const targetFull = (to: string, megabytes?: number, cause?: unknown): DiskFullError => {
  const shortage = megabytes === undefined ? undefined : shortageOf(spaceFor(to), megabytes);
  return diskFull(resolve(to), {
    mount: mountOf(to),
    cause,
    ...(shortage !== undefined && { shortage }),
    nextStep: 'pull again, or name a folder on another disk with --to',
  });
};

/** Bytes that no file system compresses, so that they take the space of any others. */
const filler = randomFillSync(Buffer.alloc(256 * 1024));

const fill = async (file: string, bytes: number): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle: FileHandle = await open(file, 'wx', 0o600);
  try {
    for (let rest = bytes; rest > 0; rest -= filler.length)
      await handle.writeFile(filler.subarray(0, Math.min(rest, filler.length)));
  } finally {
    await handle.close();
  }
};

/** A new folder is copied beside its place. An existing one may be a disk of its own. */
const makePartial = async (to: string): Promise<string> => {
  if (existsSync(to)) return mkdtemp(join(to, '.partial-'));
  await mkdir(dirname(to), { recursive: true });
  return mkdtemp(`${to}.partial-`);
};

/** What makes the folder complete for the verifier is moved last. */
const moveLast = ['manifest.json', 'export.json'];

const moveContent = async (from: string, to: string): Promise<void> => {
  const names = await readdir(from);
  const order = (name: string): number => moveLast.indexOf(name);
  for (const name of names.sort((left, right) => order(left) - order(right)))
    await rename(join(from, name), join(to, name));
  await rmdir(from);
};

/** A folder for a copy that appears at `target` when it is complete. */
export const openPullFolder = async (target: string): Promise<PullFolder> => {
  const to = resolve(target);
  const isNew = !existsSync(to);
  const path = await makePartial(to).catch((error: unknown) => {
    throw explain(error, to);
  });
  const slack = join(path, '.slack');
  const reserved = new Set<string>();
  return {
    path,
    reserve: async (bytes) => {
      const total = [...bytes.values()].reduce((sum, size) => sum + size, SLACK_BYTES);
      const megabytes = Math.ceil(total / MEGABYTE);
      if (shortageOf(spaceFor(path), megabytes) !== undefined) throw targetFull(to, megabytes);
      for (const [name, size] of bytes) {
        await fill(join(path, name), size);
        reserved.add(name);
      }
      await fill(slack, SLACK_BYTES);
    },
    releaseSlack: () => rm(slack, { force: true }),
    save: async (name, content) => {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const stream = createWriteStream(file, {
        flags: reserved.has(name) ? 'r+' : 'wx',
        mode: 0o600,
      });
      try {
        await pipeline(content, stream);
        await truncate(file, stream.bytesWritten);
      } catch (error) {
        // a part of a file, or its reserved bytes, are no evidence; what was there before stays
        if (reserved.has(name) || !stream.pending) await rm(file, { force: true });
        throw error;
      }
    },
    publish: () => (isNew ? rename(path, to) : moveContent(path, to)),
    discard: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  };
};
