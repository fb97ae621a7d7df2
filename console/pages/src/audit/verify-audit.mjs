#!/usr/bin/env node
// Verifies an export of the console's audit offline, with Node (20 or newer) only:
// node verify-audit.mjs FILE [--key FILE] [--json]
// The first line says what was exported, the last one has the signature over all lines before it,
// and each line between them is one entry. No file can show about itself that the key is Cordon's:
// get the key in another way for --key, or compare its fingerprint.
import { createHash, createPublicKey, verify as fits } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const mostFindings = 1_000;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of a file that may be hostile, fit for a terminal. */
const printable = (text) =>
  `${text}`
    .slice(0, 300)
    .replace(/[^\x20-\x7e]/gu, (char) => `\\u{${char.codePointAt(0).toString(16)}}`);

const keyFrom = (pem) => {
  const key = createPublicKey({ key: pem, format: 'pem' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('it is not a P-256 key');
  return { key, fingerprint: sha256(key.export({ type: 'spki', format: 'der' })) };
};

const report = ({ findings }, line, reason) => {
  if (findings.length < mostFindings) findings.push({ line, reason });
};

/** A line as JSON of an object; what is wrong with it is a finding. */
const recordIn = (check, text, line) => {
  try {
    const value = JSON.parse(text);
    if (isRecord(value)) return value;
    report(check, line, 'is no object');
  } catch {
    report(check, line, 'is no JSON');
  }
  return undefined;
};

/** The key in the file, where it is one. */
const keyIn = (check, pem, line) => {
  try {
    return keyFrom(pem);
  } catch (error) {
    report(check, line, `has no public key: ${printable(error.message)}`);
    return undefined;
  }
};

/** The last line: the digest, the signature and the key of all before it. */
const checkSeal = (check, body, seal, line, pinned) => {
  if (seal.schema !== 'cordon-audit-seal/1') report(check, line, 'is no seal of an export');
  const is = sha256(body);
  if (seal.sha256 !== is)
    report(
      check,
      line,
      `says that the SHA-256 before it is ${printable(seal.sha256)}: it is ${is}`,
    );
  const inside = keyIn(check, seal.publicKey, line);
  if (pinned && inside && inside.fingerprint !== pinned.fingerprint)
    report(
      check,
      line,
      `has another key: its fingerprint is ${inside.fingerprint}, ` +
        `that of --key is ${pinned.fingerprint}`,
    );
  const key = pinned ?? inside;
  const signature = typeof seal.signature === 'string' ? seal.signature : '';
  if (key && !fits('sha256', body, key.key, Buffer.from(signature, 'base64')))
    report(
      check,
      line,
      'has a signature that is not valid: something was changed, or another key signed',
    );
  return key?.fingerprint ?? null;
};

/** The first line: what was exported, and how many entries that are. */
const checkHead = (check, head, entries, fingerprint) => {
  if (head.schema !== 'cordon-audit/1') report(check, 1, 'is no head of an export');
  if (head.entries !== entries)
    report(
      check,
      1,
      `says that there are ${printable(head.entries)} entries: there are ${entries}`,
    );
  if (fingerprint !== null && head.signing?.publicKeySha256 !== fingerprint)
    report(
      check,
      1,
      `says that it is signed with another key: ${printable(head.signing?.publicKeySha256)}`,
    );
};

/** An entry has the name of its object: in order, each once, of a day that was asked for. */
const checkEntry = (check, { from, to }, { object, entry }, line, before) => {
  const [, ...date] = /^console\/audit\/(\d{4})\/(\d\d)\/(\d\d)\/[\w-]+\.json$/.exec(object) ?? [];
  const day = date.join('-');
  if (day === '') report(check, line, 'names no entry of the audit');
  else if (!(day >= from && day <= to))
    report(check, line, `is of ${day}, which was not asked for`);
  if (before !== undefined && !(object > before)) report(check, line, 'is not in order');
  if (!isRecord(entry)) report(check, line, 'has no entry');
};

/** Verifies an export. `key` is the PEM of the public key, got in another way. */
export const verifyAudit = (bytes, { key: pem } = {}) => {
  const check = { findings: [] };
  const pinned = pem === undefined ? undefined : keyFrom(pem);
  const end = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
  const begin = bytes.subarray(0, end).lastIndexOf(10) + 1;
  const body = bytes.subarray(0, begin);
  const lines = body.toString('utf8').split('\n').slice(0, -1);
  const seal = recordIn(check, bytes.subarray(begin, end).toString('utf8'), lines.length + 1);
  const fingerprint = seal ? checkSeal(check, body, seal, lines.length + 1, pinned) : null;
  const head = recordIn(check, lines[0] ?? '', 1) ?? {};
  checkHead(check, head, Math.max(0, lines.length - 1), fingerprint);
  let before;
  for (const [index, text] of lines.slice(1).entries()) {
    const entry = recordIn(check, text, index + 2);
    if (!entry) continue;
    checkEntry(check, head, entry, index + 2, before);
    before = entry.object;
  }
  const { findings } = check;
  return {
    schema: 'cordon-audit-verification/1',
    ok: findings.length === 0,
    from: printable(head.from ?? ''),
    to: printable(head.to ?? ''),
    entries: Math.max(0, lines.length - 1),
    sha256: sha256(body),
    key: { fingerprint, pinned: pem !== undefined },
    findings,
  };
};

/** The result for people. */
export const describeAudit = ({ ok, from, to, entries, sha256: digest, key, findings }) => {
  if (!ok)
    return ['NOT VERIFIED', ...findings.map(({ line, reason }) => `  line ${line} ${reason}`)].join(
      '\n',
    );
  const origin = key.pinned
    ? 'which is the one given by --key'
    : 'which lies in this file, where somebody could have changed it: compare its fingerprint ' +
      'with that of the people who run Cordon, or give their key with --key';
  return `VERIFIED the audit from ${from} to ${to}
  ${entries} ${entries === 1 ? 'entry' : 'entries'}, all there and unchanged; SHA-256 ${digest}
  signed with the key ${key.fingerprint},
  ${origin}`;
};

const main = async (args) => {
  try {
    const options = { key: { type: 'string' }, json: { type: 'boolean' } };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file, more] = positionals;
    if (file === undefined || more !== undefined) throw new Error('wanted one file');
    const key = values.key && (await readFile(values.key));
    const result = verifyAudit(await readFile(file), { key });
    console.log(values.json ? JSON.stringify(result, null, 2) : describeAudit(result));
    return result.ok ? 0 : 1;
  } catch (error) {
    console.error(
      `verify-audit.mjs: ${error.message}\nusage: node verify-audit.mjs FILE [--key FILE] [--json]`,
    );
    return 2;
  }
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
