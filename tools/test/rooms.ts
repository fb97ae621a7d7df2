/**
 * Which engine tests a change of a room touches. Those tests reach the product through a deployment
 * and not by imports, so Vitest cannot follow. The tests that say most come first; a longer path
 * comes before the shorter one that it begins with.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  'responders/contain': [
    'test/engine/contain/contract.test.ts',
    'test/engine/contain/permissions.test.ts',
    'test/engine/contain/slow-reads.test.ts',
    'test/engine/contain/holds.test.ts',
    'test/engine/weapon',
  ],
  'responders/evidence/sources': ['test/engine/evidence/collect.test.ts', 'test/engine/evidence'],
  'responders/evidence': [
    'test/engine/evidence/collect.test.ts',
    'test/engine/evidence/collect-locked.test.ts',
    'test/engine/evidence/verify.test.ts',
    'test/engine/evidence',
  ],
  'responders/timeline': [
    'test/engine/timeline/accounts.test.ts',
    'test/engine/timeline/planted.test.ts',
    'test/engine/timeline/truth.test.ts',
    'test/engine/timeline/hunts.test.ts',
  ],
  'responders/report': [
    'test/engine/report/stages.test.ts',
    'test/engine/report/secrets.test.ts',
    'test/engine/report/flood-mail.test.ts',
  ],
  responders: [
    'test/engine/contain/holds.test.ts',
    'test/engine/infra/permissions-deployed.test.ts',
    'test/engine/report/stages.test.ts',
    'test/engine/contain/slow-reads.test.ts',
    'test/engine/drills/commands.test.ts',
    'test/engine/contain/flood.test.ts',
    'test/engine/drills',
  ],
  'state-machines': ['test/engine/report/stages.test.ts', 'test/engine/drills/commands.test.ts'],
  'report-templates': ['test/engine/report/stages.test.ts', 'test/engine/report/secrets.test.ts'],
  infra: [
    'test/engine/infra/properties.test.ts',
    'test/engine/infra/permissions-deployed.test.ts',
    'test/engine/weapon/quarantine.test.ts',
    'test/engine/timeline/hunts.test.ts',
    'test/engine/infra',
  ],
  'protected-app': [
    'test/engine/app/routes.test.ts',
    'test/engine/app/identity.test.ts',
    'test/engine/app',
  ],
  'local/engine/adapter': ['test/engine/adapter'],
  'local/engine': ['test/engine/launcher/start.test.ts', 'test/engine/launcher'],
  'local/app': ['test/engine/app/edge.test.ts', 'test/engine/app/command.test.ts'],
  'local/edge': ['test/engine/app/edge.test.ts'],
  'local/stand-ins': ['test/engine/app/ai-http.test.ts', 'test/engine/app/salesforce.test.ts'],
  local: ['test/engine/drills/readers.test.ts', 'test/engine/launcher'],
  operator: ['test/engine/drills/commands.test.ts', 'test/engine/evidence/verify.test.ts'],
  'game-day': [
    'test/engine/drills/half-way.test.ts',
    'test/engine/drills/readers.test.ts',
    'test/engine/drills',
  ],
  cli: [
    'test/engine/drills/commands.test.ts',
    'test/engine/evidence/verify.test.ts',
    'test/engine/app/command.test.ts',
    'test/engine/launcher/up.test.ts',
  ],
  'tools/package': ['test/engine/launcher/package.test.ts'],
  'tools/bench': ['test/engine/contain/flood.test.ts', 'test/engine/timeline/planted.test.ts'],
};
