import type { Time } from '../../report-templates/view.ts';
import { inZone } from '../shared/time-text.ts';

/** A moment for the report: for programs, and in the reader's time zone. */
export const timeView = (ms: number, zone: string): Time => ({
  iso: new Date(ms).toISOString(),
  text: inZone(ms, zone),
});
