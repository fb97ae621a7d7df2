import { answered, type Exchange, type Received } from '@kit/api/call.ts';
import type { CursorPage } from '@kit/api/cursor-list.ts';
import { ApiProblem } from '@kit/api/problem.ts';
import { api, type PostReply, type Reply } from './api.ts';

export type Now = Reply<'/now'>;
export type Listed = Now['decide']['incidents'][number];
export type Question = Reply<'/incidents/{id}/question'>;
export type Incident = Reply<'/incidents/{id}'>;
export type ReleasePreview = Reply<'/incidents/{id}/release-preview'>;
/** `taken`: it is under way, and took longer than a request may wait. */
export type Released = Partial<PostReply<'/incidents/{id}/release'>> & { taken?: boolean };
export type Evidence = Reply<'/incidents/{id}/evidence'>;
export type EvidenceLinks = PostReply<'/incidents/{id}/evidence/read'>;
export type Report = Reply<'/incidents/{id}/report'>;
export type Timeline = Reply<'/incidents/{id}/timeline'>;
export type Health = Reply<'/health'>;
export type Policy = Reply<'/policy'>;
export type Explained = PostReply<'/policy/explain'>;
export type Drills = Reply<'/drills'>;
export type Audit = Reply<'/audit'>;
export type AuditExport = PostReply<'/audit/export'>;
/** As with a release, it may be under way only. */
export type Answer = Partial<PostReply<'/incidents/{id}/answer'>> & { taken?: boolean };

export const readNow = async (): Promise<Now> => (await answered(api.GET('/now'))).body;

/** What was read, or nothing while it is as it was. */
export type Tagged<Body> = Received<Body> | null;

/** A read with the tag of the last one: 304 is no error, and means that nothing has changed. */
const tagged = async <Body>(exchange: Promise<Exchange<Body>>): Promise<Tagged<Body>> => {
  try {
    return await answered(exchange);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 304) return null;
    throw error;
  }
};

const asking = (id: string, tag: string | undefined) => ({
  params: { path: { id } },
  ...(tag !== undefined && { headers: { 'If-None-Match': tag } }),
});

export const readQuestion = (id: string, tag?: string): Promise<Tagged<Question>> =>
  tagged(api.GET('/incidents/{id}/question', asking(id, tag)));

export interface Decision {
  readonly digest: string;
  readonly decision: 'contain' | 'leave';
  readonly reason: string;
}

export const sendAnswer = async (id: string, body: Decision): Promise<Answer> =>
  (await answered(api.POST('/incidents/{id}/answer', { params: { path: { id } }, body })))
    .body as Answer;

interface Paging {
  readonly cursor: string | undefined;
  readonly signal: AbortSignal;
}

export interface IncidentFilter {
  readonly state: Listed['state'] | '';
  readonly drills: 'hide' | 'show' | 'only';
  readonly type: string;
}

const pageSize = 50;

export const readIncidents = async (
  { state, drills, type }: IncidentFilter,
  { cursor, signal }: Paging,
): Promise<CursorPage<Listed>> => {
  const query = {
    ...{ drills, limit: pageSize },
    ...(state !== '' && { state }),
    ...(type !== '' && { type }),
    ...(cursor !== undefined && { cursor }),
  };
  return (await answered(api.GET('/incidents', { params: { query }, signal }))).body;
};

export const readIncident = (id: string, tag?: string): Promise<Tagged<Incident>> =>
  tagged(api.GET('/incidents/{id}', asking(id, tag)));

export const readReleasePreview = async (id: string): Promise<ReleasePreview> => {
  const call = api.GET('/incidents/{id}/release-preview', { params: { path: { id } } });
  return (await answered(call)).body;
};

export interface ReleaseWish {
  readonly digest: string;
  readonly reason: string;
  readonly letSessionsLive: boolean;
}

export const sendRelease = async (id: string, body: ReleaseWish): Promise<Released> => {
  const call = api.POST('/incidents/{id}/release', { params: { path: { id } }, body });
  return (await answered(call)).body as Released;
};

export const readEvidence = async (id: string): Promise<Evidence> =>
  (await answered(api.GET('/incidents/{id}/evidence', { params: { path: { id } } }))).body;

export interface EvidenceWish {
  readonly round: number;
  readonly purpose: string;
  /** Without them the whole folder, with the manifests before it. */
  readonly paths?: string[];
}

/** Writes down who reads what for which purpose, and gives links that work for a minute. */
export const openEvidence = async (
  id: string,
  { round, ...body }: EvidenceWish,
): Promise<EvidenceLinks> => {
  const params = { path: { id }, query: { round } };
  return (await answered(api.POST('/incidents/{id}/evidence/read', { params, body })))
    .body as EvidenceLinks;
};

export const readReport = async (
  id: string,
  wanted?: { readonly round: number; readonly version: number },
): Promise<Report> => {
  const query = wanted && {
    round: wanted.round,
    version: wanted.version === 1 ? ('1' as const) : ('2' as const),
  };
  const params = { path: { id }, query: query ?? {} };
  return (await answered(api.GET('/incidents/{id}/report', { params }))).body;
};

export const readTimeline = async (id: string, cursor: string | undefined): Promise<Timeline> => {
  const query = { limit: 500, ...(cursor !== undefined && { cursor }) };
  return (await answered(api.GET('/incidents/{id}/timeline', { params: { path: { id }, query } })))
    .body;
};

export const readHealth = async (): Promise<Health> => (await answered(api.GET('/health'))).body;

export const readPolicy = async (): Promise<Policy> => (await answered(api.GET('/policy'))).body;

export const explainFinding = async (finding: Record<string, unknown>): Promise<Explained> =>
  (await answered(api.POST('/policy/explain', { body: { finding } }))).body as Explained;

export const readDrills = async ({ cursor, signal }: Paging): Promise<Drills> => {
  const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
  return (await answered(api.GET('/drills', { params: { query }, signal }))).body;
};

export const readAudit = async (day: string, { cursor, signal }: Paging): Promise<Audit> => {
  const query = { day, ...(cursor !== undefined && { cursor }) };
  return (await answered(api.GET('/audit', { params: { query }, signal }))).body;
};

/** The newest drills, to see what becomes of one. */
export const readNewestDrills = (): Promise<Tagged<Drills>> =>
  tagged(api.GET('/drills', { params: { query: { limit: 10 } } }));

export interface AuditExportWish {
  readonly from: string;
  readonly to: string;
  readonly purpose: string;
}

/** Signs the entries of some days; that they were exported is then in the audit, too. */
export const exportAudit = async (body: AuditExportWish): Promise<AuditExport> =>
  (await answered(api.POST('/audit/export', { body }))).body as AuditExport;
