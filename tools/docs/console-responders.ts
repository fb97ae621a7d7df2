import { catalog } from '../../responders/contain/catalogue.ts';

/** What each change stops and leaves open, for the pages of the console, which import no code. */
export const consoleRespondersText = (): string => {
  const named = Object.fromEntries(
    catalog.map(({ id, title, stops, leavesOpen }) => [id, { title, stops, leavesOpen }]),
  );
  return `${JSON.stringify(named, null, 2)}\n`;
};
