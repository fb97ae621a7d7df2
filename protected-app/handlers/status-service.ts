import { status } from '../api/status.ts';
import { api, variable } from './environment.ts';

export const handler = api({
  'GET /status': status({ version: variable('APP_VERSION'), now: Date.now }),
});
