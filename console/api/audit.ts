import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { cursorOf, positionIn } from '../../protected-app/shared/cursor.ts';
import { read } from '../../protected-app/shared/problem.ts';
import { isRecord, jsonIn } from '../../responders/shared/json.ts';
import { maskAll } from '../../responders/shared/redact.ts';
import { auditQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { type Ledger, ledgerPrefix } from './once.ts';
import type { ReadDeps } from './read-deps.ts';

/** As many objects as can be read while the gateway waits. */
const pageSize = 50;

/** `GET /audit`: who read and decided what on a day, in the order of time. */
export const audit =
  (deps: ReadDeps & { readonly ledger: Ledger }) => async (request: ConsoleRequest) => {
    requireGroup(request, ['auditors']);
    const { ledger, mask, now } = deps;
    const { day = new Date(now()).toISOString().slice(0, 10), cursor } = read(
      auditQuery,
      request.query,
      'query',
    );
    const prefix = `${ledgerPrefix}audit/${day.replaceAll('-', '/')}/`;
    const place = z.string().max(300).startsWith(prefix);
    const after = cursor === undefined ? undefined : positionIn(place, cursor);
    const { Contents = [], IsTruncated = false } = await ledger.s3.send(
      new ListObjectsV2Command({
        Bucket: ledger.bucket,
        Prefix: prefix,
        MaxKeys: pageSize,
        StartAfter: after,
      }),
    );
    const keys = Contents.map(({ Key = '' }) => Key);
    const entries = await Promise.all(
      keys.map(async (Key) => {
        const { Body } = await ledger.s3.send(new GetObjectCommand({ Bucket: ledger.bucket, Key }));
        return jsonIn((await Body?.transformToString()) ?? '');
      }),
    );
    const last = keys.at(-1);
    return {
      status: 200,
      body: {
        day,
        items: entries.filter(isRecord).map((entry) => maskAll(entry, mask)),
        cursor: IsTruncated && last !== undefined ? cursorOf(last) : null,
      },
    };
  };
