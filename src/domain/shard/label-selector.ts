import { err, ok, type Result } from '../../base/result.ts';

export type Labels = Readonly<Record<string, string>>;

/** One requirement of a selector; all of them must hold. */
type Requirement =
  | { readonly key: string; readonly kind: 'Exists' | 'DoesNotExist' }
  /** `NotIn` also holds for an object without the label. Values are sorted, each once. */
  | { readonly key: string; readonly kind: 'In' | 'NotIn'; readonly values: readonly string[] };

/** A label selector of Kubernetes: equality-based and set-based requirements. */
export interface LabelSelector {
  /** The same for selectors with the same requirements in another order or notation. */
  readonly text: string;
  readonly requirements: readonly Requirement[];
}

const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Commas that separate requirements: not those between the values of a set. */
const SEPARATOR = /,(?![^()]*\))/;
const EXISTENCE = /^(!?)\s*([^\s!=(),]+)$/;
const EQUALITY = /^([^\s!=(),]+)\s*(==?|!=)\s*([^\s!=(),]*)$/;
const SET = /^([^\s!=(),]+)\s+(in|notin)\s*\(([^()]*)\)$/;

/** Parses a selector as `kubectl --selector` does; fails with a sentence that says what is wrong. */
export function parseLabelSelector(text: string): Result<LabelSelector, string> {
  const requirements: Requirement[] = [];
  for (const part of text.split(SEPARATOR).map((one) => one.trim())) {
    const requirement = parseRequirement(part);
    if (requirement === undefined) {
      return err(
        `${JSON.stringify(part)} is no requirement: write key=value, key!=value, key in (a,b), key notin (a,b), key or !key`,
      );
    }
    const problem = problemOf(requirement);
    if (problem !== undefined) return err(problem);
    requirements.push(requirement);
  }
  const texts = [...new Set(requirements.map(textOf))].sort();
  return ok({ text: texts.join(','), requirements });
}

/** Whether labels fulfil a selector. */
export function isSelected({ requirements }: LabelSelector, labels: Labels): boolean {
  return requirements.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.kind) {
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      case 'In':
        return value !== undefined && requirement.values.includes(value);
      case 'NotIn':
        return value === undefined || !requirement.values.includes(value);
    }
  });
}

/** Those of the labels that a selector asks for: they alone decide whether it selects. */
export function relevantLabels({ requirements }: LabelSelector, labels: Labels): Labels {
  const keys = new Set(requirements.map(({ key }) => key));
  return Object.fromEntries(Object.entries(labels).filter(([key]) => keys.has(key)));
}

function parseRequirement(text: string): Requirement | undefined {
  const [, not, named] = EXISTENCE.exec(text) ?? [];
  if (named !== undefined) return { key: named, kind: not === '!' ? 'DoesNotExist' : 'Exists' };
  const [, equal, operator, value = ''] = EQUALITY.exec(text) ?? [];
  if (equal !== undefined) return { key: equal, kind: operator === '!=' ? 'NotIn' : 'In', values: [value] };
  const [, key, set, list = ''] = SET.exec(text) ?? [];
  if (key === undefined) return undefined;
  const values = [...new Set(list.split(',').map((one) => one.trim()))].sort();
  return { key, kind: set === 'in' ? 'In' : 'NotIn', values };
}

function problemOf(requirement: Requirement): string | undefined {
  const { key } = requirement;
  if (!KEY.test(key)) return `${JSON.stringify(key)} is no valid key of a label`;
  const values = 'values' in requirement ? requirement.values : [];
  const invalid = values.find((value) => !VALUE.test(value));
  return invalid === undefined ? undefined : `${JSON.stringify(invalid)} is no valid value of a label`;
}

function textOf(requirement: Requirement): string {
  const { key, kind } = requirement;
  if (!('values' in requirement)) return kind === 'Exists' ? key : `!${key}`;
  const { values } = requirement;
  if (values.length === 1) return `${key}${kind === 'In' ? '=' : '!='}${values.join()}`;
  return `${key} ${kind === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
}
