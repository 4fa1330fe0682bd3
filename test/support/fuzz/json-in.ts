import type { JsonObject } from '../../../src/domain/spec/json.ts';

/** The JSON object in a text; `undefined` for any other text, which the API server would refuse. */
export function jsonIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
