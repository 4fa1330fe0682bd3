import { printable } from '../printable.ts';
import type { Styles } from '../terminal.ts';
import { age } from './age.ts';
import { foldRepeats } from './fold-repeats.ts';
import type { ConditionView, InstanceView, Overview, StorageView, TeamView } from './overview.ts';
import { reachGroups } from './reach-groups.ts';
import { rotations } from './rotations.ts';

const MARKS = {
  True: ['✓', 'green'],
  False: ['✗', 'red'],
  Unknown: ['?', 'magenta'],
  Fail: ['✗', 'red'],
  Warn: ['!', 'yellow'],
} as const;

interface Look extends Styles {
  /** What was looked at: `the cluster`, `the namespace wandb`. */
  readonly place: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The screen for people: a block for each instance with its teams as a tree. */
export function renderStatus(given: Overview, look: Look): string {
  const { instances, teamsWithoutInstance } = printable(foldRepeats(given));
  const blocks = instances.map((instance) => instanceBlock(instance, look));
  if (teamsWithoutInstance.length > 0) {
    blocks.push([look.style('bold', 'Teams without an InstanceStorage'), ...teamTree(teamsWithoutInstance, look)]);
  }
  if (blocks.length === 0) return `There is no InstanceStorage and no TeamStorage in ${look.place}.\n`;
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function instanceBlock(instance: InstanceView, look: Look): readonly string[] {
  const { config, counts, url } = instance;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Front end', url],
    ['Ready', conditionText(instance.ready, look) ?? `${mark('Unknown', look)} not judged yet`],
    ['Published', conditionText(instance.published, look)],
    ['Bucket', bucketText(instance)],
    ['Validated', instance.lastFullValidationTime && `${ago(instance.lastFullValidationTime, look)} ago`],
    [
      'Config',
      config &&
        `Secret ${config.secretName ?? '-'}, ConfigMap ${config.configMapName ?? '-'}, hash ${config.hash ?? '-'}`,
    ],
    ...serverFields(instance, look),
    ['Teams', counts && countsText(counts)],
  ];
  const keys = [instance, ...instance.teams].flatMap((storage) => rotations(storage, look.now));
  return [
    `${look.style('bold', `InstanceStorage ${instance.namespace}/${instance.name}`)}${noteText(instance, look)}`,
    ...fields.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [`  ${label.padEnd(11)}${text}`])),
    ...problemLines(instance, '  ', look),
    ...(instance.teams.length === 0 ? [] : ['', ...teamTree(instance.teams, look)]),
    ...section('Who reaches whose files', reachLines(instance.teams), look),
    ...section('Keys in rotation', keys, look),
  ];
}

function section(title: string, lines: readonly string[], { style }: Look): readonly string[] {
  return lines.length === 0 ? [] : ['', style('bold', title), ...lines.map((line) => `  ${line}`)];
}

function serverFields({ server }: InstanceView, look: Look): readonly (readonly [string, string | undefined])[] {
  const { delivers, delivered, rolledOut, deployments } = server;
  if (delivered === undefined && rolledOut === undefined) {
    const text = delivers
      ? 'the delivery has not begun'
      : 'not known: spec.delivery is not set, so the operator does not deliver the config';
    return [['Server', text]];
  }
  const isGood = (condition: ConditionView | undefined): boolean => condition?.status === 'True';
  const messages = [delivered, rolledOut].flatMap((one) => (one === undefined || isGood(one) ? [] : [one.message]));
  return [
    ['Delivered', conditionText(delivered, look)],
    ['Rolled out', conditionText(rolledOut, look)],
    ...messages.map((message) => ['', message.replaceAll('\n', ' ')] as const),
    ...deployments.map(({ name, current, since }) => {
      const when = since === undefined ? '' : `, restarted ${ago(since, look)} ago`;
      return ['', `${name}: started for ${current ? 'this config' : 'an earlier config'}${when}`] as const;
    }),
  ];
}

function teamTree(teams: readonly TeamView[], look: Look): readonly string[] {
  const rows = teams.map((team) => [
    team.name,
    team.team,
    team.ready === undefined ? 'not judged yet' : team.ready.status === 'True' ? 'Ready' : team.ready.reason,
    team.published === undefined ? '-' : team.published.status === 'True' ? 'published' : 'not published',
    team.bucket ?? '-',
    team.createdAt === undefined ? '-' : ago(team.createdAt, look),
  ]);
  const header = ['STORAGE', 'TEAM', 'READY', 'PUBLISHED', 'BUCKET', 'AGE'];
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const cells = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    look.style('gray', `       ${cells(header)}`),
    ...teams.flatMap((team, index) => {
      const isLast = index === teams.length - 1;
      const line = `  ${isLast ? '└─' : '├─'} ${mark(team.ready?.status ?? 'Unknown', look)} ${cells(rows[index] ?? [])}`;
      return [`${line}${noteText(team, look)}`, ...problemLines(team, isLast ? '       ' : '  │    ', look)];
    }),
  ];
}

/** What is not as it should be with a storage, each with its remedy. */
export function problemLines(
  { problems }: Pick<StorageView, 'problems'>,
  indent: string,
  look: Styles,
): readonly string[] {
  return problems.flatMap(({ name, result, reason, message, remedy }) => [
    `${indent}${mark(result, look)} ${name}: ${look.style('bold', reason)}`,
    ...[message, remedy]
      .flatMap((text) => (text ?? '').split('\n'))
      .flatMap((line) => (line === '' ? [] : [`${indent}  ${line}`])),
  ]);
}

function reachLines(teams: readonly TeamView[]): readonly string[] {
  return reachGroups(teams).flatMap(({ teams: members, reason, explanation }) => [
    members.map(({ name }) => name).join(', '),
    `  ${reason}: ${explanation}`,
  ]);
}

function conditionText(condition: ConditionView | undefined, look: Look): string | undefined {
  if (condition === undefined) return undefined;
  const { status, reason, since } = condition;
  return `${mark(status, look)} ${look.style('bold', reason)} since ${ago(since, look)}`;
}

function bucketText({ provider, bucket, region, principal }: StorageView): string | undefined {
  if (bucket === undefined) return undefined;
  const where = region === undefined ? '' : ` in ${region}`;
  return `${provider ?? ''} ${bucket}${where}${principal === undefined ? '' : `, as ${principal}`}`.trim();
}

function countsText({
  total = 0,
  ready = 0,
  published = 0,
  retained = 0,
  sharing = 0,
}: NonNullable<InstanceView['counts']>): string {
  const rest = [
    ...(retained > 0 ? [`${retained} retained`] : []),
    ...(sharing > 0 ? [`${sharing} sharing a bucket`] : []),
  ];
  return [`${total}: ${ready} ready`, `${published} published`, ...rest].join(', ');
}

function noteText({ judged, suspended, deletedAt }: StorageView, { style }: Look): string {
  const notes = [
    ...(deletedAt === undefined ? [] : ['is being deleted']),
    ...(suspended ? ['suspended'] : []),
    ...(judged ? [] : ['the present spec is not judged yet']),
  ];
  return notes.length === 0 ? '' : style('yellow', `  (${notes.join(', ')})`);
}

function mark(of: keyof typeof MARKS, { style }: Styles): string {
  return style(MARKS[of][1], MARKS[of][0]);
}

function ago(time: string, { now }: Look): string {
  return age(now - Date.parse(time));
}
