import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { isRecord, jsonIn } from '../../responders/shared/json.ts';
import type { Mask } from '../../responders/shared/redact.ts';
import { maskAll } from '../../responders/shared/redact.ts';
import { type Ledger, ledgerPrefix } from './once.ts';

/** Below it one folder for each year, month and day. */
export const auditPrefix = `${ledgerPrefix}audit/`;

/** `2026-11-30` → `console/audit/2026/11/30/` */
export const dayPrefix = (day: string): string => `${auditPrefix}${day.replaceAll('-', '/')}/`;

export interface AuditKeys {
  readonly keys: readonly string[];
  readonly hasMore: boolean;
}

/** The next names of entries after a name, in the order of time. */
export const auditKeys = async (
  { s3, bucket }: Ledger,
  { prefix, after, limit }: { prefix: string; after: string | undefined; limit: number },
): Promise<AuditKeys> => {
  const { Contents = [], IsTruncated = false } = await s3.send(
    new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: limit,
      StartAfter: after,
    }),
  );
  return { keys: Contents.map(({ Key = '' }) => Key), hasMore: IsTruncated };
};

/** An entry as it is shown: a person may have typed a secret as the reason. */
export const auditEntry = async (
  { s3, bucket }: Ledger,
  key: string,
  mask: Mask,
): Promise<object | undefined> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const entry = maskAll(jsonIn((await Body?.transformToString()) ?? ''), mask);
  return isRecord(entry) ? entry : undefined;
};
