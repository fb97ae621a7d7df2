import '../src/tokens.css';
import '../src/base.css';
import '../src/print.css';
import { createApp } from 'vue';
import ShowPage from './ShowPage.vue';

createApp(ShowPage).mount('#app');
