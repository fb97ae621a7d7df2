import { readFile } from 'node:fs/promises';
import { CordonError } from '../../operator/errors.ts';
import { describe, type Verification, verify } from '../../responders/evidence/verify.mjs';
import { errorMessage } from '../../responders/shared/errors.ts';
import type { ExitCode, Output } from '../output.ts';
import type { EvidenceVerifyDocument } from '../schemas/evidence-verify.ts';

/** Runs the verifier that is also in every folder of evidence, as verify.mjs. */
export const verifyFolder = async (
  out: Output,
  dir: string,
  { key, copied }: { readonly key?: string; readonly copied?: boolean },
): Promise<ExitCode> => {
  const result = await verified(dir, key, copied);
  out.line(describe(result));
  out.document<EvidenceVerifyDocument>(result);
  return result.ok ? 0 : 1;
};

const verified = async (
  dir: string,
  keyFile: string | undefined,
  copied: boolean | undefined,
): Promise<Verification> => {
  try {
    const key = keyFile === undefined ? undefined : await readFile(keyFile);
    return await verify(dir, { key, copied });
  } catch (error) {
    throw new CordonError(
      `nothing could be verified (${errorMessage(error)}): ` +
        'name a folder of evidence, and a public key as PEM',
      { code: 2, cause: error },
    );
  }
};
