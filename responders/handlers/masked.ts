import type { Log } from '../core/log.ts';
import { type Mask, maskAll, maskWith } from '../core/redact.ts';
import { log, settings } from './environment.ts';

/** The mask of this deployment. */
export const masking = (): Mask => maskWith(settings().salt);

/** A log without secrets. Apart from the plain one, which only says what Cordon itself has chosen: containment carries no mask. */
export const maskedLog =
  (mask: Mask): Log =>
  (message, fields = {}) =>
    log(message, Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, maskAll(value, mask)])));
