import type { System } from './system.ts';

/** Every system that can be chosen: a row here, and a module that adds its stack. */
export const systems: readonly System[] = [
  {
    name: 'audit',
    title: 'the ledger of what the application and Cordon do',
    stack: 'CordonAudit',
    needs: [],
    load: async () => (await import('./audit/parts.ts')).auditParts,
  },
];
