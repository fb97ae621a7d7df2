import { reactive } from 'vue';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** A short message that goes by itself. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'neutral' | 'success' | 'danger';
  readonly action?: ToastAction | undefined;
}

export const toasts = reactive<Toast[]>([]);
let count = 0;

export const dismissToast = (id: number): void => {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
};

/** Shows a message; with an action it stays twice as long, because somebody has to decide. */
export const toast = (
  text: string,
  { tone = 'neutral', action }: Partial<Pick<Toast, 'tone' | 'action'>> = {},
): void => {
  count += 1;
  toasts.push({ id: count, text, tone, action });
  if (toasts.length > 3) toasts.shift();
};
