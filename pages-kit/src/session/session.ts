import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { site } from '../site.ts';
import type { SessionTokens } from './cognito.ts';
import { loadCognito } from './load-cognito.ts';
import { type Person, sessionIn } from './person.ts';
import { forgetAll, keep, readKept } from './tab-storage.ts';

const nobody: Person = { id: '', name: '', email: '', groups: [] };

/** The tokens of this tab, renewed if need be; nothing if the person has to sign in again. */
const renewedTokens = async (force: boolean): Promise<SessionTokens | null> => {
  try {
    return await (await loadCognito()).renew(force);
  } catch (error) {
    // Without a connection nobody has to sign in again: the request fails and says so.
    if (error instanceof TypeError || (error instanceof Error && error.name === 'NetworkError'))
      throw new TypeError('Cognito cannot be reached', { cause: error });
    return null;
  }
};

const signOut = async (everywhere: boolean): Promise<void> =>
  (await loadCognito()).leave(everywhere);

/**
 * Who is signed in. A request that has no valid token waits here until the person has signed in
 * again, over the page that they were on, so that nothing they have typed is lost.
 */
export const useSession = defineStore('session', () => {
  const key = site().storageKey;
  const kept = ref<SessionTokens | null>(sessionIn(readKept(key)));
  const isAsking = ref(false);
  let renewing: Promise<string> | undefined;
  let waiting: (() => void)[] = [];

  const accept = (tokens: SessionTokens): string => {
    kept.value = tokens;
    keep(key, JSON.stringify(tokens));
    return tokens.token.text;
  };
  const renew = async (force: boolean): Promise<string> => {
    const tokens = await renewedTokens(force);
    if (tokens) return accept(tokens);
    isAsking.value = true;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
    return kept.value?.token.text ?? '';
  };
  /** Requests that need a token at the same time wait for the same one. */
  const renewOnce = (force: boolean): Promise<string> => {
    renewing ??= renew(force).finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  /** The last step of a sign-in: everything that has waited goes on. */
  const entered = async (): Promise<void> => {
    const tokens = await (await loadCognito()).renew(false);
    if (!tokens) throw new Error('Cognito gave no tokens');
    accept(tokens);
    isAsking.value = false;
    const resumed = waiting;
    waiting = [];
    for (const resume of resumed) resume();
  };
  /** Signs out and begins anew: nothing that this person has seen stays in the tab. */
  const leave = async (everywhere: boolean): Promise<void> => {
    const isOut = await signOut(everywhere).then(
      () => true,
      () => false,
    );
    forgetAll();
    location.replace(everywhere && !isOut ? '/sign-in?left=here' : '/sign-in');
  };

  return {
    ...{ isAsking, entered, leave },
    isSignedIn: computed(() => kept.value !== null),
    person: computed(() => kept.value?.person ?? nobody),
    /** A token that the API takes, as far as this browser can tell. */
    accessToken: (): Promise<string> => {
      const { token } = kept.value ?? {};
      return token && token.until > Date.now() ? Promise.resolve(token.text) : renewOnce(false);
    },
    /** Another token than the one that the API has just refused. */
    otherToken: (): Promise<string> => renewOnce(true),
  };
});
