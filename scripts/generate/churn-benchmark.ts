import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trendsOf, type Trend } from '../../test/support/churn/judge.ts';
import type { Churn } from '../../test/support/churn/run.ts';
import { lineChart } from './line-chart.ts';

const FOLDER = 'docs/benchmarks';

/** What `npm run soak -- churn` writes. */
export interface KeptChurn extends Churn {
  readonly date: string;
  readonly cores: number;
}

const TITLES: Readonly<Record<Trend['figure'], string>> = {
  rssMb: 'Resident memory (RSS)',
  heapMb: 'Heap in use after a collection',
  files: 'Open file descriptors',
  sockets: 'Sockets among them',
  timers: 'Timers',
};

/** The section of the page about the runs of the churn, and their plots. */
export function renderChurns(): {
  readonly section: readonly string[];
  readonly plots: Readonly<Record<string, string>>;
} {
  const runs = readdirSync(FOLDER)
    .filter((name) => /^churn-.*\.json$/.test(name))
    .sort()
    .map((name) => ({
      name: name.replace(/\.json$/, ''),
      run: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as KeptChurn,
    }));
  const plots = runs.flatMap(({ name, run }) =>
    trendsOf(run.samples).map(({ figure, unit }) => {
      const curve = run.samples.map((sample) => ({ seconds: sample.seconds, value: sample[figure] }));
      return [`${FOLDER}/${name}-${plotId(figure)}.svg`, lineChart(TITLES[figure], unit, curve)] as const;
    }),
  );
  return { section: runs.flatMap(({ name, run }) => sectionOf(name, run)), plots: Object.fromEntries(plots) };
}

function sectionOf(name: string, { date, cores, minutes, rounds, teams, done, samples }: KeptChurn): readonly string[] {
  const actions = Object.values(done).reduce((sum, count) => sum + count, 0);
  const trends = trendsOf(samples);
  return [
    `## ${minutes.toFixed(1)} minutes of churn (${date}, ${cores} cores)`,
    '',
    `\`npm run soak -- churn\`: ${actions.toLocaleString('en')} actions in ${rounds} rounds on ${teams} TeamStorages over five stores. After each round everything is well again and no connection to a store is open; then the operator collects its garbage and is measured. The growth is the median slope (Theil and Sen) of the second half.`,
    '',
    ...trends.map(({ figure, unit, level, growth, limit }) => {
      const [at, by, most] = [level, growth, limit].map((value) => `${value.toFixed(2)} ${unit}`.trim());
      return `- ${TITLES[figure]}: ${at}, grew by ${by} (limit ${most})`;
    }),
    '',
    ...trends.map(({ figure }) => `![${TITLES[figure]}](${name}-${plotId(figure)}.svg)\n`),
  ];
}

function plotId(figure: Trend['figure']): string {
  return figure.replace(/Mb$/, '');
}
