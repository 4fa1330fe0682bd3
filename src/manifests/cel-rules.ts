import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { KubeObject } from '../api/object.ts';
import { crdSchema, type CelRule, type CrdSchema, type StorageKindName } from './crd-schema.ts';
import { fieldText, type FieldPath } from './manifest.ts';
import type { SchemaFault } from './structure.ts';

/** CEL as the API server has it: the library of CEL, and of Kubernetes' own functions the one that our rules use. */
const environment = new Environment({ unlistedVariablesAreDyn: true });
environment.registerFunction('isURL(string): bool', (text: string) => URL.canParse(text));

const programs = new Map<string, ParseResult>();

/**
 * The rules of the CRD that an object breaks; `former` is the object that it replaces. To be called for objects whose
 * structure is right: the API server, too, evaluates no rule before.
 */
export function ruleFaults(
  kind: StorageKindName,
  object: KubeObject,
  former: KubeObject | undefined,
): readonly SchemaFault[] {
  return faultsAt(crdSchema(kind), { self: object, oldSelf: former }, []);
}

interface Scope {
  readonly self: unknown;
  readonly oldSelf: unknown;
}

function faultsAt(schema: CrdSchema, scope: Scope, path: FieldPath): readonly SchemaFault[] {
  if (scope.self === undefined || scope.self === null) return [];
  const own = (schema['x-kubernetes-validations'] ?? []).filter((rule) => isBroken(rule, scope));
  return [
    ...own.map((rule) => ({ reason: 'RuleViolated' as const, path, message: sentenceOf(rule, scope, path) })),
    ...childrenOf(schema, scope).flatMap(([key, child, inner]) => faultsAt(child, inner, [...path, key])),
  ];
}

type Child = readonly [key: string | number, schema: CrdSchema, scope: Scope];

function childrenOf(
  { properties, items, additionalProperties }: CrdSchema,
  { self, oldSelf }: Scope,
): readonly Child[] {
  // No rule of a list item refers to the former object: the items of a list without keys cannot be told apart.
  if (Array.isArray(self)) {
    return items === undefined
      ? []
      : (self as readonly unknown[]).map((item, index) => [index, items, { self: item, oldSelf: undefined }]);
  }
  return Object.entries(self as object).flatMap(([name, value]): readonly Child[] => {
    const schema = Object.hasOwn(properties ?? {}, name) ? properties?.[name] : additionalProperties;
    const before = (oldSelf as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    return schema === undefined ? [] : [[name, schema, { self: value, oldSelf: before }]];
  });
}

/** A rule about a change holds for a new object. */
function isBroken({ rule }: CelRule, scope: Scope): boolean {
  if (rule.includes('oldSelf') && scope.oldSelf === undefined) return false;
  return program(rule)(scope) !== true;
}

function sentenceOf({ message, messageExpression }: CelRule, scope: Scope, path: FieldPath): string {
  const text: unknown = messageExpression === undefined ? message : program(messageExpression)(scope);
  return `${path.length === 0 ? '' : `${fieldText(path)}: `}${typeof text === 'string' ? text : message}`;
}

function program(expression: string): ParseResult {
  const known = programs.get(expression) ?? environment.parse(expression);
  programs.set(expression, known);
  return known;
}
