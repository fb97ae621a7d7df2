import type { System } from './system.ts';

/** Every system that can be chosen: a row here, and a module that adds its stack. */
export const systems: readonly System[] = [];
