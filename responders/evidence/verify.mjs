#!/usr/bin/env node
// Verifies a folder of Cordon's evidence offline, with nothing but Node (20 or newer) and this file.
//
//   node verify.mjs [folder] [--key FILE] [--json] [--copied]
//
// It shows that every byte is as it was when the manifest was signed: the signature covers manifest.json, which lists every
// object with its SHA-256; each custody entry is signed and names the hash of the one before. Two things nothing in the folder
// can show. That the key is Cordon's: get it in another way and pass it as --key, or compare the fingerprint that is printed.
// And that this file is honest: who changed the evidence may have changed the verifier beside it. Read it, take it from
// Cordon's sources, or do without: docs/evidence-recipe.md does the same with openssl and sha256sum.
import { createHash, createPublicKey, verify as fits } from 'node:crypto';
import { constants, realpathSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const largestDocument = 32 * 1024 * 1024; // manifests, entries, signatures and keys are read as a whole; nothing larger is one
const mostFindings = 1_000; // a folder of a million strangers needs no million lines

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lower-case letters, digits and -_./ with no part that is empty, `.` or `..`: nothing that could lead out of the folder. */
export const isPath = (value) =>
  typeof value === 'string' && value.length <= 1024 && /^(?!\.{1,2}(\/|$))[a-z0-9._-]+(\/(?!\.{1,2}(\/|$))[a-z0-9._-]+)*$/.test(value);

/** Text from a folder that may be hostile, fit for a terminal: what is not plain ASCII shows as its code. */
const printable = (text) =>
  String(text)
    .replace(/[^\x20-\x7e]/gu, (char) => `\\u{${char.codePointAt(0).toString(16)}}`)
    .slice(0, 300);

/** The one way to write a value as JSON: sorted keys, no spaces, whole numbers only. */
export const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isRecord(value))
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(',')}}`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error('it has a number that is not whole');
  return JSON.stringify(value);
};

const keyFrom = (pem) => {
  const key = createPublicKey({ key: pem, format: 'pem' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('it is not a P-256 key');
  return { key, fingerprint: sha256(key.export({ type: 'spki', format: 'der' })) };
};

const found = ({ findings }, object, reason) => {
  if (findings.length < mostFindings) findings.push({ object: printable(object), reason });
};

/** Finds every plain file below the folder; whatever else lies there is a finding. Links are never followed. */
const walk = async (check, at = '') => {
  for (const entry of await readdir(join(check.folder, at), { withFileTypes: true })) {
    const path = at + entry.name;
    const before = check.files.size;
    if (entry.isFile()) check.files.add(path);
    else if (entry.isSymbolicLink()) found(check, path, 'is a symbolic link: evidence has none, and it is not followed');
    else if (!entry.isDirectory()) found(check, path, 'is neither a file nor a folder');
    else if (isPath(path) && path.split('/').length < 20)
      await walk(check, `${path}/`).catch((error) => found(check, `${path}/`, `cannot be read: ${printable(error.message)}`));
    if (entry.isDirectory() && check.files.size === before) found(check, `${path}/`, 'is a folder that the manifest does not list');
  }
};

/** Opens a file without following a link and without waiting for a pipe; what is read is what was opened. */
const opened = async ({ folder }, path, use) => {
  const file = await open(join(folder, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    return await use(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
};

/** A small file as a whole; nothing, with a finding, where there is none. */
const bytesOf = async (check, path, missing = 'is missing') => {
  check.expected.add(path);
  try {
    if (!check.files.has(path)) found(check, path, missing);
    else
      return await opened(check, path, (file, size) => {
        if (size > largestDocument) throw new Error(`its ${size} bytes are far too many`);
        return file.readFile();
      });
  } catch (error) {
    found(check, path, `cannot be read: ${printable(error.message)}`);
  }
};

/** A JSON document of this schema with its bytes; what is wrong with it is a finding. */
const documentAt = async (check, path, schema, missing) => {
  const bytes = await bytesOf(check, path, missing);
  if (!bytes) return {};
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    if (canonical(value) !== text) found(check, path, 'is not canonical JSON: it was changed, or something else than Cordon wrote it');
    if (isRecord(value) && value.schema === schema) return { bytes, value };
    found(check, path, `is not a document of the schema ${schema}`);
  } catch (error) {
    found(check, path, `cannot be read as JSON: ${printable(error.message)}`);
  }
  return { bytes };
};

const keyAt = async (check, path) => {
  const pem = await bytesOf(check, path);
  try {
    return pem && keyFrom(pem);
  } catch (error) {
    found(check, path, `cannot be used: ${printable(error.message)}`);
  }
};

const checkSignature = async (check, path, bytes, key = check.key) => {
  const signature = await bytesOf(check, path);
  if (bytes && signature && key && !fits('sha256', bytes, key.key, signature))
    found(check, path, 'does not fit: it or what it signs was changed, or it was made with another key');
};

/** The manifest and who signed it. Without --key it can only be said whose key it was. */
const checkManifest = async (check) => {
  const inside = await keyAt(check, 'public-key.pem');
  check.key = check.pinned ?? inside;
  if (inside && inside.fingerprint !== check.key.fingerprint)
    found(check, 'public-key.pem', `was replaced: its fingerprint is ${inside.fingerprint}, that of --key is ${check.key.fingerprint}`);
  const { bytes, value } = await documentAt(check, 'manifest.json', 'cordon-manifest/1');
  await checkSignature(check, 'manifest.sig', bytes);
  if (!value) return undefined;
  const { incident, round, sequence, previous, signing, objects } = value;
  const rules = [
    [typeof incident === 'string' && isCount(round) && isCount(sequence), 'names no incident, round and sequence'],
    [previous === null || (isRecord(previous) && isHash(previous.sha256)), 'names its predecessor in a way that cannot be checked'],
    [(previous === null) === (sequence === 1), 'must name a predecessor, unless it is the first'],
    [isRecord(signing) && signing.algorithm === 'ECDSA_SHA_256', 'does not say how it is signed'],
    [!check.key || signing?.publicKeySha256 === check.key.fingerprint, 'names another key than the one it is checked with'],
    [Array.isArray(objects) && objects.every(isRecord), 'has no list of objects'],
  ];
  const broken = rules.filter(([holds]) => !holds);
  for (const [, reason] of broken) found(check, 'manifest.json', reason);
  return broken.some(([, reason]) => /names|list/.test(reason) && !/another key/.test(reason))
    ? undefined
    : { ...value, sha256: sha256(bytes) };
};

/** Everything that the manifest lists: it is there, and every byte of it is as listed. */
const checkObjects = async (check, { objects }) => {
  let before = '';
  for (const { path, bytes, sha256: hash } of objects) {
    if (!isPath(path) || /^(manifest\.(json|sig)|export\.json|(custody|chain)\/.*)$/.test(path) || !isCount(bytes) || !isHash(hash)) {
      found(check, 'manifest.json', `lists ${printable(path)}, whose path, size or hash cannot be one`);
      continue;
    }
    if (path === before) found(check, path, 'is listed twice');
    else if (path < before) found(check, 'manifest.json', `is not sorted: ${path} stands behind ${before}`);
    before = path;
    check.expected.add(path);
    if (check.files.has(path)) await checkObject(check, path, bytes, hash);
    else found(check, path, 'is missing');
  }
};

const checkObject = async (check, path, bytes, listed) => {
  try {
    await opened(check, path, async (file, size) => {
      if (size !== bytes) return found(check, path, `was changed: it has ${size} bytes, the manifest says ${bytes}`);
      const hash = createHash('sha256');
      const part = Buffer.allocUnsafe(1024 * 1024); // one piece at a time, so that size needs no memory
      for (let read = await file.read(part); read.bytesRead > 0; read = await file.read(part))
        hash.update(part.subarray(0, read.bytesRead));
      const is = hash.digest('hex');
      if (is !== listed) found(check, path, `was changed: its SHA-256 is ${is}, the manifest says ${listed}`);
    });
  } catch (error) {
    found(check, path, `cannot be read: ${printable(error.message)}`);
  }
};

/** Who read it: entries without a hole, each signed, each naming the hash of the one before. */
const checkCustody = async (check, { incident, round, sha256: first }) => {
  const numbers = [...check.files].map((path) => Number(/^custody\/(\d{6})\.(?:json|sig)$/.exec(path)?.[1] ?? 0));
  const entries = numbers.reduce((most, number) => Math.max(most, number), 0);
  let last = first;
  for (let number = 1; number <= entries && check.findings.length < mostFindings; number += 1) {
    const path = `custody/${String(number).padStart(6, '0')}`;
    const { bytes, value } = await documentAt(check, `${path}.json`, 'cordon-custody/1', 'is missing: the chain of custody has a hole');
    await checkSignature(check, `${path}.sig`, bytes);
    if (value && (value.incident !== incident || value.round !== round)) found(check, `${path}.json`, 'belongs to another incident');
    if (value && value.sequence !== number) found(check, `${path}.json`, `says that it is number ${printable(value.sequence)}`);
    if (value && last && value.previous !== last) found(check, `${path}.json`, 'does not continue what stands before it');
    last = bytes && sha256(bytes);
  }
  return { entries, last };
};

/** The manifests before this one, nearest first, each with the hash that its successor names. Only the nearest must be here. */
const checkChain = async (check, { sequence, previous }) => {
  const links = [];
  for (let number = sequence - 1; isRecord(previous); number -= 1) {
    const at = `chain/${number}`;
    if (links.length > 0 && !check.files.has(`${at}/manifest.json`)) break;
    const { bytes, value } = await documentAt(
      check,
      `${at}/manifest.json`,
      'cordon-manifest/1',
      'is missing: the chain of manifests is cut',
    );
    if (!bytes) break;
    const is = sha256(bytes);
    if (is !== previous.sha256) found(check, `${at}/manifest.json`, `is not the manifest that its successor names: ${is}`);
    const named = value?.signing?.publicKeySha256;
    const key = named === check.key?.fingerprint ? check.key : await keyAt(check, `${at}/public-key.pem`); // replaced since then
    if (key && key.fingerprint !== named) found(check, `${at}/manifest.json`, 'was signed with another key than it names');
    await checkSignature(check, `${at}/manifest.sig`, bytes, key);
    links.push({ sequence: number, sha256: is });
    previous = value?.previous;
  }
  return links;
};

/** What the pull says that it took. It holds nothing that does not follow from the rest, so that any change of it shows. */
const checkExport = async (check, { incident, round }, { entries, last }, links) => {
  const { bytes, value } = await documentAt(check, 'export.json', 'cordon-export/1');
  if (!value) return;
  const { custodyEntries: told, chain } = value;
  for (let lost = entries + 1; lost <= told && check.findings.length < mostFindings; lost += 1)
    found(check, `custody/${String(lost).padStart(6, '0')}.json`, `is missing: export.json counts ${told} entries`);
  for (const link of Array.isArray(chain) ? chain.slice(links.length) : [])
    found(check, `chain/${printable(link?.sequence)}/manifest.json`, 'is missing: export.json lists it');
  const right = { schema: 'cordon-export/1', incident, round, custodyEntries: entries, lastCustody: last ?? null, chain: links };
  if (canonical(right) !== bytes.toString()) found(check, 'export.json', 'does not describe this folder: one of the two was changed');
};

/** Verifies a folder. `key` is the PEM of the public key, got in another way; `copied`: no `cordon evidence pull` made the folder. */
export const verify = async (folder, { key, copied = false } = {}) => {
  const check = { folder, files: new Set(), expected: new Set(), findings: [], pinned: key === undefined ? undefined : keyFrom(key) };
  await walk(check);
  const manifest = await checkManifest(check);
  let custody = { entries: 0 };
  if (manifest) {
    await checkObjects(check, manifest);
    custody = await checkCustody(check, manifest);
    if (!copied) await checkExport(check, manifest, custody, await checkChain(check, manifest));
    for (const path of check.files) if (!check.expected.has(path)) found(check, path, 'is not listed in the manifest');
  }
  return {
    schema: 'cordon-verification/1',
    ok: check.findings.length === 0,
    incident: manifest?.incident ?? null,
    round: manifest?.round ?? null,
    objects: manifest?.objects.length ?? 0,
    bytes: manifest?.objects.reduce((sum, { bytes }) => sum + (isCount(bytes) ? bytes : 0), 0) ?? 0,
    custody: { entries: custody.entries, last: custody.last ?? null },
    key: { fingerprint: check.key?.fingerprint ?? null, pinned: key !== undefined },
    findings: check.findings,
  };
};

/** The result for people: one line for each finding, or what was verified and what still has to be compared. */
export const describe = ({ ok, incident, round, objects, bytes, custody, key, findings }) => {
  if (!ok) {
    const width = Math.max(...findings.map(({ object }) => object.length));
    return ['NOT VERIFIED', '', ...findings.map(({ object, reason }) => `${object.padEnd(width)}  ${reason}`)].join('\n');
  }
  const whose = key.pinned ? 'the one given by --key' : 'the one in the folder: compare this fingerprint with one you got in another way';
  return [
    `VERIFIED ${incident}, round ${round}`,
    `  ${objects} objects, ${bytes} bytes: all there and unchanged, and nothing beside them`,
    `  ${custody.entries} custody entries, the last one ${custody.last}`,
    `  signed with the key ${key.fingerprint}, ${whose}`,
  ].join('\n');
};

const main = async (args) => {
  try {
    const options = { key: { type: 'string' }, json: { type: 'boolean' }, copied: { type: 'boolean' } };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length > 1) throw new Error('wanted one folder');
    const key = values.key === undefined ? undefined : await readFile(values.key);
    const result = await verify(positionals[0] ?? dirname(fileURLToPath(import.meta.url)), { key, copied: values.copied });
    console.log(values.json ? JSON.stringify(result, null, 2) : describe(result));
    return result.ok ? 0 : 1;
  } catch (error) {
    console.error(`verify.mjs: ${error.message}\nusage: node verify.mjs [folder] [--key FILE] [--json] [--copied]`);
    return 2;
  }
};

// Also imported by `cordon evidence verify`, so that both give one answer.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
