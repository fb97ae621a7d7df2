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

/** What was written is kept once its transaction is complete, and not before. */
const completed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error));
  });

const withShelf = async <T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> => {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(shelf));
  const blocked = new Promise<never>((_resolve, reject) => {
    opening.addEventListener('blocked', () => reject(new Error('another tab holds the database')));
  });
  const database = await Promise.race([answerTo(opening), blocked]);
  try {
    const transaction = database.transaction(shelf, mode);
    const answer = answerTo(work(transaction.objectStore(shelf)));
    const [kept] = await Promise.all([answer, completed(transaction)]);
    return kept;
  } finally {
    database.close();
  }
};

/** `AB:CD …`, as some tools print it, is `abcd…`. */
export const fingerprintIn = (typed: string): string =>
  typed.replaceAll(/[\s:]/g, '').toLowerCase();
export const isFingerprint = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The fingerprint that was pinned last; empty for none, `undefined` if it cannot be read. */
export const readPinned = async (): Promise<string | undefined> => {
  try {
    const kept: unknown = await withShelf('readonly', (store) => store.get(entry));
    return typeof kept === 'string' && isFingerprint(kept) ? kept : '';
  } catch {
    return undefined;
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
