/** `1 call`, `2 calls`, `1,234 calls`. */
export const count = (many: number, singular: string, plural = `${singular}s`): string =>
  `${many.toLocaleString('en-US')} ${many === 1 ? singular : plural}`;
