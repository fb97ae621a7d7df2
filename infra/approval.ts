import { choice, list, number, section, text } from './options.ts';

export const minutes = number(1, 10_080);
export const addresses = list(text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address'));

/**
 * 30 minutes and leave: silence is not consent, and a person who was asked has half an hour to
 * find a keyboard.
 */
export const approval = section({
  timeoutMinutes: minutes.default(30),
  onTimeout: choice('contain', 'leave').default('leave'),
  /**
   * `never`: a night shift is often one person. `critical`: two different people must approve the
   * containment of a critical workload; each signs with an identity of approvePrincipals.
   */
  twoPersons: choice('critical', 'never').default('never'),
  /** 60: an open question is asked again each hour until somebody answers it. */
  remindMinutes: minutes.default(60),
  /** 120: after two hours without an answer, `escalate` is asked too. */
  escalateMinutes: minutes.default(120),
  /**
   * Empty: there is nobody else to ask. The addresses of those who are asked when the security
   * team does not answer, by a topic of their own.
   */
  escalate: addresses.default([]),
});
