import type { JudgeDeps } from '../../../responders/contain/judge.ts';
import { provenanceFinder } from '../../../responders/contain/provenance.ts';
import type { CallService } from '../../../responders/shared/signed-json.ts';
import type { World } from '../fakes/account.ts';
import { fakeDeps } from '../fakes/deps.ts';

/** A GuardDuty that has these findings. */
export const holding =
  (...findings: readonly unknown[]): CallService =>
  async ({ path }) =>
    path === '/detector' ? { detectorIds: ['d'] } : { findings };

/** Fakes in which GuardDuty answers so. */
export const asked = (guardDuty: CallService, world?: World) => {
  const fakes = fakeDeps(world);
  const { settings, checkProof } = fakes.deps;
  const provenanceOf = provenanceFinder({
    settings,
    checkProof,
    guardDuty: (region) => (region === settings.region ? guardDuty : undefined),
  });
  const deps: JudgeDeps = { ...fakes.deps, provenanceOf };
  return { ...fakes, deps };
};

/** The last try of an execution, unless it is said otherwise. */
export const arrival = (event: unknown, execution = 'e', isLastTry = true) => ({
  event,
  execution,
  drill: false,
  isLastTry,
});
