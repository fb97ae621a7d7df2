import { type Command, InvalidArgumentError, Option } from 'commander';
import { incidentStates } from '../../responders/incident/incident.ts';
import { placed, placeOf } from '../placed.ts';
import { type CommandDeps, finish } from '../verb.ts';
import { closed, type ShowOptions } from './awaited.ts';

const seconds = (text: string): number => {
  if (/^\d{1,5}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('wanted a number of seconds.');
};

/** `cordon show`: one incident, at once or when it has reached a state. */
export const show = (command: Command, deps: CommandDeps): void => {
  placed(command, ['cordon show inc-20261121-7f3k2m8q', 'cordon show 7f3k --wait contained --json'])
    .argument('<incident>', 'its id, or the beginning of it')
    .addOption(
      new Option(
        '--wait <state>',
        'wait until it is in this state; closed: until every stage has run',
      ).choices([...incidentStates, closed]),
    )
    .option('--timeout <seconds>', 'how long to wait; exit code 3 after a timeout', seconds, 60)
    .action((incident: string, options: ShowOptions) =>
      finish(deps, options, async (out) => {
        const place = await placeOf(deps, options);
        // Loaded only now: without a deployment, the AWS clients are not needed.
        const { showIncident } = await import('./show-incident.ts');
        return showIncident(out, place, incident, options);
      }),
    );
};
