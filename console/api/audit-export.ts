import { createHash } from 'node:crypto';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import {
  type PublicKey,
  publicKeyOf,
  type Signer,
  sign,
} from '../../responders/evidence/signer.ts';
import { sortedJson } from '../../responders/shared/sorted-json.ts';
import { auditExportBody } from '../schemas/requests.ts';
import type { AuditDeps } from './audit.ts';
import { writeEntry } from './audit-entry.ts';
import { auditEntry, auditKeys, auditPrefix, dayPrefix } from './audit-read.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';

/** What signing an export needs besides. */
export interface AuditExportDeps extends AuditDeps {
  readonly signer: Signer;
}

/** So many are read in a few seconds, and fit into the answer of a function. */
export const mostEntries = 2_000;
const atOnce = 50;
const oneList = 1_000;

interface Period {
  readonly from: string;
  readonly to: string;
}

/** The names of all entries of a period. */
const keysOf = async ({ ledger }: AuditDeps, { from, to }: Period): Promise<readonly string[]> => {
  // Behind every name of the last day.
  const end = `${dayPrefix(to)}\uffff`;
  const keys: string[] = [];
  let after = dayPrefix(from);
  for (;;) {
    const page = await auditKeys(ledger, { prefix: auditPrefix, after, limit: oneList });
    keys.push(...page.keys.filter((key) => key <= end));
    const last = page.keys.at(-1);
    if (keys.length > mostEntries)
      throw new HttpProblem(
        413,
        `These days have more than ${mostEntries} entries. Export fewer days at a time.`,
      );
    if (!page.hasMore || last === undefined || last > end) return keys;
    after = last;
  }
};

const linesOf = async (
  { ledger, mask }: AuditDeps,
  keys: readonly string[],
): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (let at = 0; at < keys.length; at += atOnce)
    lines.push(
      ...(await Promise.all(
        keys
          .slice(at, at + atOnce)
          .map(async (object) =>
            sortedJson({ object, entry: (await auditEntry(ledger, object, mask)) ?? null }),
          ),
      )),
    );
  return lines;
};

interface ExportHead extends Period {
  readonly entries: number;
  readonly exportedAt: string;
  readonly exportedBy: string;
  readonly purpose: string;
  readonly requestId: string;
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const headLine = (head: ExportHead, keyId: string, { sha256 }: PublicKey): string =>
  sortedJson({
    ...{ schema: 'cordon-audit/1', ...head },
    signing: { algorithm: 'ECDSA_SHA_256', keyId, publicKeySha256: sha256 },
  });

/** The lines with the signature over them as the last one: what verify-audit.mjs accepts. */
const sealed = async (
  { signer }: AuditExportDeps,
  head: ExportHead,
  entries: readonly string[],
): Promise<{ readonly text: string; readonly sha256: string }> => {
  const publicKey = await publicKeyOf(signer);
  const body = textOf([headLine(head, signer.keyId, publicKey), ...entries]);
  const bytes = Buffer.from(body);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const signature = Buffer.from(await sign(signer, bytes)).toString('base64');
  const seal = { schema: 'cordon-audit-seal/1', sha256, signature, publicKey: publicKey.pem };
  return { text: body + textOf([sortedJson(seal)]), sha256 };
};

/**
 * `POST /audit/export`: the entries of a period as signed JSON lines. That it was exported, by whom
 * and why, is in the audit before the answer is sent.
 */
export const auditExport = (deps: AuditExportDeps) => async (request: ConsoleRequest) => {
  const { name, signedInAt } = requireGroup(request, ['auditors']);
  const { from, to, purpose } = read(auditExportBody, request.body, 'body');
  const { requestId } = request;
  const at = deps.now();
  const entries = await linesOf(deps, await keysOf(deps, { from, to }));
  const head = {
    ...{ from, to, entries: entries.length, purpose: deps.mask(purpose), requestId },
    ...{ exportedAt: new Date(at).toISOString(), exportedBy: name },
  };
  const { text, sha256 } = await sealed(deps, head, entries);
  await writeEntry(deps.ledger, {
    ...{ at, who: name, what: 'export-audit', incident: null, says: purpose, requestId },
    outcome: `${from} to ${to}, ${entries.length} entries, SHA-256 ${sha256}`,
    signedInAt,
  });
  return {
    status: 200,
    body: {
      ...{ from, to, entries: entries.length, sha256, text },
      name: `cordon-audit-${from}--${to}.jsonl`,
      keyId: deps.signer.keyId,
    },
  };
};
