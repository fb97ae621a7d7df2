/** Where the fake account is. */
export const accountId = '111122223333';
export const region = 'eu-west-1';
