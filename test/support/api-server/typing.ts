import { fieldText, itemElement, under } from './field-set.ts';
import { fieldsIn } from './json.ts';
import { fieldSchema, shapeOf, type Schema } from './shape.ts';

/**
 * Why a manifest cannot be applied at all, each as `.field: why`: server-side
 * apply has to know every field and to tell the items of a list apart.
 */
export function untyped(schema: Schema, value: unknown, path = ''): readonly string[] {
  const shape = shapeOf(schema, value);
  switch (shape.kind) {
    case 'leaf':
      return [];
    case 'map':
      return Object.entries(fieldsIn(value))
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .flatMap(([name, field]) => {
          const inside = under(path, `f:${name}`);
          const below = fieldSchema(shape, name);
          return below === undefined
            ? [`${fieldText(inside)}: field not declared in schema`]
            : untyped(below, field, inside);
        });
    case 'set':
      return twice(
        itemsOf(value).map((item) => itemElement(item)),
        path,
      );
    case 'listMap': {
      const elements = itemsOf(value).map((item) => itemElement(item, shape.keys));
      const below = itemsOf(value).flatMap((item, index) =>
        untyped(shape.items, item, under(path, elements[index] ?? '')),
      );
      return [...twice(elements, path), ...below];
    }
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  return value as readonly unknown[];
}

function twice(elements: readonly string[], path: string): readonly string[] {
  return elements
    .filter((element, index) => elements.indexOf(element) < index)
    .map((element) => `${fieldText(path)}: duplicate entries for key ${fieldText(element)}`);
}
