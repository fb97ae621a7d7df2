/** What the dialog of a decision says. */
export interface DialogWords {
  readonly title: string;
  readonly description: string;
  readonly button: string;
}

export const containWords = (name: string, needsTwo: boolean): DialogWords => ({
  title: `Contain ${name}?`,
  description: needsTwo
    ? 'Two different people must approve. Your approval is one of the two.'
    : 'Cordon makes the changes that this page lists, at once. A release puts them back.',
  button: 'Contain',
});

export const leaveWords = (name: string): DialogWords => ({
  title: `Leave ${name} alone?`,
  description: 'Cordon changes nothing. You can still contain it later.',
  button: 'Leave alone',
});
