import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { marshall, NumberValueImpl as NumberValue } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditRecords, provenEvent } from '../../../../../protected-app/audit/api/event.ts';
import type { AuditReader } from '../../../../../protected-app/audit/api/reader.ts';
import { auditApiRoutes } from '../../../../../protected-app/audit/api/routes.ts';
import { listSeals, sealByName } from '../../../../../protected-app/audit/api/seals.ts';
import { canonicalJson } from '../../../../../protected-app/audit/schemas/canonical.ts';
import { leafOf } from '../../../../../protected-app/audit/seal/merkle.ts';
import { verify } from '../../../../../responders/evidence/verify.mjs';
import { beyondSafe, sampleEvent } from '../../../../support/protected-app/audit-events.ts';
import { sealFiles, writeSeal } from '../../../../support/protected-app/seal-folder.ts';
import { temp } from '../../../../support/temp.ts';

const events = Array.from({ length: 5 }, (_, index) =>
  sampleEvent({ eventId: `event-000${index}` }),
);
const [first = sampleEvent()] = events;
const gap = { what: 'event-gone', why: 'it was kept, and is no longer in the table' };
const files = sealFiles(events, [gap]);
const reader: AuditReader = { id: 'arn:aws:iam::1:role/A', systems: ['protected-app'] };
const records = (): AuditRecords => ({
  tables: { client: new DynamoDBClient(), events: 'events', ledger: 'ledger' },
  bucket: { s3: new S3Client(), name: 'seals' },
});

let table: Record<string, unknown>;
let ledger: Record<string, unknown>;

beforeEach(() => {
  table = Object.fromEntries(events.map((event) => [event.eventId, event]));
  ledger = {
    '#seals': { sequence: 2, key: 'k', sha256: 's' },
    [gap.what]: { leaf: 'x', ingestedAt: 'then', seal: 1, row: null },
  };
  for (const [index, event] of events.entries())
    ledger[event.eventId] = {
      ...{ leaf: leafOf(canonicalJson(event)), ingestedAt: 'then', seal: 1, row: index + 1 },
    };
  const dynamo = mockClient(DynamoDBClient);
  dynamo.on(QueryCommand).callsFake((input) => {
    const id = String(input.ExpressionAttributeValues[':id'].S);
    const keys = { event_id: id, timestamp: 1, day: '1970-01-01' };
    const event = table[id];
    return {
      Items: event
        ? [marshall({ ...keys, ...Object(event) }, { removeUndefinedValues: true })]
        : [],
    };
  });
  dynamo.on(GetItemCommand).callsFake((input) => {
    const entry = ledger[String(input.Key.event_id.S)];
    return entry ? { Item: marshall(entry) } : {};
  });
  mockClient(S3Client)
    .on(GetObjectCommand)
    .callsFake(({ Key }) => {
      const body = files[String(Key).replace('seals/seal-00000001/', '')];
      if (body === undefined)
        throw Object.assign(new Error('there is none'), { name: 'NoSuchKey' });
      return { Body: { transformToByteArray: async () => Buffer.from(body) } };
    });
});

describe('an event', () => {
  it('comes with a proof that the verifier accepts, and as the contract says', async () => {
    const proven = await provenEvent(records(), 'event-0003', reader);

    expect(auditApiRoutes['GET /events/{id}'].reply.parse(proven)).toEqual(proven);
    expect(proven.state).toBe('sealed');
    const { proof } = proven;
    const folder = writeSeal(join(temp('proofs'), 'one'), {
      'manifest.json': proof?.manifest ?? '',
      'public-key.pem': proof?.publicKey ?? '',
      'proof.json': proof?.proof ?? '',
    });
    writeFileSync(join(folder, 'manifest.sig'), Buffer.from(proof?.signature ?? '', 'base64'));
    expect(await verify(folder, { proof: true })).toMatchObject({
      ...{ ok: true, event: { id: 'event-0003', row: 4 } },
    });
  });

  it('that was changed in the table differs, and its proof shows what was sealed', async () => {
    table['event-0000'] = { ...first, outcome: 'failed' };
    const { state, event, proof } = await provenEvent(records(), 'event-0000', reader);
    expect([state, event?.outcome]).toEqual(['differs', 'failed']);
    expect(JSON.parse(proof?.proof ?? '').event.outcome).toBe(first.outcome);
    table['event-0000'] = { outcome: 'all fine' };
    const broken = await provenEvent(records(), 'event-0000', reader);
    expect([broken.state, broken.event]).toEqual(['differs', null]);
  });

  it('whose day was changed differs, and one of an earlier release has none', async () => {
    const stateWith = async (day: string | undefined) => {
      table['event-0000'] = { ...first, day };
      return (await provenEvent(records(), 'event-0000', reader)).state;
    };
    expect(await stateWith('2026-12-01')).toBe('differs');
    expect(await stateWith(undefined)).toBe('sealed');
    expect(await stateWith('1970-01-01')).toBe('sealed');
  });

  it('with a number that no event has differs, and is still answered', async () => {
    table['event-0000'] = { ...first, details: NumberValue.from(beyondSafe) };
    const { state, event } = await provenEvent(records(), 'event-0000', reader);
    expect([state, event]).toEqual(['differs', null]);
  });

  it('that waits has no proof', async () => {
    ledger['event-0000'] = { leaf: leafOf(canonicalJson(first)), ingestedAt: 'then' };
    const { state, proof } = await provenEvent(records(), 'event-0000', reader);
    expect([state, proof]).toEqual(['waiting', null]);
  });

  it.each([
    ['that is not there', 'event-9999', reader],
    ['that is a gap, of which nothing tells the system', gap.what, reader],
    ['of another system', 'event-0001', { ...reader, systems: ['cordon'] as const }],
  ])('%s is a 404', async (_words, id, by) => {
    await expect(provenEvent(records(), id, by)).rejects.toMatchObject({ status: 404 });
  });

  it('of another system stays closed where its item says that it is of this one', async () => {
    table['event-0001'] = sampleEvent({
      ...{ eventId: 'event-0001', producer: { system: 'cordon', function: 'WatchLambda' } },
    });
    const cordon: AuditReader = { ...reader, systems: ['cordon'] };
    await expect(provenEvent(records(), 'event-0001', cordon)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('seals', () => {
  it('are listed newest first, and one that the bucket does not hold is missing', async () => {
    const list = await listSeals(records(), {});
    expect(auditApiRoutes['GET /seals'].reply.parse(list)).toEqual(list);
    expect(list).toMatchObject({
      seals: [
        { name: 'seal-00000002', state: 'missing' },
        { name: 'seal-00000001', state: 'stored', events: 5, gaps: 1 },
      ],
      next: null,
    });
    const page = await listSeals(records(), { limit: '1' });
    expect(page.next).toBe('seal-00000002');
    const rest = await listSeals(records(), { limit: '1', before: 'seal-00000002' });
    expect(rest).toMatchObject({ seals: [{ name: 'seal-00000001' }], next: null });
  });

  it('are given by name as they are signed', async () => {
    const seal = await sealByName(records(), 'seal-00000001');
    expect(auditApiRoutes['GET /seals/{id}'].reply.parse(seal)).toEqual(seal);
    expect(seal.manifest).toBe(files['manifest.json']);
    await expect(sealByName(records(), 'seal-00000009')).rejects.toMatchObject({ status: 404 });
    await expect(sealByName(records(), '../events')).rejects.toMatchObject({ status: 400 });
  });
});
