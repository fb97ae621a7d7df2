import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CordonError } from '../../operator/errors.ts';
import { describe, type Verification, verify } from '../../responders/evidence/verify.mjs';
import { errorMessage } from '../../responders/shared/errors.ts';
import { printable } from '../../responders/shared/printable.ts';
import type { ExitCode, Output } from '../output.ts';
import type { EvidenceVerifyDocument } from '../schemas/evidence-verify.ts';

/**
 * Runs the verifier, which also lies in every folder of evidence as verify.mjs. `key` names a file
 * with the public key in PEM. `copied`: the folder was not made by `cordon evidence pull`, so it
 * has no export.json and no earlier manifests.
 */
export const verifyFolder = async (
  out: Output,
  dir: string,
  { key, copied }: { readonly key?: string; readonly copied?: boolean },
): Promise<ExitCode> => {
  const result = await runVerifier(dir, key, copied);
  out.line(describe(result));
  out.document<EvidenceVerifyDocument>(result);
  return result.ok ? 0 : 1;
};

/** A public key in PEM. */
const keyIn = async (file: string): Promise<Buffer> => {
  const pem = await readFile(file);
  try {
    createPublicKey(pem);
  } catch (error) {
    throw new CordonError(
      `${printable(file)} is no public key: name a file with the public key as PEM`,
      { code: 2, cause: error },
    );
  }
  return pem;
};

const runVerifier = async (
  dir: string,
  keyFile: string | undefined,
  copied: boolean | undefined,
): Promise<Verification> => {
  try {
    const key = keyFile === undefined ? undefined : await keyIn(keyFile);
    return await verify(dir, { key, copied });
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError(
      `nothing could be verified (${errorMessage(error)}): ` +
        'name a folder of evidence, and a public key as PEM',
      { code: 2, cause: error },
    );
  }
};
