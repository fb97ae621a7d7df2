import '@kit/tokens.css';
import '@kit/base.css';
import '@kit/print.css';
import '@kit/site.css';
import './console.css';
import { begin } from '@kit/begin.ts';
import App from './App.vue';
import { setUpApi } from './api/api.ts';
import { pages } from './routes.ts';

void begin({
  site: { name: 'Cordon', storageKey: 'cordon.session', home: '/now', signsInBy: 'User name' },
  ...{ root: App, pages, setUpApi },
});
