import { STATUS_BOUNDS } from '../../api/generated/status-bounds.ts';

/**
 * Cuts a status to the limits of the CRD: texts to their length, lists to their number of items. Otherwise the API
 * server would refuse the whole status because of one long text.
 */
export function withinBounds<S>(kind: string, status: S): S {
  return cut(status, '', STATUS_BOUNDS[kind] ?? {}) as S;
}

function cut(value: unknown, path: string, bounds: Readonly<Record<string, number>>): unknown {
  const most = bounds[path] ?? Number.POSITIVE_INFINITY;
  if (typeof value === 'string') return cutText(value, most);
  if (Array.isArray(value)) {
    return (value.length <= most ? value : value.slice(0, most)).map((item) => cut(item, `${path}[]`, bounds));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, cut(item, path === '' ? name : `${path}.${name}`, bounds)]),
  );
}

/**
 * The API server counts characters, not UTF-16 units. It stores half a surrogate pair as U+FFFD: the status would differ
 * from the stored one, and be written again at each reconcile.
 */
function cutText(text: string, most: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= most) return whole;
  const characters = Array.from(whole);
  return characters.length <= most ? whole : `${characters.slice(0, most - 1).join('')}…`;
}
