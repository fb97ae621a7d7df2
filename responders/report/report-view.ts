import type { ReportView } from '../../report-templates/view.ts';
import { consoleAddress } from '../incident/console-address.ts';
import { count } from '../shared/count.ts';
import { timelineView } from './calls.ts';
import { blast, reached } from './exposure.ts';
import { glance } from './glance.ts';
import type { ReportInput } from './input.ts';
import { decisions, open, release } from './open.ts';
import { about, changed, clocks, evidence, limits, support } from './record.ts';
import { isCredential, rotate } from './rotate.ts';
import { showWith } from './shown.ts';
import { counted, sources } from './sources.ts';
import { timeView } from './time-view.ts';
import { contained, verdict } from './verdict.ts';
import { workload } from './words.ts';

/**
 * Case, timeline and evidence → everything that a report shows, in the order in which its questions
 * are asked. Pure.
 */
export const reportView = (input: ReportInput): ReportView => {
  const { incident, version, timeline, place } = input;
  const show = showWith(place.mask);
  const judged = verdict(input, show);
  const [still, steps] = [open(input, show), rotate(input, show)];
  const attack = timeline.ok ? timeline.timeline.attack : { version: '', techniques: [] };
  return {
    incident: incident.head.id,
    version,
    where: workload(incident.head),
    console: consoleAddress('look', incident.head.id, place)?.replace('https://', '') ?? null,
    title: `Incident ${incident.head.id}, report ${version}`,
    drill: incident.head.drill ? 'DRILL' : null,
    made: timeView(input.now, place.zone),
    verdict: judged,
    glance: glance(input, { verdict: judged, open: still, rotate: steps }, show),
    about: about(input, show),
    changed: changed(input, show),
    contained: contained(input, show),
    open: still,
    blast: blast(input, show),
    reached: reached(input, show),
    rotate: steps,
    decisions: decisions(input, steps.filter(isCredential).length, show),
    release: release(input, show),
    timeline: timelineView(input, show),
    attack: {
      version: show(attack.version, 20),
      techniques: attack.techniques.slice(0, 30).map(({ id, name, events }) => ({
        id: show(id, 20),
        name: show(name, 80),
        calls: count(events, 'call'),
      })),
    },
    evidence: evidence(input, show),
    clocks: clocks(input),
    limits: limits(input, show),
    support: support(input, show),
    sources: sources(input),
    counted: counted(input),
  };
};
