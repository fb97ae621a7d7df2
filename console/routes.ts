import type * as z from 'zod';
import { type ConsoleGroup, consoleGroups } from '../operator/console-users.ts';
import type { ConsoleFunctionName } from './functions.ts';
import * as audits from './schemas/audit.ts';
import { healthReply } from './schemas/health-reply.ts';
import * as replies from './schemas/replies.ts';
import * as requests from './schemas/requests.ts';

/** One route of the console's API. */
export interface ConsoleRoute {
  readonly method: 'GET' | 'POST';
  readonly path: `/${string}`;
  readonly function: ConsoleFunctionName;
  /** The groups whose members may call it. */
  readonly admits: readonly ConsoleGroup[];
  readonly summary: string;
  /** Whether it has an ETag, so that pages can ask for changes. */
  readonly tagged?: true;
  /** Whether it needs a sign-in of the last two minutes, which it uses up. */
  readonly decides?: true;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly reply: z.ZodType;
  /** By status, besides those that every route has. */
  readonly problems: readonly number[];
}

const reads = { function: 'ConsoleReadLambda', admits: consoleGroups } as const;
const ofIncident = '/incidents/{id}' as const;

/** The contract of the API. Gateway, OpenAPI document and tests are made from this list. */
export const consoleRoutes: readonly ConsoleRoute[] = [
  {
    ...reads,
    method: 'GET',
    path: '/now',
    summary: 'What needs a person now, the most urgent first',
    reply: replies.nowReply,
    problems: [],
  },
  {
    ...reads,
    method: 'GET',
    path: '/incidents',
    summary: 'A page of incidents, the newest first',
    query: requests.incidentsQuery,
    reply: replies.incidentsReply,
    problems: [400],
  },
  {
    ...reads,
    method: 'GET',
    path: ofIncident,
    summary: 'One incident, as `cordon show --json` prints it',
    tagged: true,
    reply: replies.incidentReply,
    problems: [400, 404],
  },
  {
    ...reads,
    method: 'GET',
    path: `${ofIncident}/question`,
    summary: 'What is asked, with the digest that an answer names',
    tagged: true,
    reply: replies.questionReply,
    problems: [400, 404],
  },
  {
    method: 'POST',
    path: `${ofIncident}/answer`,
    function: 'ConsoleDecideLambda',
    admits: ['approvers'],
    decides: true,
    summary: 'Contain, or leave alone',
    body: requests.answerBody,
    reply: replies.answerReply,
    problems: [400, 404, 409],
  },
  {
    ...reads,
    method: 'GET',
    path: `${ofIncident}/release-preview`,
    summary: 'What a release would put back, with the digest that it names',
    tagged: true,
    reply: replies.releasePreviewReply,
    problems: [400, 404],
  },
  {
    method: 'POST',
    path: `${ofIncident}/release`,
    function: 'ConsoleDecideLambda',
    admits: ['responders'],
    decides: true,
    summary: 'Take containment back',
    body: requests.releaseBody,
    reply: replies.releaseReply,
    problems: [400, 404, 409],
  },
  {
    ...reads,
    method: 'GET',
    path: `${ofIncident}/timeline`,
    summary: 'A page of the latest timeline, in the order of time',
    query: requests.timelineQuery,
    reply: replies.timelineReply,
    problems: [400, 404, 413],
  },
  {
    ...reads,
    method: 'GET',
    path: `${ofIncident}/report`,
    summary: 'The versions of the report, the text of one, and the mails that were sent',
    query: requests.reportQuery,
    reply: replies.reportReply,
    problems: [400, 404, 413],
  },
  {
    method: 'GET',
    path: `${ofIncident}/evidence`,
    function: 'ConsoleEvidenceLambda',
    admits: consoleGroups,
    summary: 'What the manifest lists, what is missing, and what was touched',
    query: requests.evidenceQuery,
    reply: replies.evidenceReply,
    problems: [400, 404],
  },
  {
    method: 'POST',
    path: `${ofIncident}/evidence/read`,
    function: 'ConsoleEvidenceLambda',
    admits: ['responders', 'auditors'],
    summary: 'Links to evidence, after a custody entry with the purpose was written',
    query: requests.evidenceQuery,
    body: requests.evidenceReadBody,
    reply: replies.evidenceReadReply,
    problems: [400, 404, 413],
  },
  {
    ...reads,
    method: 'GET',
    path: '/drills',
    summary: 'What can be rehearsed, and the drills that ran',
    query: requests.drillsQuery,
    reply: replies.drillsReply,
    problems: [400],
  },
  {
    ...reads,
    method: 'GET',
    path: '/policy',
    summary: 'What Cordon does about each finding type, and what it never contains',
    reply: replies.policyReply,
    problems: [],
  },
  {
    ...reads,
    method: 'POST',
    path: '/policy/explain',
    summary: 'What the policy says about a finding, and which rules it asks',
    body: requests.explainBody,
    reply: replies.explainReply,
    problems: [400],
  },
  {
    ...reads,
    method: 'GET',
    path: '/health',
    summary: 'Whether somebody hears of the next incident, and what waits',
    reply: healthReply,
    problems: [],
  },
  {
    method: 'GET',
    path: '/audit',
    function: 'ConsoleAuditLambda',
    admits: ['auditors'],
    summary: 'Who read and decided what on a day',
    query: requests.auditQuery,
    reply: audits.auditReply,
    problems: [400],
  },
  {
    method: 'POST',
    path: '/audit/export',
    function: 'ConsoleAuditLambda',
    admits: ['auditors'],
    summary: 'Who read and decided what in a period, as signed JSON lines; the audit has this, too',
    body: requests.auditExportBody,
    reply: audits.auditExportReply,
    problems: [400, 413],
  },
];
