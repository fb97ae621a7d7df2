import type { Answers, ScriptedAnswer, Step } from '../../pages-kit/states.ts';
import { problem } from './scripted.ts';
import sealed from './scripted-evidence.json' with { type: 'json' };

/** A small folder that was really sealed, each file in base64. */
const files: Readonly<Record<string, string>> = sealed.files;

interface Damage {
  /** Files with other bytes, or new ones. */
  readonly changed?: Readonly<Record<string, string>>;
  readonly gone?: readonly string[];
  /** Files of which another version lies in the bucket. */
  readonly swapped?: readonly string[];
  /** The key that KMS has today, where it is not the one that the folder names. */
  readonly signingKey?: { readonly keyId: string; readonly pem: string };
}

const sizeOf = (base64: string): number => atob(base64).length;

/** The links to a folder, and what each of them leads to. */
const folderAnswers = ({
  changed = {},
  gone = [],
  swapped = [],
  signingKey = sealed.signingKey,
}: Damage = {}): Answers => {
  const there = Object.entries({ ...files, ...changed }).filter(([path]) => !gone.includes(path));
  const links = there.map(([path, base64]) => ({
    ...{ path, url: `https://evidence.s3.us-east-1.amazonaws.com/${path}?signed=yes` },
    ...{ bytes: sizeOf(base64), versionId: swapped.includes(path) ? 'v2' : 'v1' },
  }));
  const body = { custody: 2, expiresInSeconds: 60, links, signingKey };
  return {
    'POST /incidents/{id}/evidence/read': { body },
    ...Object.fromEntries(
      there.map(([path, bytes]): [string, ScriptedAnswer] => [
        `GET /evidence-links/${path}`,
        { bytes },
      ]),
    ),
  };
};

const flipped = (path: string): string => {
  const bytes = atob(files[path] ?? '');
  return btoa(`${String.fromCharCode(bytes.charCodeAt(0) ^ 1)}${bytes.slice(1)}`);
};

export const soundFolder = folderAnswers();
/** Signed with a key of an older deployment. */
export const unconfirmedFolder = folderAnswers({
  signingKey: { ...sealed.signingKey, keyId: 'arn:aws:kms:us-east-1:111122223333:key/newer' },
});
export const slowFolder: Answers = {
  ...soundFolder,
  'GET /evidence-links/function/code.zip': { isLate: true },
};
export const lostFolder: Answers = {
  ...soundFolder,
  'GET /evidence-links/function/code.zip': { isLost: true },
};
/** One problem of each kind. */
export const damagedFolder = folderAnswers({
  changed: {
    'function/configuration.json': flipped('function/configuration.json'),
    'function/left-behind.txt': btoa('added later'),
    'custody/000001.sig': files['custody/000002.sig'] ?? '',
  },
  gone: ['role/trust.json'],
  swapped: ['finding.json'],
});
export const refusedFolder: Answers = {
  'POST /incidents/{id}/evidence/read': problem(
    403,
    'Not allowed',
    'Only members of responders, auditors may do this.',
  ),
};

export const asksToVerify: readonly Step[] = [
  { see: 'evidence-shown' },
  { press: 'Verify now' },
  { see: 'verify-asks' },
];
export const verifies: readonly Step[] = [
  ...asksToVerify,
  { type: ['Why are you verifying it?', 'audit 4711'] },
  { press: 'Write the entry and verify' },
];
