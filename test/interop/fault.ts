/** An error as a fault of a cell: the other cells still come about. */
export function faultOf(error: unknown): string {
  return Error.isError(error) ? `${error.name}: ${error.message}` : String(error);
}
