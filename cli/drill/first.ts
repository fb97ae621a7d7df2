import { runDrill } from '../../game-day/drill.ts';
import type { DrillResult } from '../../game-day/result.ts';
import type { Connection } from '../../local/engine/connect.ts';

/** Runs one drill against a run that is up; prints how it goes. */
export type FirstDrill = (
  connection: Connection,
  progress: (line: string) => void,
) => Promise<DrillResult>;

/** The drill that `cordon up` runs. It needs the drill target only, so every run has it. */
export const firstDrill: FirstDrill = (connection, progress) =>
  runDrill('lambda-credential-theft', { connection, progress });
