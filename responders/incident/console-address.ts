import { isIncidentId } from './incident-id.ts';

/** Pages of the console by what a person does on them; console/pages/src/routes.ts serves them. */
const folders = { decide: 'q', look: 'i' } as const;
export type ConsolePage = keyof typeof folders;

/** What knows the origin of the console: the configuration alone. */
export interface ConsoleScope {
  /** Missing or empty where none is configured. */
  readonly console?: string;
}

/**
 * The address of an incident in the console; nothing where no origin of it is configured. Behind
 * the origin comes an id that Cordon has made: no text of a finding can lead a person elsewhere.
 */
export const consoleAddress = (
  page: ConsolePage,
  id: string,
  { console = '' }: ConsoleScope,
): string | null =>
  console !== '' && isIncidentId(id) ? `${console}/${folders[page]}/${id}` : null;
