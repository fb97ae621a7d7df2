import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the application can be reached, as the browser and the last request say. */
export const useConnection = defineStore('connection', () => {
  const isOffline = ref(!navigator.onLine);
  const lost = (): void => {
    isOffline.value = true;
  };
  const back = (): void => {
    isOffline.value = false;
  };
  addEventListener('offline', lost);
  addEventListener('online', back);
  return { isOffline, lost, back };
});
