import type { FunctionWithGrants } from '../functions.ts';

/** What a grant of the audit's functions is about. */
export type AuditPlaceholder = 'events' | 'ledger' | 'auditQueue' | 'givenUp' | 'obfuscationSecret';

export type AuditFunction = FunctionWithGrants<AuditPlaceholder>;

/**
 * The functions of the audit. None has a grant that removes or updates an event; AuditIngest puts
 * one only where there is none.
 */
export const auditFunctions = [
  {
    name: 'AuditIngest',
    entry: 'audit-ingest',
    title: 'Keep audit events, each once, or say why not',
    memoryMb: 1_024,
    // A sixth of the time after which a message of the queue is delivered again.
    timeoutSeconds: 45,
    reserved: 10,
    calls: [
      {
        on: 'sqs:${auditQueue}',
        may: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'],
      },
      { on: 'sqs:${givenUp}', may: ['SendMessage'] },
      { on: 'dynamodb:${events}', may: ['PutItem'] },
      { on: 'dynamodb:${ledger}', may: ['PutItem', 'GetItem'] },
      { on: 'secretsmanager:${obfuscationSecret}', may: ['GetSecretValue'] },
    ],
  },
  {
    name: 'AuditSeal',
    entry: 'audit-seal',
    title: 'Seal the events that have no seal yet',
    memoryMb: 1_024,
    timeoutSeconds: 300,
    // One: the seals are a chain.
    reserved: 1,
    calls: [
      { on: 'dynamodb:${events}', may: ['BatchGetItem'] },
      { on: 'dynamodb:${ledger}', may: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] },
      { on: 'dynamodb:${ledger}/index/*', may: ['Query'] },
    ],
  },
  {
    name: 'AuditApi',
    entry: 'audit-api',
    title: 'Let auditors search events, and give them proofs',
    memoryMb: 1_024,
    // The gateway waits for 29 seconds.
    timeoutSeconds: 25,
    reserved: 10,
    calls: [
      { on: 'dynamodb:${events}', may: ['Query'] },
      { on: 'dynamodb:${events}/index/*', may: ['Query'] },
      { on: 'dynamodb:${ledger}', may: ['GetItem'] },
    ],
  },
  {
    name: 'AuditResend',
    entry: 'audit-resend',
    title: 'Hand to AuditIngest again what it has given up',
    memoryMb: 1_024,
    timeoutSeconds: 300,
    reserved: 1,
    calls: [
      { on: 'sqs:${givenUp}', may: ['ReceiveMessage', 'DeleteMessage'] },
      { on: 'sqs:${auditQueue}', may: ['SendMessage'] },
    ],
  },
] as const satisfies readonly AuditFunction[];

export type AuditFunctionName = (typeof auditFunctions)[number]['name'];
