import { scenarios } from '../../game-day/scenarios.ts';
import { attackVersion } from '../../responders/shared/attack-techniques.ts';

/** What each drill is, for the pages of the console, which import no code. */
export const consoleDrillsText = (): string => {
  const byId = Object.fromEntries(
    scenarios.map(({ id, title, story, steps, techniques }) => [
      id,
      { title, story, steps, techniques: techniques.map(({ id: of, name }) => ({ id: of, name })) },
    ]),
  );
  return `${JSON.stringify({ attack: attackVersion, scenarios: byId }, null, 2)}\n`;
};
