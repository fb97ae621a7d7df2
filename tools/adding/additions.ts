import type { Addition } from './addition.ts';
import { copied, listed, replaced } from './edits.ts';
import { keySuspect } from './key-suspect.ts';
import { system } from './system.ts';

const actions = 'responders/contain/actions';
const sources = 'responders/evidence/sources';
const corrections = 'local/engine/adapter/corrections';

export const additions: readonly Addition[] = [
  {
    kind: 'a responder',
    sources: [
      {
        file: `${actions}/pause-again.ts`,
        from: `${actions}/pause-function.ts`,
        what: 'the responder: facts and verbs',
        make: copied({
          pauseFunction: 'pauseAgain',
          'pause-function': 'pause-again',
          'the function cannot start': 'the function cannot start again',
        }),
      },
      {
        file: 'responders/contain/catalogue.ts',
        what: 'a line of the list',
        make: listed('pauseAgain', './actions/pause-again.ts'),
      },
    ],
    tests: [
      {
        file: 'test/support/fakes/account.ts',
        what: 'the commands that it sends, where the fake account has not learnt them yet',
        make: (text) => text,
      },
    ],
    proof: ['test/unit/responders/contain/responder.test.ts'],
    most: 3,
  },
  keySuspect,
  {
    kind: 'a source of evidence',
    sources: [
      {
        file: `${sources}/before-again.ts`,
        from: `${sources}/before-records.ts`,
        what: 'the source: its calls, and what it yields',
        make: copied({ beforeRecords: 'beforeAgain', 'before-records': 'before-again' }),
      },
      {
        file: 'responders/evidence/collectors.ts',
        what: 'a line of the list',
        make: listed('beforeAgain', './sources/before-again.ts'),
      },
    ],
    tests: [],
    proof: ['test/unit/responders/evidence/collecting.test.ts'],
    most: 3,
  },
  {
    kind: 'a verb of the command',
    sources: [
      {
        file: 'cli/doze.ts',
        from: 'cli/down.ts',
        what: 'the verb',
        make: copied({
          'const down': 'const doze',
          DownDocument: 'DozeDocument',
          './schemas/down.ts': './schemas/doze.ts',
          'cordon down': 'cordon doze',
        }),
      },
      {
        file: 'cli/schemas/doze.ts',
        from: 'cli/schemas/down.ts',
        what: 'the schema of the document that it prints',
        make: copied({ DownDocument: 'DozeDocument', 'cordon down': 'cordon doze' }),
      },
      {
        file: 'cli/verbs.ts',
        what: 'its entry in the list: name, summary and module',
        make: (text) =>
          replaced(
            text,
            "  {\n    name: 'doctor',",
            "  {\n    name: 'doze',\n    summary: 'stop later',\n" +
              "    load: async () => (await import('./doze.ts')).doze,\n  },\n" +
              "  {\n    name: 'doctor',",
          ),
      },
    ],
    tests: [],
    proof: ['test/unit/cli/verb.test.ts'],
    most: 3,
  },
  {
    kind: 'a drill',
    sources: [
      {
        file: 'game-day/scenarios/theft-again.ts',
        from: 'game-day/scenarios/lambda-credential-theft.ts',
        what: 'the scenario: its story, its attack and its checks',
        make: copied({ "id: 'lambda-credential-theft'": "id: 'theft-again'" }),
      },
      {
        file: 'responders/incident/score.ts',
        what: 'its id',
        make: (text) =>
          replaced(
            text,
            "  'lambda-credential-theft',",
            "  'lambda-credential-theft',\n  'theft-again',",
          ),
      },
    ],
    tests: [],
    proof: ['test/unit/game-day/scenarios.test.ts', 'test/unit/responders/incident/score.test.ts'],
    most: 2,
  },
  {
    kind: 'a route of the API',
    sources: [
      {
        file: 'protected-app/api/hello.ts',
        from: 'protected-app/api/status.ts',
        what: 'what the request does',
        make: copied({ 'const status': 'const hello', '/status': '/hello' }),
      },
      {
        file: 'protected-app/handlers/status-service.ts',
        what: 'a line of the function that answers it',
        make: (text) =>
          replaced(
            replaced(
              text,
              'import { status',
              "import { hello } from '../api/hello.ts';\nimport { status",
            ),
            "'GET /status':",
            "'GET /hello': hello({ version: variable('APP_VERSION'), now: Date.now }),\n" +
              "  'GET /status':",
          ),
      },
      {
        file: 'protected-app/routes.ts',
        what: 'its entry in the contract',
        make: (text) =>
          text.replace(
            /(\n {2}\{\n {4}method: 'GET',\n {4}path: '\/)status(',[\s\S]*?\n {2}\},)/,
            '$1hello$2$&',
          ),
      },
    ],
    tests: [
      {
        file: 'test/engine/app/requests.ts',
        what: 'a request that succeeds for whom the route admits',
        make: (text) => text,
      },
    ],
    proof: ['test/unit/protected-app/openapi.test.ts'],
    most: 3,
  },
  {
    kind: 'a correction of the engine',
    sources: [
      {
        file: `${corrections}/loopback_again.py`,
        from: `${corrections}/loopback_tls.py`,
        what: 'the correction: what is wrong, what AWS documents, and the patch',
        make: copied({ loopback_tls: 'loopback_again' }),
      },
      {
        file: 'local/engine/adapter/installed.py',
        what: 'a line of the list',
        make: (text) =>
          replaced(text, "    'loopback_tls',", "    'loopback_tls',\n    'loopback_again',"),
      },
    ],
    tests: [
      {
        file: 'test/engine/adapter/stock/differences.ts',
        what:
          'an observation that tells when the engine needs it no more, ' +
          'and a test of the effect',
        make: (text) =>
          text.replace(
            /\n\];\n$/,
            [
              '',
              '  ...permissions',
              "    .filter(({ correction }) => correction === 'loopback_tls')",
              "    .map((observed) => ({ ...observed, correction: 'loopback_again' })),",
              '];',
              '',
            ].join('\n'),
          ),
      },
    ],
    proof: ['test/structure/corrections.test.ts'],
    most: 3,
  },
  system,
];
