import { toast } from '../toasts.ts';
import { ApiProblem, problemOfFailure } from './problem.ts';

/** Any error of a call as a problem that a page can show. */
export const shownProblem = (error: unknown): ApiProblem => problemOfFailure(error);

/** Says in a short message why something did not happen. */
export const tellProblem = (what: string, error: unknown): void => {
  const { detail, requestId } = shownProblem(error);
  toast(`${what} ${detail}${requestId ? ` (request ${requestId})` : ''}`, { tone: 'danger' });
};

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

/** The sentences for the fields of a form, by the first part of their pointer. */
export const fieldErrors = (problem: unknown): Readonly<Record<string, string>> =>
  problem instanceof ApiProblem
    ? Object.fromEntries(
        problem.fields.map(({ pointer, detail }) => [
          pointer.split('/').find((part) => part !== '') ?? pointer,
          sentence(problem.status === 400 ? `wanted: ${detail}` : detail),
        ]),
      )
    : {};
