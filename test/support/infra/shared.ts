import { synthesise } from './synthesised.ts';

/** The default configuration, synthesised once for each test file that asks. */
export const { stacks, systems, texts } = synthesise();
export const response = stacks.CordonResponse;
export const target = stacks.CordonDrillTarget;
export const protectedApp = stacks.CordonProtectedApp;
export const incidentConsole = stacks.CordonConsole;
