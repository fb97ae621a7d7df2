// The fingerprint that a person has typed stays in this browser. It is no secret: it is what
// people compare. IndexedDB keeps it when the tab is closed; a browser without it asks again.
const name = 'cordon-console';
const shelf = 'pinned';
const entry = 'signing-key';

const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });

const withShelf = async <T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> => {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(shelf));
  const database = await answerTo(opening);
  try {
    return await answerTo(work(database.transaction(shelf, mode).objectStore(shelf)));
  } finally {
    database.close();
  }
};

/** `AB:CD …`, as some tools print it, is `abcd…`. */
export const fingerprintIn = (typed: string): string =>
  typed.replaceAll(/[\s:]/g, '').toLowerCase();
export const isFingerprint = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The fingerprint that was pinned last; empty where there is none or the browser keeps nothing. */
export const readPinned = async (): Promise<string> => {
  try {
    const kept: unknown = await withShelf('readonly', (store) => store.get(entry));
    return typeof kept === 'string' && isFingerprint(kept) ? kept : '';
  } catch {
    return '';
  }
};

/** Pins a fingerprint, or none; says whether the browser keeps it. */
export const pin = async (fingerprint: string): Promise<boolean> => {
  try {
    if (fingerprint === '') await withShelf('readwrite', (store) => store.delete(entry));
    else await withShelf('readwrite', (store) => store.put(fingerprint, entry));
    return true;
  } catch {
    return false;
  }
};
