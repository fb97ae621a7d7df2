import { Construct } from 'constructs';
import type { Purpose } from '../../responders/incident/proof.ts';
import type { Config } from '../config.ts';
import { deployersOf } from '../shared/deny.ts';
import { ProofKey } from '../shared/keys.ts';
import { functionRole, names } from '../shared/names.ts';

/**
 * One key for each role of people: who drills or approves cannot make a release of a real
 * incident, and the function that contains cannot make the answers that it verifies.
 */
export class ProofKeys extends Construct {
  readonly arns: Readonly<Record<Purpose, string>>;

  constructor(
    scope: Construct,
    id: string,
    config: Pick<Config, 'policySuffix' | 'deployers' | 'console'>,
  ) {
    super(scope, id);
    const { policySuffix: suffix } = config;
    const deployers = deployersOf(config.deployers);
    const { drillRole, approveRole, releaseRole, ...roles } = names(suffix);
    const ofConsole = (role: string): readonly string[] => (config.console.deploy ? [role] : []);
    const approvers = [approveRole, ...ofConsole(roles.consoleApproveRole)];
    const releasers = [releaseRole, ...ofConsole(roles.consoleReleaseRole)];
    const contain = functionRole('ContainmentLambda', suffix);
    const release = functionRole('ReleaseLambda', suffix);
    const heartbeat = functionRole('HeartbeatLambda', suffix);
    const key = (
      id: string,
      purpose: Purpose,
      makers: readonly string[],
      checkers: readonly string[],
    ): string =>
      new ProofKey(this, id, {
        description: `Cordon: proves who may send ${purpose}s`,
        alias: `cordon/proof-${purpose}${suffix}`,
        makers,
        checkers,
        deployers,
      }).keyArn;
    // The heartbeat proves with it the drill of its canary, and the release of that drill.
    const drill = key('Drill', 'drill', [drillRole, heartbeat], [contain, release]);
    const answer = key('Answer', 'answer', approvers, [contain]);
    this.arns = {
      drill,
      answer,
      contain: answer,
      release: key('Release', 'release', releasers, [release]),
    };
  }
}
