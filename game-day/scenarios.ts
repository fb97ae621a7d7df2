import { type ScenarioId, scenarioIds } from '../responders/incident/score.ts';
import type { Scenario } from './scenario.ts';

/** The file is named after the id and exports `scenario`; a test looks at each of them. */
const load = async (id: ScenarioId): Promise<Scenario> => {
  const { scenario }: { scenario: Scenario } = await import(`./scenarios/${id}.ts`);
  return scenario;
};

/** Every drill. A new one is a file in scenarios/ and its id in `scenarioIds`. */
export const scenarios: readonly Scenario[] = await Promise.all(scenarioIds.map(load));
