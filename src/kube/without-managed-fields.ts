/** An array in which only strings may hold brackets: the entries of managedFields hold objects and strings only. */
const ENTRIES = String.raw`(?<!\\)"managedFields":\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\]`;
/** With the comma before it, or after it for the first member. Inside a string its quotes would be escaped. */
const FIELD = new RegExp(`,${ENTRIES}|${ENTRIES},`, 'g');

/**
 * JSON from the API server without the `metadata.managedFields` of any object.
 * They are almost half of what it sends, no code reads them from a watch, and
 * parsing them takes five times as long as skipping them. JSON with blanks
 * between its tokens stays as it is.
 */
export function withoutManagedFields(json: string): string {
  return json.replace(FIELD, '');
}
