import { status } from '../api/status.ts';
import { serve } from '../shared/http.ts';
import { apiOptions } from './audit.ts';
import { variable } from './environment.ts';

export const handler = serve(
  { 'GET /status': status({ version: variable('APP_VERSION'), now: Date.now }) },
  apiOptions(),
);
