import type { Gap } from '../../../incident/evidence.ts';
import { asError, httpStatusOf } from '../../../shared/errors.ts';
import { json, type Piece } from '../../store.ts';

interface Metadata {
  readonly $metadata?: { readonly requestId?: string | undefined };
}

/** A question to AWS, and where its answer is stored. */
export interface AwsQuestion<Answer extends Metadata> {
  readonly path: string;
  /** `lambda:GetPolicy` */
  readonly call: string;
  readonly request: object;
  readonly ask: () => Promise<Answer>;
  /**
   * What of the answer is evidence; all of it unless said. Links must go: they are bearer
   * credentials.
   */
  readonly keep?: (answer: Answer) => unknown;
  /** Said where Cordon itself has changed what is read. */
  readonly ours?: string | undefined;
  /** What is missing where there is nothing, when there was something as the incident began. */
  readonly gone?: string;
}

const absent = /^(NoSuchEntity|\w*NotFound)(Exception)?$/;

/** An answer without a body, such as one to HEAD, has no name. */
const nameless = (error: Error): string | undefined => {
  const status = httpStatusOf(error);
  return /^Unknown(Error)?$/.test(error.name) && status !== null
    ? `AWS answered ${status} and gave no reason`
    : undefined;
};

/** Text of an error, without anything that could be a link. */
export const reasonOf = (thrown: unknown): string => {
  const error = asError(thrown);
  const { name, message } = error;
  const status = nameless(error);
  if (status !== undefined) return status;
  return `${name}: ${message.replaceAll(/https?:\/\/\S+/g, '(link)')}`.slice(0, 500);
};

/** That there is nothing is an answer as well. */
const absence = (error: unknown): string | undefined =>
  error instanceof Error && absent.test(error.name) ? reasonOf(error) : undefined;

const requestIdOf = (error: unknown): string | null => {
  const metadata: unknown =
    error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const id: unknown =
    typeof metadata === 'object' && metadata !== null && 'requestId' in metadata
      ? metadata.requestId
      : undefined;
  return typeof id === 'string' ? id : null;
};

/** One call, stored with its request; what AWS refuses to answer is a gap. */
export const answer = async <Answer extends Metadata>({
  path,
  call,
  request,
  ask,
  keep = ({ $metadata: _metadata, ...rest }) => rest,
  ours,
  gone,
}: AwsQuestion<Answer>): Promise<Piece | Gap> => {
  const file = (body: object, requestId: string | null): Piece => ({
    path,
    type: 'application/json',
    source: call,
    requestId,
    body: json({ call, request, ...(ours && { ours }), ...body }),
  });
  try {
    const got = await ask();
    return file({ answer: keep(got) }, got.$metadata?.requestId ?? null);
  } catch (error) {
    const nothing = absence(error);
    if (nothing !== undefined && gone)
      return { what: gone, why: `it does not exist any more: ${nothing}` };
    return nothing === undefined
      ? { what: `${call} for ${path}`, why: reasonOf(error) }
      : file({ absent: nothing }, requestIdOf(error));
  }
};

/** All pages of a list as one answer; `more` says where the next one begins. */
export const allPages = async <Page extends Metadata, Item>(
  ask: (marker: string | undefined) => Promise<Page>,
  itemsIn: (page: Page) => readonly Item[] | undefined,
  more: (page: Page) => string | undefined,
  limit = 2_000,
): Promise<{
  readonly items: readonly Item[];
  readonly complete: boolean;
  readonly $metadata: Metadata['$metadata'] & object;
}> => {
  const items: Item[] = [];
  let marker: string | undefined;
  let $metadata: Metadata['$metadata'] & object = {};
  do {
    const page = await ask(marker);
    items.push(...(itemsIn(page) ?? []));
    marker = more(page);
    $metadata = page.$metadata ?? {};
  } while (marker && items.length < limit);
  return { items, complete: !marker, $metadata };
};
