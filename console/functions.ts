/** One function of the console's API. */
export interface ConsoleFunction {
  readonly name: string;
  /** console/handlers/<entry>.ts */
  readonly entry: string;
  readonly title: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly reserved: number;
}

const http = { memoryMb: 512, timeoutSeconds: 28 } as const;

/** Each has a role of its own: what shows incidents can decide nothing. */
export const consoleFunctions = [
  {
    ...http,
    name: 'ConsoleReadLambda',
    entry: 'read',
    title: 'Show incidents to people who are signed in to the console',
    reserved: 10,
  },
  {
    ...http,
    name: 'ConsoleEvidenceLambda',
    entry: 'evidence',
    title: 'Hand out evidence to people of the console, and write down that they read it',
    reserved: 5,
  },
  {
    ...http,
    name: 'ConsoleDecideLambda',
    entry: 'decide',
    title: 'Answer and release in the name of the person who is signed in to the console',
    reserved: 5,
  },
  {
    ...http,
    name: 'ConsoleAuditLambda',
    entry: 'audit',
    title: 'Show who has read and decided what in the console, and sign exports of that',
    reserved: 5,
  },
] as const satisfies readonly ConsoleFunction[];

export type ConsoleFunctionName = (typeof consoleFunctions)[number]['name'];
