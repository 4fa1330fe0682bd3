import { stringify } from 'yaml';
import type { InstanceView } from '../status/overview.ts';
import { markup, when, type Html } from './html.ts';
import { badge } from './marks.ts';
import type { Naming } from './naming.ts';
import { isInstance, type Report } from './report.ts';
import { plural } from './texts.ts';
import { timeAndAge } from './times.ts';

/** A longer list is folded. */
const MOST_ROWS = 20;

/** The resolved config without any key, and what the servers run with. */
export function configSection(report: Report, naming: Naming): Html {
  const instances = report.storages.map(({ view }) => view).filter(isInstance);
  return markup`<section id="config" aria-labelledby="config-title">
<h2 id="config-title">Config of the servers</h2>
${report.source.kind === 'Cluster' ? instances.map((instance) => instanceConfig(instance, report, naming)) : undefined}${addresses(report, naming)}${outputs(report)}</section>
`;
}

function instanceConfig(instance: InstanceView, { now }: Report, naming: Naming): Html {
  const { config, server, counts } = instance;
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    ['Secret', config?.secretName],
    ['ConfigMap', config?.configMapName],
    ['Hash', config?.hash],
    ['Delivered', serverState(server.delivered, now)],
    ['Rolled out', serverState(server.rolledOut, now)],
    [
      'Server',
      server.delivers ? undefined : 'not known: spec.delivery is not set, so the operator does not deliver the config',
    ],
    [
      'Deployments',
      server.deployments.length === 0
        ? undefined
        : markup`<ul>${server.deployments.map(
            ({ name, current, since }) =>
              markup`<li>${name}: started for ${current ? 'this config' : 'an earlier config'}${
                since === undefined ? undefined : markup`, restarted ${timeAndAge(since, now)}`
              }</li>`,
          )}</ul>`,
    ],
    [
      'Teams',
      counts &&
        `${counts.total ?? 0}: ${counts.ready ?? 0} ready, ${counts.published ?? 0} published, ${counts.retained ?? 0} retained, ${counts.sharing ?? 0} sharing a bucket`,
    ],
  ];
  return markup`<h3>InstanceStorage ${naming.name(instance)}</h3>
<dl class="facts">${rows.map(([label, value]) =>
    value === undefined ? undefined : markup`<dt>${label}</dt><dd>${value}</dd>`,
  )}</dl>
`;
}

function serverState(condition: InstanceView['server']['delivered'], now: number): Html | undefined {
  if (condition === undefined) return undefined;
  const { status, reason, since } = condition;
  const result = status === 'True' ? 'Pass' : status === 'False' ? 'Warn' : 'Unknown';
  return markup`${badge(result, reason)} since ${timeAndAge(since, now)}`;
}

/** As the server is given them; keys are masked in statuses already. */
function addresses({ storages }: Report, naming: Naming): Html | undefined {
  const rows = storages.flatMap(({ view }) => (view.address === undefined ? [] : [{ view, address: view.address }]));
  if (rows.length === 0) return undefined;
  const width = Math.max(...rows.map(({ view }) => naming.name(view).length));
  const lines = rows.map(({ view, address }) => {
    const state = view.published?.status === 'True' ? '' : '  (not published)';
    return `${naming.name(view).padEnd(width)}  ${address}${state}`;
  });
  return markup`<h3>Addresses of the buckets</h3>
<details class="table"${when(rows.length <= MOST_ROWS, () => markup` open`)}><summary>${plural(rows.length, 'address')}, keys masked</summary><pre tabindex="0">${lines.join('\n')}</pre></details>
`;
}

/** What the operator would write, as `byob render` shows it. */
function outputs({ outputs: objects }: Report): Html | undefined {
  if (objects.length === 0) return undefined;
  return markup`<h3>What the operator would write, keys hidden</h3>
${objects.map(
  (
    object,
  ) => markup`<details class="table"><summary>${object.kind} ${object.metadata.namespace}/${object.metadata.name}</summary><pre tabindex="0">${stringify(object, { aliasDuplicateObjects: false, blockQuote: 'literal', lineWidth: 0 })}</pre></details>
`,
)}`;
}
