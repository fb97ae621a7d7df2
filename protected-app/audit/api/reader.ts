import * as z from 'zod';
import { HttpProblem } from '../../shared/problem.ts';
import { type AuditEvent, auditSystems } from '../schemas/event.ts';

type AuditSystem = AuditEvent['producer']['system'];

/** Who may read the events of which systems. */
export const auditReaders = z.array(
  z.strictObject({ principal: z.string(), systems: z.array(z.enum(auditSystems)).min(1) }),
);

export type AuditReaders = z.infer<typeof auditReaders>;

/** A caller of the API, and the systems whose events they see: never another one's. */
export interface AuditReader {
  readonly id: string;
  readonly systems: readonly AuditSystem[];
}

/**
 * The principal that a caller is: of a session the role, because a session chooses its own name.
 * The ARN of a session leaves out the path of its role; names of roles are unique without it.
 */
const principalOf = (arn: string): string =>
  arn
    .replace(/^(arn:[^:]+:)sts(::\d{12}:)assumed-role\/([^/]+)\/.*$/, '$1iam$2role/$3')
    .replace(/:(role|user)\/(?:.*\/)?([^/]+)$/, ':$1/$2');

/**
 * The caller whom API Gateway has verified. It alone writes the context of a request, as the API is
 * deployed: whoever may change the API can have it name another caller.
 */
export const readerOf = (
  readers: AuditReaders,
  userArn: string | null | undefined,
): AuditReader => {
  const id = principalOf(userArn ?? '');
  const systems = readers
    .filter(({ principal }) => userArn && principalOf(principal) === id)
    .flatMap((reader) => reader.systems);
  if (systems.length === 0)
    throw new HttpProblem(403, 'No events are open to you: audit.readers does not name you.');
  return { id, systems: [...new Set(systems)] };
};
