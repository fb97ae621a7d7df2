import { type TamperDeps, tellTampering } from '../report/tamper-batch.ts';
import { wantedScope } from '../report/tamper-call.ts';
import { jsonVariable, serve, settings, table } from './environment.ts';
import { posting } from './post.ts';

const make = (): TamperDeps => ({
  watched: jsonVariable('CORDON_WATCHED', wantedScope),
  account: settings().account,
  post: posting(table()),
});

/** `TamperLambda`: mails what changes Cordon itself. Its input is a batch of CloudTrail events. */
export const handler = serve(make, tellTampering);
