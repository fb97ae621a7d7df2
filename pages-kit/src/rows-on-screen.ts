/** The rows that are drawn of a long list, and the room that the others take. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
}

/** Rows beyond the edge of the screen, so that a quick scroll shows no gap. */
const beyond = 12;

/** Which rows of equal height are on a screen; `top` is where the list begins on it. */
export const rowsOnScreen = ({
  count,
  height,
  top,
  screen,
}: {
  readonly count: number;
  readonly height: number;
  readonly top: number;
  readonly screen: number;
}): RowWindow => {
  const begin = Math.floor(-top / height) - beyond;
  const end = Math.ceil((screen - top) / height) + beyond;
  const first = Math.min(Math.max(0, begin), Math.max(0, count - 1));
  return { first, last: Math.min(count, Math.max(first, end)) };
};
