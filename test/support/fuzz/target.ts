/** A reader of bytes that others wrote. */
export interface Target {
  readonly name: string;
  /** Where the search begins. */
  readonly seeds: readonly string[];
  /** Words of the grammar, which chance would not find. */
  readonly words: readonly string[];
  /** Reads a text; throws where the reader throws, or breaks a promise. */
  readonly run: (text: string) => Promise<void> | void;
}
