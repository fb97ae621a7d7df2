/** The types of verify-audit.mjs, which is plain JavaScript so that an auditor can run it. */
export interface AuditVerification {
  readonly schema: 'cordon-audit-verification/1';
  readonly ok: boolean;
  readonly from: string;
  readonly to: string;
  readonly entries: number;
  readonly sha256: string;
  readonly key: { readonly fingerprint: string | null; readonly pinned: boolean };
  readonly findings: readonly { readonly line: number; readonly reason: string }[];
}

export interface AuditVerifyOptions {
  /** PEM of the public key, got in another way than with the file. */
  readonly key?: string | Uint8Array | undefined;
}

export function verifyAudit(bytes: Uint8Array, options?: AuditVerifyOptions): AuditVerification;
export function describeAudit(result: AuditVerification): string;
