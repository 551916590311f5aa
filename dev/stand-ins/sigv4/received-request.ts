/**
 * An HTTP request as it stood on the wire. Text holds one character per byte (latin1), which is how Node hands
 * targets and headers over: a signature covers bytes, so nothing here has been decoded.
 */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, undecoded: `/?Action=GetCallerIdentity&…`. */
  readonly target: string;
  /** In the order and the spelling in which they came, repeated names included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** The values of a header, whatever the case of its name, in the order in which they came. */
export const headerValues = (request: ReceivedRequest, name: string): string[] =>
  request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

/** The value of a header that came exactly once. */
export function onlyHeader(request: ReceivedRequest, name: string): string | undefined {
  const [first, ...others] = headerValues(request, name);
  return others.length === 0 ? first : undefined;
}
