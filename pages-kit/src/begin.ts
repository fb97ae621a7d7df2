import { PiniaColada } from '@pinia/colada';
import { createPinia } from 'pinia';
import { type Component, createApp } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { loadConfig, type SiteConfig } from './config.ts';
import { makeRouter } from './router.ts';
import { setUpCognito } from './session/load-cognito.ts';
import { type Site, setUpSite } from './site.ts';

interface Parts {
  readonly site: Site;
  readonly root: Component;
  readonly pages: readonly RouteRecordRaw[];
  readonly setUpApi: (baseUrl: string, config: SiteConfig) => void;
}

const start = async ({ site, root, pages, setUpApi }: Parts): Promise<void> => {
  setUpSite(site);
  // Printed links name the whole address: print.css.
  document.documentElement.style.setProperty('--origin', JSON.stringify(location.origin));
  const config = await loadConfig();
  const app = createApp(root).use(createPinia());
  app.use(PiniaColada, { queryOptions: { staleTime: 15_000, gcTime: 300_000 } });
  setUpCognito(config);
  setUpApi(config.api, config);
  app.use(makeRouter(pages)).mount('#app');
};

/** Without its configuration nothing works, so the page says only that, as text. */
const giveUp = (error: unknown): void => {
  const place = document.querySelector('#app');
  const sentence = document.createElement('p');
  sentence.className = 'giving-up';
  sentence.setAttribute('role', 'alert');
  sentence.textContent =
    'The application could not start. Reload the page; if this stays, tell an administrator.';
  place?.replaceChildren(sentence);
  console.error(error);
};

/** Starts a site in the element `#app` of its page. */
export const begin = (parts: Parts): Promise<void> => start(parts).catch(giveUp);
