import { createOnce, type Ledger } from './once.ts';

/** What somebody did in the console. Nothing in it is a secret or written by an attacker. */
export interface AuditEntry {
  readonly at: number;
  readonly who: string;
  readonly what: 'answer' | 'release' | 'read-evidence' | 'export-audit';
  /** Null where it is about no single one. */
  readonly incident: string | null;
  /** What was decided, or why it was read or exported. */
  readonly says: string;
  /** `asked` before something is done, then what became of it. */
  readonly outcome: string;
  readonly requestId: string;
  /** When the person had entered password and code for it; older entries have it not. */
  readonly signedInAt?: number;
}

/** `audit/2026/11/30/1796000000000-<request>-<outcome>.json`: the newest day is one folder. */
const keyOf = ({ at, requestId, outcome }: AuditEntry): string => {
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');
  const step = outcome === 'asked' ? 'asked' : 'done';
  return `audit/${day}/${at}-${requestId.replaceAll(/[^\w-]/g, '').slice(0, 64)}-${step}.json`;
};

/** Writes an entry, which nobody can change or remove. */
export const writeEntry = (ledger: Ledger, entry: AuditEntry): Promise<boolean> =>
  createOnce(ledger, keyOf(entry), entry);
