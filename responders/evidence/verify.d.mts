/**
 * The types of verify.mjs, which itself is plain JavaScript so that an auditor can run it as it is.
 */
export interface Verification {
  readonly schema: 'cordon-verification/1';
  readonly ok: boolean;
  readonly incident: string | null;
  readonly round: number | null;
  readonly objects: number;
  readonly bytes: number;
  readonly custody: { readonly entries: number; readonly last: string | null };
  readonly key: { readonly fingerprint: string | null; readonly pinned: boolean };
  /** SHA-256 of manifest.tsr, where there is one. */
  readonly timestamp: string | null;
  /** Paths of objects that no stage of Cordon has recorded as its own. */
  readonly foreign: readonly string[];
  readonly findings: readonly { readonly object: string; readonly reason: string }[];
  /** Of a proof: the one event that was verified, and its row in the seal. */
  readonly event?: { readonly id: string; readonly row: number };
  /** Of a seal: the events that should be in it and are not. The manifest names them. */
  readonly gaps?: readonly { readonly what: string; readonly why: string }[];
}

export interface VerifyOptions {
  /** PEM of the public key, got in another way than with the folder. */
  readonly key?: string | Uint8Array | undefined;
  /** No `cordon evidence pull` made the folder: neither export.json nor a predecessor is wanted. */
  readonly copied?: boolean | undefined;
  /** The folder holds one event of a seal and its way to the root, and nothing else. */
  readonly proof?: boolean | undefined;
}

export function isPath(value: unknown): value is string;
export function canonical(value: unknown): string;
export function verify(folder: string, options?: VerifyOptions): Promise<Verification>;
export function describe(result: Verification): string;
