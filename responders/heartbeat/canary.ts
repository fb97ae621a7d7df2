/** What the canary answers when it may run. */
export const alive = 'alive';

/** `canary-heartbeat`: there to be contained and released every day. */
export const handler = async (): Promise<string> => alive;
