import { join } from 'node:path';
import { output, type Place } from '../../operator/place.ts';
import { field, readJson } from '../engine/parse.ts';

/** Where a run writes down the address of its edge. */
export const addressFile = (runDir: string): string => join(runDir, 'app.json');

/**
 * Outputs carry the names that AWS would serve; here the engine serves them below its own address.
 */
export const localAddress = (value: string, endpoint: string): string =>
  value.replace(
    /^https:\/\/(\w+)\.execute-api\.[\w-]+\.amazonaws\.com\/(\w+)/,
    `${endpoint}/restapis/$1/$2/_user_request_`,
  );

/** The address of the API: behind the edge where one runs. */
export const apiOf = (place: Place): string => {
  const url = output(place, 'CordonProtectedApp', 'ApiUrl');
  if (!place.local) return url;
  const edge = field(readJson(addressFile(place.local.runDir)), 'url');
  return typeof edge === 'string' ? edge : localAddress(url, place.local.endpoint);
};
