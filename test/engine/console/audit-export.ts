// Exports of the audit as people of the console ask for them, and who can sign with its key. No
// judgement here.
import { SignCommand } from '@aws-sdk/client-kms';
import { verifyAudit } from '../../../console/pages/src/audit/verify-audit.mjs';
import { auditExportReply } from '../../../console/schemas/audit.ts';
import { output } from '../../../operator/place.ts';
import { publicKeyOf } from '../../../responders/evidence/signer.ts';
import { listAt, textAt } from '../../../responders/shared/json.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { clientsOf } from '../intruder/clients.ts';
import { intruder } from '../intruder/intruder.ts';
import { withSigningKey } from '../intruder/voices.ts';
import type { ConsoleDesk } from './desk.ts';

const auditKeyOf = ({ place }: ConsoleDesk): string =>
  output(place, 'CordonConsole', 'ConsoleAuditKeyArn');

/** What each group is answered, and the export of an auditor with what checks it. */
export const exportsOf = async (desk: ConsoleDesk): Promise<Record<string, unknown>> => {
  const day = new Date().toISOString().slice(0, 10);
  const body = { from: '2026-01-01', to: day, purpose: 'audit 4712' };
  const ask = (token: string, given: object = body) =>
    desk.call('POST', '/audit/export', { token, body: given });
  const said: Record<string, unknown> = {};
  for (const group of ['readers', 'responders', 'approvers'] as const)
    said[group] = (await ask(await desk.enter(`no-auditor-${group}`, group))).status;

  const auditor = await desk.enter('audrey-two', 'auditors');
  said['without a purpose'] = (await ask(auditor, { ...body, purpose: '' })).status;
  const { text } = auditExportReply.parse((await ask(auditor)).json);
  const { kms } = clientsOf(desk.cordon);
  const { pem } = await publicKeyOf({ kms, keyId: auditKeyOf(desk) });
  const { ok, findings } = verifyAudit(Buffer.from(text), { key: pem });
  const audit = await desk.call('GET', '/audit', { token: auditor });
  return {
    ...said,
    ...{ ok, findings, text },
    entry: listAt(audit.json, 'items').find((entry) => textAt(entry, 'who') === 'audrey-two'),
  };
};

/** Whom KMS lets sign, of roles of Cordon and an intruder. */
export const signersOf = async (desk: ConsoleDesk): Promise<readonly string[]> => {
  const signs = async (name: string, KeyId: string): Promise<string> => {
    const { kms } = clientsOf(desk.cordon, await sessionOf(desk.cordon, `Cordon${name}Role`));
    return verdict(() =>
      kms.send(
        new SignCommand({
          ...{ KeyId, Message: new Uint8Array(32), MessageType: 'DIGEST' },
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      ),
    );
  };
  const key = auditKeyOf(desk);
  const said = new Map([
    [
      'ConsoleAuditLambda with the key of evidence',
      await signs('ConsoleAuditLambda', output(desk.place, 'CordonResponse', 'SigningKeyArn')),
    ],
    ['ConsoleAuditLambda with the key of the audit', await signs('ConsoleAuditLambda', key)],
  ]);
  for (const name of ['ConsoleReadLambda', 'ConsoleDecideLambda', 'CustodyLambda'])
    said.set(name, await signs(name, key));
  const stranger = await intruder(desk.cordon, 'intruder-audit');
  for (const attempt of withSigningKey(key)) {
    const { engine, evaluator } = await stranger.judged(attempt);
    said.set(`an intruder: ${attempt.words}`, engine === evaluator ? engine : 'unclear');
  }
  return [...said].filter(([, verdictSaid]) => verdictSaid !== 'denied').map(([who]) => who);
};
