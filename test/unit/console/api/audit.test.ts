// What auditors read of the audit, and the signed export of it.
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { type AuditDeps, audit } from '../../../../console/api/audit.ts';
import { type AuditEntry, writeEntry } from '../../../../console/api/audit-entry.ts';
import { auditExport, mostEntries } from '../../../../console/api/audit-export.ts';
import { groups } from '../../../../console/api/caller.ts';
import { describeAudit, verifyAudit } from '../../../../console/pages/src/audit/verify-audit.mjs';
import { auditExportReply, auditReply } from '../../../../console/schemas/audit.ts';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';
import { at } from '../../../../responders/shared/json.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request } from '../../../support/console/people.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { fakeSigner } from '../../../support/fakes/kms-signer.ts';
import { temp } from '../../../support/temp.ts';

const secret = 'password=hunter2-hunter2';
const moment = (day: string, hour = 12): number => Date.parse(`${day}T${hour}:00:00Z`);

const entryAt = (time: number, over: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ at: time, who: 'anna', what: 'answer', incident: 'inc-20261121-7f3k2m8q' },
  ...{ says: `contain: ${secret}`, outcome: 'asked', requestId: `request-${time}` },
  signedInAt: time - 1_000,
  ...over,
});

const world = async (days: readonly string[] = ['2026-11-09', '2026-11-10', '2026-11-30']) => {
  const { to: ledger, objects } = fakeBucket();
  const { kms, mock: kmsMock, pem } = fakeSigner();
  for (const day of days) await writeEntry(ledger, entryAt(moment(day)));
  const deps: AuditDeps = { ledger, mask: maskWith('salt'), now: () => moment('2026-11-30', 20) };
  const ask = auditExport({ ...deps, signer: { kms, keyId: 'audit-key' } });
  const exported = async (body: object, ...of: readonly string[]) => {
    const caller = person('audrey', ...(of.length > 0 ? of : ['auditors']));
    const answer = await ask(request({ caller, body: { purpose: 'audit 4711', ...body } }));
    return auditExportReply.parse(answer.body);
  };
  return { deps, exported, objects, pem, kmsMock };
};

const november = { from: '2026-11-01', to: '2026-11-30' };
const verified = (text: string, key?: string) => verifyAudit(Buffer.from(text), { key });

describe('an export', () => {
  it('has the entries of its days, signed, and passes the check without AWS', async () => {
    const { exported, pem } = await world();
    const file = await exported({ from: '2026-11-10', to: '2026-11-30' });
    const lines = file.text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));

    expect(file).toMatchObject({ entries: 2, name: 'cordon-audit-2026-11-10--2026-11-30.jsonl' });
    expect(lines[0]).toMatchObject({
      ...{ schema: 'cordon-audit/1', entries: 2, exportedBy: 'audrey', purpose: 'audit 4711' },
    });
    expect(lines.slice(1, -1).map((line) => String(at(line, 'object')).slice(0, 24))).toEqual([
      ...['console/audit/2026/11/10', 'console/audit/2026/11/30'],
    ]);
    expect(file.text).not.toContain('hunter2');
    expect(verified(file.text, pem)).toMatchObject({
      ...{ ok: true, entries: 2, sha256: file.sha256, findings: [] },
      key: { pinned: true },
    });
  });

  it('of days without entries is a file, too', async () => {
    const { exported } = await world([]);
    expect(verified((await exported(november)).text)).toMatchObject({ ok: true, entries: 0 });
  });

  it('is itself in the audit, and in the next export', async () => {
    const { exported, deps } = await world();
    const first = await exported(november);
    const { body } = await audit(deps)(request({ caller: person('audrey', 'auditors') }));

    expect(auditReply.parse(body).items.at(-1)).toMatchObject({
      ...{ who: 'audrey', what: 'export-audit', incident: null, says: 'audit 4711' },
      outcome: expect.stringContaining(first.sha256),
    });
    expect((await exported(november)).entries).toBe(first.entries + 1);
  });

  it('is not handed out if the audit cannot be written', async () => {
    const { deps } = await world();
    const { kms } = fakeSigner();
    const { to } = fakeBucket((key) => (key.includes('audit') ? 'AccessDenied' : undefined));
    const ask = auditExport({ ...deps, ledger: to, signer: { kms, keyId: 'k' } });
    const asked = request({
      ...{ caller: person('audrey', 'auditors'), body: { ...november, purpose: 'x' } },
    });
    await expect(ask(asked)).rejects.toThrow('refused');
  });

  it('is for auditors alone: nothing is read, signed or written for others', async () => {
    const { exported, kmsMock, objects } = await world();
    const before = objects.size;
    for (const group of Object.keys(groups).filter((name) => name !== 'auditors'))
      await expect(exported(november, group)).rejects.toThrow(HttpProblem);
    expect([kmsMock.commandCalls(SignCommand).length, objects.size]).toEqual([0, before]);
  });

  it.each([
    ['whose last day is before its first', { from: '2026-11-30', to: '2026-11-01' }],
    ['of a month without days', { from: '2026-11-00', to: '2026-11-30' }],
    ['without a purpose', { ...november, purpose: ' ' }],
  ])('%s is refused', async (_what, body) => {
    await expect((await world()).exported(body)).rejects.toThrow(HttpProblem);
  });

  it('of more entries than fit is refused with what helps', async () => {
    const { exported, objects } = await world([]);
    const kept = { body: Buffer.from('{}'), sha256: '', versionId: 'v1' };
    for (let number = 0; number <= mostEntries; number += 1)
      objects.set(`console/audit/2026/11/02/${1_000_000 + number}-r-done.json`, kept);
    await expect(exported(november)).rejects.toThrow('Export fewer days');
  });
});

describe('the check', () => {
  const damages: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    ['a changed word', (text) => text.replace('anna', 'bert'), /SHA-256 before it/],
    [
      'a missing entry',
      (text) => text.split('\n').toSpliced(1, 1).join('\n'),
      /says that there are 3 entries: there are 2/,
    ],
    [
      'two entries in another order',
      (text) => {
        const [head = '', first = '', second = '', ...rest] = text.split('\n');
        return [head, second, first, ...rest].join('\n');
      },
      /is not in order/,
    ],
    ['no seal', (text) => text.split('\n').slice(0, -2).join('\n'), /is no seal/],
    ['a line that is no JSON', (text) => text.replace('\n{', '\n{{'), /is no JSON/],
    ['nothing in it', () => '', /is no JSON/],
  ];

  it.each(damages)('finds %s', async (_what, damage, reason) => {
    const { exported, pem } = await world();
    const { text } = await exported(november);
    const { ok, findings } = verified(damage(text), pem);

    expect(ok).toBe(false);
    expect(findings.map((finding) => finding.reason).join('\n')).toMatch(reason);
  });

  it('finds every changed byte of what was signed', async () => {
    const { exported, pem } = await world(['2026-11-10']);
    const bytes = Buffer.from((await exported(november)).text);
    const signed = bytes.subarray(0, -1).lastIndexOf(10);
    for (let place = 0; place <= signed; place += 7) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(verifyAudit(changed, { key: pem }).ok, `byte ${place}`).toBe(false);
    }
  });

  it('finds a file that was signed again with another key only with --key', async () => {
    const { exported, pem } = await world();
    const { text } = await exported(november);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const fingerprintOf = (key: string) => verified(text, key).key.fingerprint ?? '';
    const [own, other] = [fingerprintOf(pem), fingerprintOf(foreign)];
    const body = text
      .split('\n')
      .slice(0, -2)
      .map((line) => `${line}\n`)
      .join('')
      .replace('anna', 'bert')
      .replace(own, other);
    const seal = {
      ...{ schema: 'cordon-audit-seal/1', sha256: verifyAudit(Buffer.from(`${body}{}`)).sha256 },
      signature: sign('sha256', Buffer.from(body), privateKey).toString('base64'),
      publicKey: foreign,
    };
    const forged = `${body}${JSON.stringify(seal)}\n`;

    expect(verified(forged).ok).toBe(true);
    expect(describeAudit(verified(forged))).toContain('somebody could have changed it');
    expect(describeAudit(verified(forged, pem))).toMatch(/^NOT VERIFIED[\s\S]*has another key/);
  });

  it('runs as a command, and as OpenSSL does it', async () => {
    const { exported, pem } = await world();
    const { text } = await exported(november);
    const folder = temp('audit-export');
    const [file, key] = [join(folder, 'audit.jsonl'), join(folder, 'audit.pem')];
    writeFileSync(file, text);
    writeFileSync(key, createPublicKey(pem).export({ type: 'spki', format: 'pem' }));
    const script = join(
      import.meta.dirname,
      '../../../../console/pages/src/audit/verify-audit.mjs',
    );
    const run = (...args: readonly string[]) =>
      execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' });

    expect(run(file, '--key', key)).toMatch(/^VERIFIED the audit from 2026-11-01 to 2026-11-30\n/);
    expect(JSON.parse(run(file, '--json'))).toMatchObject({ ok: true, entries: 3 });
    const openssl =
      'head -n -1 "$1" > "$3/signed" && tail -n 1 "$1" | ' +
      `"$4" -e 'process.stdout.write(JSON.parse(require("fs").readFileSync(0)).signature)' ` +
      '| base64 -d > "$3/signature" && ' +
      'openssl dgst -sha256 -verify "$2" -signature "$3/signature" "$3/signed"';
    const args = ['-c', openssl, 'sh', file, key, folder, process.execPath];
    expect(execFileSync('sh', args, { encoding: 'utf8' })).toBe('Verified OK\n');
  });
});
