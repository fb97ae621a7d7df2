import type { PageState, SiteScript } from '../states.ts';

const opened = (shown: string, button: string): PageState => ({
  ...{ shown, path: '/' },
  steps: [{ press: button }],
});

/** The page of the kit, and each component that opens over it. */
export const pageStates: readonly PageState[] = [
  { shown: 'kit', path: '/' },
  opened('kit-dialog', 'Dialog'),
  opened('kit-locked', 'Locked dialog'),
  opened('kit-messages', 'Messages'),
  { shown: 'kit-tab', path: '/', steps: [{ chooses: 'Second' }] },
];

export const script: SiteScript = {
  ...{ site: 'kit', states: pageStates, usualAnswers: {}, personNamed: () => ({}) },
  storageKey: 'kit.session',
};
