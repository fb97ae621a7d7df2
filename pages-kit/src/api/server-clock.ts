import { onBeforeUnmount, type Ref, ref, shallowRef, watch } from 'vue';

/** `Date` names whole seconds, and an answer is under way for some: less is no difference. */
const toleranceMs = 3_000;

/** How far the clock of the server is ahead of the clock of this browser. */
const aheadMs = ref(0);

const secondsIn = (header: string | null): number =>
  header !== null && /^\d{1,9}$/.test(header) ? Number(header) : 0;

/**
 * Reads the time of the server from an answer. The clock of a phone may be off by minutes, and a
 * time limit ends by the clock of the server. An answer from a cache names its age as well.
 */
export const hearServerTime = ({ headers }: Pick<Response, 'headers'>): void => {
  const sentAt = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(sentAt)) return;
  const ahead = sentAt + secondsIn(headers.get('age')) * 1_000 - Date.now();
  if (Math.abs(ahead - aheadMs.value) <= toleranceMs) return;
  aheadMs.value = Math.abs(ahead) <= toleranceMs ? 0 : ahead;
};

/** The time of the server, in epoch ms; that of this browser until an answer has named it. */
export const serverNow = (): number => Date.now() + aheadMs.value;

/** The time of the server, once a second. */
export const useServerClock = (): Readonly<Ref<number>> => {
  const now = shallowRef(serverNow());
  const read = (): void => {
    now.value = serverNow();
  };
  const timer = setInterval(read, 1_000);
  watch(aheadMs, read, { flush: 'sync' });
  onBeforeUnmount(() => clearInterval(timer));
  return now;
};
