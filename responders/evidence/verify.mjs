#!/usr/bin/env node
// Verifies a folder of Cordon's evidence offline, with Node (20 or newer) only: node verify.mjs
// [folder] [--key FILE] [--json] [--copied] [--proof] It shows that every byte is as it was when
// the manifest was signed. manifest.json lists every object with its SHA-256 and is signed; each
// custody entry is signed and names the hash of the one before. The manifest of a seal of the audit
// also names the root of a Merkle tree (RFC 6962) over its events. No folder can show about itself
// that the key is Cordon's (get it in another way for --key, or compare the fingerprint) and that
// this file is honest: read it, or do without it as docs/evidence-recipe.md says.
import { createHash, createPublicKey, verify as fits } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { lstat, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// what is written after the manifest is checked otherwise
const notListed = /^(manifest\.(json|sig|tsr)|export\.json|(custody|chain)\/.*)$/;
const mostFindings = 1_000; // a folder of a million strangers needs no million lines
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Lower-case letters, digits and -_./ in parts that begin with no dot: nothing that could lead out
 * of the folder.
 */
export const isPath = (value) =>
  typeof value === 'string' &&
  value.length <= 1024 &&
  /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/.test(value);

/**
 * Text from a folder that may be hostile, fit for a terminal: what is not plain ASCII shows as its
 * code.
 */
const printable = (text) =>
  `${text}`
    .slice(0, 300)
    .replace(/[^\x20-\x7e]/gu, (char) => `\\u{${char.codePointAt(0).toString(16)}}`);

/** The one way to write a value as JSON: sorted keys, no spaces, whole numbers only. */
export const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  const member = (key) => `${JSON.stringify(key)}:${canonical(value[key])}`;
  if (isRecord(value)) return `{${Object.keys(value).sort().map(member)}}`;
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Error('it has a number that is not an integer');
  return JSON.stringify(value);
};

const keyFrom = (pem) => {
  const key = createPublicKey({ key: pem, format: 'pem' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('it is not a P-256 key');
  return { key, fingerprint: sha256(key.export({ type: 'spki', format: 'der' })) };
};

const report = ({ findings }, object, reason) => {
  if (findings.length < mostFindings) findings.push({ object: printable(object), reason });
};

/** Whatever goes wrong with a file is a finding about that file. */
const attempt = (check, path, work) =>
  work().catch((error) => report(check, path, `cannot be read: ${printable(error.message)}`));

/**
 * Finds every plain file below the folder; whatever else lies there is a finding. Links are never
 * followed.
 */
const walk = async (check, at = '') => {
  for (const entry of await readdir(join(check.folder, at), { withFileTypes: true })) {
    const path = at + entry.name;
    const before = check.files.size;
    if (entry.isFile()) check.files.add(path);
    else if (!entry.isDirectory())
      report(check, path, 'is a link or something else that is no file: it is not followed');
    else if (isPath(path) && path.split('/').length < 20)
      await attempt(check, `${path}/`, () => walk(check, `${path}/`));
    if (entry.isDirectory() && check.files.size === before)
      report(check, `${path}/`, 'is a folder that the manifest does not list');
  }
};

/** A small file as a whole; nothing, with a finding, where there is none. */
const bytesOf = async (check, path, missing = 'is missing') => {
  check.expected.add(path);
  if (!check.files.has(path)) return report(check, path, missing);
  return attempt(check, path, async () => {
    const { size } = await lstat(join(check.folder, path));
    if (size > 32 * 1024 * 1024)
      throw new Error(`it has ${size} bytes, more than such a file can have`);
    return readFile(join(check.folder, path));
  });
};

/** A JSON document of this schema with its bytes; what is wrong with it is a finding. */
const documentAt = async (check, path, schema, missing) => {
  const bytes = await bytesOf(check, path, missing);
  const parse = async () => {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    if (canonical(value) !== text)
      throw new Error(
        'it is not canonical JSON: it was changed, or something else than Cordon wrote it',
      );
    if (value?.schema !== schema) throw new Error(`it is not a document of the schema ${schema}`);
    return value;
  };
  return { bytes, value: bytes && (await attempt(check, path, parse)) };
};

const keyAt = (check, path) =>
  bytesOf(check, path).then((pem) => pem && attempt(check, path, async () => keyFrom(pem)));

const checkSignature = async (check, path, bytes, key = check.key) => {
  const signature = await bytesOf(check, path);
  if (bytes && signature && key && !fits('sha256', bytes, key.key, signature))
    report(
      check,
      path,
      'is not valid: it or the signed file was changed, or it was made with another key',
    );
};

/** Where Cordon stored a file: beside its usual place if other bytes had taken that. */
const placeOf = (manifest, path) => {
  const objects = Array.isArray(manifest?.objects) ? manifest.objects : [];
  const own = objects.find((object) => object?.insteadOf === path)?.path;
  return isPath(own) && /^own-[0-9a-f]{16}\//.test(own) && own.endsWith(`/${path}`) ? own : path;
};

/** The events that should be in a seal and are not. They were signed with it. */
const gapsIn = ({ gaps }) =>
  (Array.isArray(gaps) ? gaps : [])
    .slice(0, mostFindings)
    .map((gap) => ({ what: printable(gap?.what), why: printable(gap?.why) }));

/** The manifest and who signed it. Without --key it can only be said whose key it was. */
const checkManifest = async (check, proof) => {
  const { bytes, value } = await documentAt(check, 'manifest.json', 'cordon-manifest/1');
  const usual = 'public-key.pem'; // a proof has one key, wherever its seal has it
  const inside = await keyAt(check, proof ? usual : placeOf(value, usual));
  check.key = check.pinned ?? inside;
  const is = check.key?.fingerprint;
  if (inside && inside.fingerprint !== is)
    report(
      check,
      'public-key.pem',
      `was replaced: its fingerprint is ${inside.fingerprint}, that of --key is ${is}`,
    );
  await checkSignature(check, 'manifest.sig', bytes);
  if (!value) return undefined;
  const { incident, round, sequence, previous, signing, objects } = value;
  const named =
    typeof incident === 'string' && isCount(round) && isCount(sequence) && Array.isArray(objects);
  if (!named)
    report(check, 'manifest.json', 'names no incident, round and sequence, or lists no objects');
  const linked = sequence === 1 ? previous === null : isHash(previous?.sha256);
  if (!linked)
    report(check, 'manifest.json', 'names its predecessor in a way that cannot be checked');
  if (is && (signing?.publicKeySha256 !== is || signing.algorithm !== 'ECDSA_SHA_256'))
    report(
      check,
      'manifest.json',
      `says that it is signed with another key: ${printable(signing?.publicKeySha256)}`,
    );
  const { merkle } = value;
  const isTree = isRecord(merkle) && isHash(merkle.root) && isCount(merkle.events);
  if (merkle !== undefined && !isTree)
    report(check, 'manifest.json', 'names a tree of events in a way that cannot be checked');
  if (isTree) check.gaps = gapsIn(value);
  // OpenSSL checks the signature of the time stamp; here only what it is about is checked.
  const stamp = check.files.has('manifest.tsr') && (await bytesOf(check, 'manifest.tsr'));
  if (stamp) check.timestamp = sha256(stamp);
  if (stamp && !stamp.includes(sha256(bytes), 0, 'hex'))
    report(check, 'manifest.tsr', 'is not about this manifest');
  if (!named || !linked) return undefined;
  return { ...value, merkle: isTree ? merkle : undefined, sha256: sha256(bytes) };
};

/** Everything that the manifest lists: it is there, and every byte of it is as listed. */
const checkObjects = async (check, { objects }) => {
  check.buffer = Buffer.alloc(1024 * 1024); // every file is read through this: size needs no memory
  let before = '';
  for (const { path, bytes, sha256: hash } of objects.map((object) => object ?? {})) {
    if (!isPath(path) || notListed.test(path) || !isCount(bytes) || !isHash(hash))
      report(check, 'manifest.json', `lists ${printable(path)} with an invalid path, size or hash`);
    else if (path <= before)
      report(
        check,
        path,
        path === before ? 'is listed twice' : `is listed after ${before}: the list is not in order`,
      );
    else {
      before = path;
      check.expected.add(path);
      if (check.files.has(path))
        await attempt(check, path, () => checkObject(check, path, bytes, hash));
      else report(check, path, 'is missing');
    }
  }
};

const checkObject = async (check, path, bytes, listed) => {
  const hash = createHash('sha256');
  const handle = await open(join(check.folder, path));
  try {
    const { size } = await handle.stat();
    if (size !== bytes)
      return report(check, path, `was changed: it has ${size} bytes, the manifest says ${bytes}`);
    for (let read = -1; read !== 0; hash.update(check.buffer.subarray(0, read)))
      read = (await handle.read(check.buffer)).bytesRead;
  } finally {
    await handle.close();
  }
  const is = hash.digest('hex');
  if (is !== listed)
    report(check, path, `was changed: its SHA-256 is ${is}, the manifest says ${listed}`);
};

const digest = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const leafOf = (bytes) => digest('\x00', bytes);
const nodeOf = (left, right) => digest('\x01', Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
const splitOf = (count) => 2 ** Math.floor(Math.log2(count - 1));

/** The root over hashes of events in their order. */
const rootOf = (leaves) => {
  if (leaves.length < 2) return leaves[0] ?? digest();
  const split = splitOf(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
};

/** The root that one hash makes with those beside its way up; nothing where they do not fit. */
const rootBy = (leaf, index, count, path) => {
  if (count === 1) return path.length === 0 ? leaf : undefined;
  const [split, beside, rest] = [splitOf(count), path.at(-1), path.slice(0, -1)];
  const isLeft = index < split;
  const inner = isLeft
    ? rootBy(leaf, index, split, rest)
    : rootBy(leaf, index - split, count - split, rest);
  if (!inner || !isHash(beside)) return undefined;
  return isLeft ? nodeOf(inner, beside) : nodeOf(beside, inner);
};

/** Each event of a seal is one of those that were signed, in their order, and none is missing. */
const checkEvents = async (check, { merkle }) => {
  const { value } = await documentAt(check, 'leaves.json', 'cordon-leaves/1');
  const bytes = await bytesOf(check, 'events.ndjson');
  if (!value || !bytes) return;
  const leaves = (Array.isArray(value.leaves) ? value.leaves : []).map((entry) => entry ?? {});
  if (
    !leaves.every(({ leaf }) => isHash(leaf)) ||
    leaves.length !== merkle.events ||
    rootOf(leaves.map(({ leaf }) => leaf)) !== merkle.root
  )
    return report(check, 'leaves.json', 'does not make the root that the manifest names');
  const sealed = new Map(leaves.map(({ leaf }, index) => [leaf, index]));
  const seen = new Set();
  const text = bytes.toString('latin1').replace(/\n$/, '');
  let last = -1;
  for (const [index, row] of (text === '' ? [] : text.split('\n')).entries()) {
    const leaf = leafOf(Buffer.from(row, 'latin1'));
    const place = sealed.get(leaf);
    const at = `events.ndjson row ${index + 1} (${/"eventId":"([^"]{1,128})"/.exec(row)?.[1]})`;
    if (place === undefined) report(check, at, 'was changed or added after it was sealed');
    else if (seen.has(leaf)) report(check, at, 'is there twice');
    else if (place < last) report(check, at, `was moved: it was sealed as row ${place + 1}`);
    seen.add(leaf);
    last = Math.max(last, place ?? last);
  }
  for (const { event, leaf } of leaves)
    if (!seen.has(leaf)) report(check, `events.ndjson (${event})`, 'is missing or was changed');
};

/** One event alone, with the hashes that lead to the root which the manifest names. */
const checkProof = async (check, { merkle }) => {
  if (!merkle) return report(check, 'manifest.json', 'is not that of a seal of events');
  const { value } = await documentAt(check, 'proof.json', 'cordon-proof/1');
  if (!value) return;
  const { event, row, path } = value;
  const isPlace = isCount(row) && row >= 1 && row <= merkle.events && Array.isArray(path);
  check.event = { id: printable(event?.eventId), row };
  if (!isPlace || rootBy(leafOf(canonical(event)), row - 1, merkle.events, path) !== merkle.root)
    report(check, `proof.json (${event?.eventId})`, 'is no event of this seal, or was changed');
};

/** Who read it: entries without a hole, each signed, each naming the hash of the one before. */
const checkCustody = async (check, { incident, round, sha256: first }) => {
  const entries = [...check.files].reduce(
    (max, at) => Math.max(max, Number(/^custody\/(\d{6})\.(json|sig)$/.exec(at)?.[1] ?? 0)),
    0,
  );
  let last = first;
  for (let number = 1; number <= entries && check.findings.length < mostFindings; number += 1) {
    const path = `custody/${String(number).padStart(6, '0')}`;
    const { bytes, value } = await documentAt(
      check,
      `${path}.json`,
      'cordon-custody/1',
      'is missing: the chain of custody has a hole',
    );
    await checkSignature(check, `${path}.sig`, bytes);
    if (
      value &&
      (value.incident !== incident || value.round !== round || value.sequence !== number)
    )
      report(check, `${path}.json`, `is not entry ${number} of this incident`);
    if (value && last && value.previous !== last)
      report(check, `${path}.json`, 'does not continue what stands before it');
    last = bytes && sha256(bytes);
  }
  return { entries, last: last ?? null };
};

/** The manifests before this one, nearest first, each with the hash that its successor names. */
const checkChain = async (check, { sequence, previous }) => {
  const links = []; // only the nearest must be here
  for (let number = sequence - 1; isRecord(previous); number -= 1) {
    const at = `chain/${number}`;
    const path = `${at}/manifest.json`;
    if (links.length > 0 && !check.files.has(path)) break;
    const { bytes, value } = await documentAt(
      check,
      path,
      'cordon-manifest/1',
      'is missing: the chain of manifests is cut',
    );
    if (!bytes) break;
    const is = sha256(bytes);
    if (is !== previous.sha256)
      report(check, path, `is not the manifest that its successor names: its SHA-256 is ${is}`);
    // The key may have been replaced between the two; the hash in the successor vouches for the
    // older key.
    const named = value?.signing?.publicKeySha256;
    const key =
      named === check.key?.fingerprint ? check.key : await keyAt(check, `${at}/public-key.pem`);
    if (key && key.fingerprint !== named)
      report(check, `${at}/public-key.pem`, 'is not the key that the manifest beside it names');
    await checkSignature(check, `${at}/manifest.sig`, bytes, key);
    links.push({ sequence: number, sha256: is });
    previous = value?.previous;
  }
  return links;
};

/**
 * What the pull says that it took. It holds nothing that does not follow from the rest, so that any
 * change of it shows.
 */
const checkExport = async (check, { incident, round }, { entries, last }, links) => {
  const { bytes, value } = await documentAt(check, 'export.json', 'cordon-export/1');
  if (!value) return;
  const { custodyEntries: told, chain } = value;
  for (let lost = entries + 1; lost <= told && check.findings.length < mostFindings; lost += 1)
    report(
      check,
      `custody/${String(lost).padStart(6, '0')}.json`,
      `is missing: export.json counts ${told} ${told === 1 ? 'entry' : 'entries'}`,
    );
  for (const link of Array.isArray(chain) ? chain.slice(links.length) : [])
    report(check, `chain/${link?.sequence}/manifest.json`, 'is missing: export.json lists it');
  if (value.timestamp !== check.timestamp)
    report(check, 'manifest.tsr', 'was added, changed or deleted: export.json names another');
  const stated = {
    schema: 'cordon-export/1',
    incident,
    round,
    custodyEntries: entries,
    lastCustody: last,
    chain: links,
  };
  if (
    canonical({ ...stated, ...(check.timestamp && { timestamp: check.timestamp }) }) !==
    bytes.toString()
  )
    report(check, 'export.json', 'does not describe this folder: one of the two was changed');
};

/**
 * Verifies a folder. `key` is the PEM of the public key, got in another way; `copied`: no `cordon
 * evidence pull` made it; `proof`: it holds one event of a seal and its way to the root, no more.
 */
export const verify = async (folder, { key: pem, copied = false, proof = false } = {}) => {
  const check = {
    folder,
    files: new Set(),
    expected: new Set(),
    findings: [],
    pinned: pem === undefined ? undefined : keyFrom(pem),
  };
  await walk(check);
  const manifest = await checkManifest(check, proof);
  let custody = { entries: 0, last: null };
  if (manifest && proof) await checkProof(check, manifest);
  else if (manifest) {
    await checkObjects(check, manifest);
    if (manifest.merkle) await checkEvents(check, manifest);
    custody = await checkCustody(check, manifest);
    if (!copied) await checkExport(check, manifest, custody, await checkChain(check, manifest));
  }
  if (manifest) {
    for (const path of check.files)
      if (!check.expected.has(path)) report(check, path, 'is not listed in the manifest');
  }
  const { incident = null, round = null, objects = [] } = manifest ?? {};
  const bytes = objects.reduce(
    (sum, object) => sum + (isCount(object?.bytes) ? object.bytes : 0),
    0,
  );
  const key = { fingerprint: check.key?.fingerprint ?? null, pinned: pem !== undefined };
  const { findings, timestamp = null } = check;
  const foreign = objects
    .filter((object) => object?.collector === 'unknown')
    .map((object) => printable(object.path));
  const summary = {
    incident,
    round,
    objects: objects.length,
    bytes,
    custody,
    key,
    timestamp,
    foreign,
    findings,
    ...(check.event && { event: check.event }),
    ...(check.gaps && !check.event && { gaps: check.gaps }),
  };
  return { schema: 'cordon-verification/1', ok: findings.length === 0, ...summary };
};

/**
 * The result for people: one line for each finding, or what was verified and what still has to be
 * compared.
 */
export const describe = ({
  ok,
  incident,
  round,
  objects,
  bytes,
  custody,
  key,
  timestamp,
  foreign,
  findings,
  event,
  gaps = [],
}) => {
  const stampCheck =
    'openssl ts -verify -data manifest.json -in manifest.tsr -CAfile CERTIFICATE-OF-THE-WITNESS';
  const stamp = timestamp ? `\n  time stamp: ${stampCheck} checks it` : '';
  const origin = key.pinned
    ? 'which is the one given by --key'
    : 'which lies in this folder, where somebody could have changed it: compare its ' +
      'fingerprint with that of the people who run Cordon, or give their key with --key';
  const strangers = foreign.map(
    (path) => `\n  not known to be of Cordon, and kept as it lay there: ${path}`,
  );
  const missing = gaps.map(({ what, why }) => `\n  GAP: event ${what} is not in it: ${why}`);
  const objectWord = objects === 1 ? 'object' : 'objects';
  const entryWord = custody.entries === 1 ? 'entry' : 'entries';
  const width = Math.max(0, ...findings.map(({ object }) => object.length));
  if (!ok)
    return [
      'NOT VERIFIED',
      ...findings.map(({ object, reason }) => `  ${object.padEnd(width)}  ${reason}`),
    ].join('\n');
  if (event)
    return `VERIFIED event ${event.id}, row ${event.row} of ${printable(incident)}
  signed with the key ${key.fingerprint},
  ${origin}`;
  return `VERIFIED ${printable(incident)}, round ${round}
  ${objects} ${objectWord}, ${bytes} bytes: all there and unchanged, and no file that is not listed
  ${custody.entries} custody ${entryWord}, the last one ${custody.last}
  signed with the key ${key.fingerprint},
  ${origin}${stamp}${[...strangers, ...missing].join('')}`;
};

const usage = 'node verify.mjs [folder] [--key FILE] [--json] [--copied] [--proof]';

const main = async (args) => {
  try {
    const options = {
      key: { type: 'string' },
      json: { type: 'boolean' },
      copied: { type: 'boolean' },
      proof: { type: 'boolean' },
    };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [folder = dirname(fileURLToPath(import.meta.url)), more] = positionals;
    if (more) throw new Error('wanted one folder');
    const result = await verify(folder, {
      key: values.key && (await readFile(values.key)),
      copied: values.copied,
      proof: values.proof,
    });
    console.log(values.json ? JSON.stringify(result, null, 2) : describe(result));
    return result.ok ? 0 : 1;
  } catch (error) {
    console.error(`verify.mjs: ${error.message}\nusage: ${usage}`);
    return 2;
  }
};

// Also imported by `cordon evidence verify`, so that both give one answer.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
