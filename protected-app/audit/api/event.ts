import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { HttpProblem } from '../../shared/problem.ts';
import { getItem } from '../../shared/table.ts';
import type { AuditTables } from '../ingest/keep.ts';
import { canonicalJson } from '../schemas/canonical.ts';
import { type AuditEvent, auditEvent } from '../schemas/event.ts';
import { readObject, type SealBucket } from '../seal/bucket.ts';
import { leafOf, pathOf } from '../seal/merkle.ts';
import { fieldsOf, storedEvent } from '../stored-event.ts';
import type { AuditReader } from './reader.ts';
import { folderOf, type SignedSeal, signedSeal } from './sealed.ts';

export interface AuditRecords {
  readonly tables: AuditTables;
  readonly bucket: SealBucket;
}

export interface EventProof extends SignedSeal {
  readonly row: number;
  /** `proof.json`, for `verify.mjs --proof`. */
  readonly proof: string;
}

/** An event of the table, what the ledger says of it, and the proof that it is sealed. */
export interface ProvenEvent {
  /** Null where the item of the table is no event any more. */
  readonly event: AuditEvent | null;
  /** `differs`: the table does not hold what was kept. `gap`: its seal names it as missing. */
  readonly state: 'waiting' | 'sealed' | 'differs' | 'gap';
  readonly ingestedAt: string;
  readonly proof: EventProof | null;
}

const ledgerEntry = z.object({
  leaf: z.string(),
  ingestedAt: z.string(),
  seal: z.number().optional(),
  row: z.number().nullable().optional(),
});

const sealedLeaves = z.object({ leaves: z.array(z.object({ leaf: z.string() })) });

const eventInTable = async ({ client, events }: AuditTables, id: string): Promise<unknown> => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: events,
      KeyConditionExpression: 'event_id = :id',
      ExpressionAttributeValues: marshall({ ':id': id }),
      ConsistentRead: true,
      Limit: 1,
    }),
  );
  const [item] = Items;
  return item && storedEvent.parse(fieldsOf(item)).event;
};

/** The event as it was sealed, with its way to the signed root. */
const proofOf = async (
  { bucket }: AuditRecords,
  sequence: number,
  row: number,
): Promise<{ readonly sealed: AuditEvent; readonly proof: EventProof }> => {
  const folder = folderOf(sequence);
  const [seal, lines, leaves] = await Promise.all([
    signedSeal(bucket, sequence),
    readObject(bucket, `${folder}events.ndjson`),
    readObject(bucket, `${folder}leaves.json`),
  ]);
  const line = lines?.toString().split('\n')[row - 1];
  if (!seal || !leaves || !line) throw new Error(`${folder} does not hold row ${row}`);
  const hashes = sealedLeaves.parse(JSON.parse(leaves.toString())).leaves.map(({ leaf }) => leaf);
  const sealed = auditEvent.parse(JSON.parse(line));
  const path = pathOf(hashes, row - 1);
  const proof = canonicalJson({ schema: 'cordon-proof/1', event: sealed, row, path });
  return { sealed, proof: { ...seal, row, proof } };
};

const noSuchEvent = (): HttpProblem =>
  new HttpProblem(404, 'There is no event with this id, or it is not open to you.');

/** Every event that an answer holds must be of a system of the reader. */
const requireOpen = ({ systems }: AuditReader, events: readonly (AuditEvent | null)[]): void => {
  const isOpen = events.every((event) => event === null || systems.includes(event.producer.system));
  if (!isOpen || events.every((event) => event === null)) throw noSuchEvent();
};

/** One event with its proof; a 404 for what is not there and for what is not open alike. */
export const provenEvent = async (
  records: AuditRecords,
  id: string,
  reader: AuditReader,
): Promise<ProvenEvent> => {
  const { tables } = records;
  const [stored, entry] = await Promise.all([
    eventInTable(tables, id),
    getItem(ledgerEntry, { client: tables.client, name: tables.ledger }, { event_id: id }),
  ]);
  if (!entry) throw noSuchEvent();
  const read = auditEvent.safeParse(stored);
  const event = read.success ? read.data : null;
  const { leaf, ingestedAt, seal, row } = entry;
  const proven = seal !== undefined && row != null ? await proofOf(records, seal, row) : undefined;
  requireOpen(reader, [event, proven?.sealed ?? null]);
  const isAsKept = event !== null && leafOf(canonicalJson(event)) === leaf;
  const state = () => {
    if (row === null) return 'gap' as const;
    if (!isAsKept) return 'differs' as const;
    return seal === undefined ? ('waiting' as const) : ('sealed' as const);
  };
  return { event, state: state(), ingestedAt, proof: proven?.proof ?? null };
};
