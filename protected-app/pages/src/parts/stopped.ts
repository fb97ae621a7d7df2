import { defineStore } from 'pinia';
import { computed, reactive } from 'vue';

/** The type of the answer of a part that Cordon has stopped. */
export const stoppedType = 'urn:problem:stopped';

/** The parts that can be stopped apart from each other: each is a function of the application. */
const parts = {
  'product-changes': 'Creating and changing products',
  'product-removal': 'Removing products',
  products: 'The list of products',
  customers: 'The list of customers',
  questions: 'Asking questions',
  answers: 'Reading answers',
  sync: 'Synchronising with Salesforce',
} as const;

export type Part = keyof typeof parts;

interface Call {
  readonly method: string;
  readonly path: string;
}

/** Which part answers a call. */
export const partOf = ({ method, path }: Call): Part => {
  if (path.startsWith('/products')) {
    if (method === 'GET') return 'products';
    return method === 'DELETE' ? 'product-removal' : 'product-changes';
  }
  if (path.startsWith('/customers')) return 'customers';
  if (path.startsWith('/ai')) return method === 'GET' ? 'answers' : 'questions';
  return 'sync';
};

/** Which parts are stopped, as the last request to each has heard. */
export const useStopped = defineStore('stopped', () => {
  const stopped = reactive(new Set<Part>());
  return {
    heard: (part: Part, isStopped: boolean): void => {
      if (isStopped) stopped.add(part);
      else stopped.delete(part);
    },
    isStopped: (part: Part): boolean => stopped.has(part),
    /** The stopped parts in words, for one sentence. */
    names: computed(() => [...stopped].map((part) => parts[part])),
  };
});
