import { join } from 'node:path';
import { output, type Place } from '../../operator/place.ts';
import { field, readJson } from '../engine/parse.ts';

/** The file with the address of the edge of a run. */
export const addressFile = (runDir: string): string => join(runDir, 'app.json');

/** Maps an API address in the outputs, which names AWS, to the path where the engine serves it. */
export const localAddress = (value: string, endpoint: string): string =>
  value.replace(
    /^https:\/\/(\w+)\.execute-api\.[\w-]+\.amazonaws\.com\/(\w+)/,
    `${endpoint}/restapis/$1/$2/_user_request_`,
  );

/** The address of the API: that of the edge if it runs, otherwise that of the engine. */
export const apiOf = (place: Place): string => {
  const url = output(place, 'CordonProtectedApp', 'ApiUrl');
  if (!place.local) return url;
  const edge = field(readJson(addressFile(place.local.runDir)), 'url');
  return typeof edge === 'string' ? edge : localAddress(url, place.local.endpoint);
};
