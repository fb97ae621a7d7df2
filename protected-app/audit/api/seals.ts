import * as z from 'zod';
import { HttpProblem } from '../../shared/problem.ts';
import { sha256Hex } from '../schemas/canonical.ts';
import { readObject } from '../seal/bucket.ts';
import { lastSeal } from '../seal/chain.ts';
import { nameOfSeal } from '../seal/folder.ts';
import type { AuditRecords } from './event.ts';
import { parametersOf } from './query.ts';
import { folderOf, readManifest, type SignedSeal, signedSeal } from './sealed.ts';

/** What a list says of a seal: counts and hashes, and no event. */
export interface SealSummary {
  readonly name: string;
  /** Missing: the chain has a seal of this number, and the bucket does not hold it. */
  readonly state: 'stored' | 'missing';
  readonly createdAt: string | null;
  readonly events: number | null;
  readonly gaps: number | null;
  readonly root: string | null;
  readonly manifestSha256: string | null;
}

export const sealName = z.string().regex(/^seal-\d{8}$/, 'a name such as seal-00000042');

export const sealsParameters = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]|[1-4]\d|50)$/, 'a number from 1 to 50')
    .optional(),
  before: sealName.optional().describe('The last seal of the previous page.'),
});

const summaryOf = async ({ bucket }: AuditRecords, sequence: number): Promise<SealSummary> => {
  const name = nameOfSeal(sequence);
  const bytes = await readObject(bucket, `${folderOf(sequence)}manifest.json`);
  const nothing = { createdAt: null, events: null, gaps: null, root: null, manifestSha256: null };
  if (!bytes) return { name, state: 'missing', ...nothing };
  const { createdAt, merkle, gaps } = readManifest.parse(JSON.parse(bytes.toString()));
  return {
    ...{ name, state: 'stored', createdAt, events: merkle.events, gaps: gaps.length },
    ...{ root: merkle.root, manifestSha256: sha256Hex(bytes) },
  };
};

const sequenceOf = (name: string): number => Number(name.slice('seal-'.length));

/** The seals, newest first. One that is being stored is not there yet. */
export const listSeals = async (
  records: AuditRecords,
  query: unknown,
): Promise<{ readonly seals: readonly SealSummary[]; readonly next: string | null }> => {
  const { limit = '20', before } = parametersOf(sealsParameters, query);
  const last = await lastSeal(records.tables);
  const stored = last ? last.sequence - (last.claimed ? 1 : 0) : 0;
  const newest = before === undefined ? stored : Math.min(stored, sequenceOf(before) - 1);
  const count = Math.min(Number(limit), newest);
  const sequences = Array.from({ length: count }, (_, index) => newest - index);
  const seals = await Promise.all(sequences.map((sequence) => summaryOf(records, sequence)));
  return { seals, next: newest > count ? (seals.at(-1)?.name ?? null) : null };
};

/** One seal as it is signed: its manifest names its objects, its gaps and the seal before. */
export const sealByName = async ({ bucket }: AuditRecords, name: string): Promise<SignedSeal> => {
  const wanted = parametersOf(z.strictObject({ id: sealName }), { id: name });
  const seal = await signedSeal(bucket, sequenceOf(wanted.id));
  if (!seal) throw new HttpProblem(404, 'There is no seal of this name.');
  return seal;
};
