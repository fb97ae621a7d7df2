import { randomUUID } from 'node:crypto';
import { type AuditEvent, auditSchema } from '../../../protected-app/audit/schemas/event.ts';

/** A number of DynamoDB that JavaScript has not, and of which the SDK makes no BigInt. */
export const beyondSafe = '9007199254740993.5';

/** An event that a person of the application caused a moment ago. */
export const sampleEvent = (fields: Partial<AuditEvent> = {}): AuditEvent => ({
  schema: auditSchema,
  eventId: randomUUID(),
  time: new Date().toISOString(),
  producer: { system: 'protected-app', function: 'ProductService' },
  actor: { kind: 'person', id: '3f2b8c1e-0d7a-4b6c-9e51-7a2d94c0e6f8' },
  action: 'product.create',
  subject: { kind: 'product', id: '7d0c1a52-9b1d-4a57-8a35-2d4d9c6f1b20' },
  outcome: 'succeeded',
  correlationId: 'request-1',
  ...fields,
});
