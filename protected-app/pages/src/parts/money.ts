/** How many digits a currency has after the point: 2 for EUR, 0 for JPY. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/** An amount in the smallest unit, as a person reads it. */
export const priceText = ({ amount, currency }: { amount: number; currency: string }): string => {
  const digits = digitsOf(currency);
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 10 ** digits);
};

/** An amount in the smallest unit, as a person types it. */
export const amountText = (amount: number, currency: string): string =>
  (amount / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));

/** What was typed, in the smallest unit; nothing if it is no such amount. */
export const amountIn = (typed: string, currency: string): number | undefined => {
  const digits = digitsOf(currency);
  const [, whole, part = ''] = /^(\d{1,9})(?:[.,](\d*))?$/.exec(typed.trim()) ?? [];
  if (whole === undefined || part.length > digits) return undefined;
  return Number(`${whole}${part.padEnd(digits, '0')}`);
};
