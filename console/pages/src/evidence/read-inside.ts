import type { ReadObject } from './changes.ts';

/** What the manifest says of an object. */
export interface SealedObject {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly taken: string;
}

export interface InsideLink {
  readonly path: string;
  readonly url: string;
}

export interface InsideReading {
  readonly objects: readonly ReadObject[];
  /** Their bytes are not those of the manifest, so that nothing of them is shown. */
  readonly wrong: readonly string[];
}

/** A listing of 10,000 files has up to 4 MB; a hostile object may be any size. */
export const mostInsideBytes = 8_000_000;

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

const jsonIn = (bytes: ArrayBuffer): unknown => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch {
    return undefined;
  }
};

/** Reads small objects of JSON, each compared with the hash that its manifest names. */
export const readInside = async (
  sealed: readonly SealedObject[],
  links: readonly InsideLink[],
  fetchLink: (url: string) => Promise<Response>,
): Promise<InsideReading> => {
  const urls = new Map(links.map(({ path, url }) => [path, url]));
  const read = await Promise.all(
    sealed.map(async ({ path, sha256, taken }) => {
      const url = urls.get(path);
      if (url === undefined) return { path, taken, json: undefined };
      const answer = await fetchLink(url);
      if (!answer.ok) throw new Error(`the bucket answered ${answer.status} for ${path}`);
      const bytes = await answer.arrayBuffer();
      const isSealed = hex(await crypto.subtle.digest('SHA-256', bytes)) === sha256;
      return { path, taken, json: isSealed ? jsonIn(bytes) : undefined };
    }),
  );
  return {
    objects: read.filter(({ json }) => json !== undefined),
    wrong: read.flatMap(({ path, json }) => (json === undefined ? [path] : [])),
  };
};
