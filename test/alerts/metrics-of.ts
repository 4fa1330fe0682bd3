/** One use of a metric in PromQL: its name, and the labels that the expression speaks of. */
export interface MetricUse {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Prefixes of every metric that the operator exposes under a name of its own or of controller-runtime. */
const METRIC =
  /\b((?:byob|controller_runtime|workqueue|rest_client|leader_election|process|nodejs)_\w+)(?:\{([^}]*)\})?/g;

/** Metrics of an expression; labels of `by (...)` count for each of them. Histograms are named by `_bucket`. */
export function metricsOf(expression: string): readonly MetricUse[] {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => words(names));
  return [...expression.matchAll(METRIC)].map(([, metric = '', selectors = '']) => ({
    metric,
    labels: [...[...selectors.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label), ...grouped],
  }));
}

/** Labels by metric, out of the Prometheus text format. */
export function exposedMetrics(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const exposed = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    const known = exposed.get(name) ?? new Set<string>();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    exposed.set(name, known);
  }
  return exposed;
}

function words(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
