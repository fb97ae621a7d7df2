/** One thing that a function takes for true, and why it may. */
export interface Belief {
  readonly input: string;
  /** A clause after `because`. */
  readonly because: string;
}

/** What a function believes of its input, and what somebody in the account can still do. */
export interface Trust {
  readonly believes: readonly Belief[];
  /** A right, and what its holder can do with it. */
  readonly open: readonly string[];
}

const caseItself: Belief = {
  input: 'the id of an incident',
  because:
    'only the case table is read for it: the input names an incident and a round, and says ' +
    'nothing about them',
};
const ownCallers =
  'its resource policy denies calls by everybody but its state machine, and a state machine ' +
  'starts with a function that checks';
const failedStages: Belief = {
  input: 'which stages have failed',
  because: ownCallers,
};

/** By the name of the function. A function that is not here fails a test. */
export const trust: Readonly<Record<string, Trust>> = {
  ContainmentLambda: {
    believes: [
      {
        input: 'a finding',
        because:
          'GuardDuty holds it: `GetFindings`, in the region and at the detector that the event ' +
          'names, if the region is the deployment’s or one of furtherRegions; what GuardDuty ' +
          'answers is judged, and not the event',
      },
      {
        input: 'a drill',
        because:
          'a KMS key for drills has made the MAC over the finding and an expiry, and only the ' +
          'drill role and `HeartbeatLambda` may use this key',
      },
      {
        input: 'the answer of a person',
        because:
          'a KMS key for answers, which only the approve role may use, has made the MAC over ' +
          'incident, round, question, decision, reason, person and an expiry; STS says who ' +
          'signed it',
      },
      {
        input: 'what a person wants contained',
        because:
          'the key for answers has made the MAC over target, person, reason, moment, a number ' +
          'that is used once and an expiry; STS says who signed it, and a copy is refused',
      },
      {
        input: 'that nobody has answered',
        because: 'the clock of the function is past the time limit in the case table',
      },
    ],
    open: [
      '`guardduty:GetFindings`, called until AWS throttles it: the findings of that time are ' +
        'asked about instead of contained, and the question says why',
      '`states:StartExecution` on the machine `incident-response`, with the id of a real ' +
        'finding and an earlier time: a question about any workload, which says what is in ' +
        'doubt; without a person’s yes nothing is contained',
      'a right to do what GuardDuty reports: a real finding about another workload or user; the ' +
        'circuit breaker limits how many are contained for findings of one type or detector, ' +
        'except critical ones and those about stolen credentials',
      'the drill role: drills of the canaries, and of nothing else',
      'the approve role, as a person who does not belong to the incident: everything that this ' +
        'person may decide, and the containment of any workload by name and in a mail; where two ' +
        'must approve, a person with two identities that the configuration names counts as two',
    ],
  },
  WatchLambda: {
    believes: [caseItself],
    open: [
      '`states:StartExecution` on the machine `hold-watch`: a check of the open holds, which ' +
        'repairs what has changed, and nothing else',
    ],
  },
  EvidenceCollectionLambda: {
    believes: [caseItself],
    open: [
      'a change of the workload before it is read: what is collected is what was there then, and ' +
        'each object says whether it was read before or after containment',
    ],
  },
  TimelineAnalysisLambda: {
    believes: [caseItself],
    open: [
      'a trail that is stopped, or data events that are off: the timeline names what was ' +
        'blind, and the tamper watch tells who stopped it',
    ],
  },
  GenerateReportLambda: {
    believes: [caseItself, failedStages],
    open: [],
  },
  NotifyLambda: {
    believes: [
      caseItself,
      failedStages,
      {
        input: 'the result of a drill',
        because: 'its resource policy allows the rule of the drill bus and no other service',
      },
    ],
    open: ['the drill role: a mail that calls itself the result of a drill'],
  },
  TamperLambda: {
    believes: [
      {
        input: 'calls that changed Cordon, or tried to',
        because: 'the policy of its queue lets the rules of this stack send, and nobody else',
      },
    ],
    open: [
      'many changing calls: their mails become one that counts them; the second rule mails ' +
        'directly',
    ],
  },
  CheckLambda: {
    believes: [
      {
        input: 'what was deployed',
        because:
          'its resource policy lets the rule of this stack call, and nobody else; when something ' +
          'was deployed, CloudFormation says',
      },
    ],
    open: [
      '`cloudformation:UpdateStack` on the stack itself: what it deploys counts as deployed; the ' +
        'tamper watch tells who called it',
      '`UpdateFunctionCode` on this function: its role has `GetFunction` on every function, so ' +
        'new code could read the code and settings of all; the tamper watch tells the call',
    ],
  },
  WebhookLambda: {
    believes: [
      {
        input: 'what a mail tells',
        because:
          'the policy of its queue lets the functions of Cordon and the rule for alarms send, ' +
          'and nobody else; every word that it sends on is Cordon’s',
      },
      {
        input: 'the address of the webhook',
        because:
          'it is in a secret, whose policy denies everybody but the deployers and those who may ' +
          'release',
      },
    ],
    open: [
      '`cloudwatch:SetAlarmState` on an alarm of Cordon: a notice that names this alarm',
      'the webhook itself: it learns ids of incidents, and can decide nothing',
    ],
  },
  HeartbeatLambda: {
    believes: [
      {
        input: 'which step of a heartbeat is next',
        because:
          'its resource policy denies calls by everybody but its state machine; the canary is ' +
          'tried, and the case table is read',
      },
    ],
    open: [
      '`states:StartExecution` on the machine `heartbeat`: a drill of the canary; two at once ' +
        'can make each other fail, which is told',
    ],
  },
  CustodyLambda: {
    believes: [
      {
        input: 'who reads evidence, and why',
        because:
          'its resource policy denies calls by everybody but the auditor role; the reason is a ' +
          'person’s word',
      },
    ],
    open: ['the auditor role: a reason that is not true; CloudTrail records the reads themselves'],
  },
  ReleaseLambda: {
    believes: [
      {
        input: 'a release',
        because:
          'a KMS key for releases, which only the release role may use, has made the MAC over ' +
          'incident, round, reason, person, an expiry, and whether earlier sessions may live; ' +
          'STS says who signed it, and it is refused to whoever belongs to the incident',
      },
      {
        input: 'the release of the heartbeat’s canary',
        because:
          'the KMS key for drills has made the MAC over this release; the incident must be a ' +
          'drill of the canary and of nothing else',
      },
    ],
    open: [
      'the release role: the release of any incident, by name and in a mail',
      'the drill role: the release of the heartbeat’s canary',
    ],
  },
};
