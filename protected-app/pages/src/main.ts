import '@kit/tokens.css';
import '@kit/base.css';
import '@kit/print.css';
import '@kit/site.css';
import { begin } from '@kit/begin.ts';
import App from './App.vue';
import { setUpApi } from './api/api.ts';
import { pages } from './routes.ts';

void begin({
  site: {
    name: 'Quayside',
    storageKey: 'quayside.session',
    home: '/products',
    signsInBy: 'E-mail address',
  },
  ...{ root: App, pages, setUpApi },
});
