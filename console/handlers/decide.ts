import { STSClient } from '@aws-sdk/client-sts';
import { answer } from '../api/answer.ts';
import { release } from '../api/release.ts';
import { placeOfPerson } from '../api/session.ts';
import { consoleApi, engine, ledger, outputs, readDeps, region, variable } from './environment.ts';

const sessions = {
  sts: new STSClient({}),
  roles: { approve: variable('CONSOLE_APPROVE_ROLE'), release: variable('CONSOLE_RELEASE_ROLE') },
  region: region(),
  outputs: outputs(),
  engine: engine(),
};
const deps = {
  ...readDeps(),
  ledger: ledger(),
  placeOf: (person: string, purpose: 'approve' | 'release') =>
    placeOfPerson(sessions, person, purpose),
};

/** `ConsoleDecideLambda`: may take the roles of the console for a person, and decides with them. */
export const handler = consoleApi({
  'POST /incidents/{id}/answer': answer(deps),
  'POST /incidents/{id}/release': release(deps),
});
