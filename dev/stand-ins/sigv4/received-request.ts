/**
 * An HTTP request as it was on the wire. Text has one character per byte (latin1), as Node.js passes targets and headers:
 * a signature covers bytes, so nothing is decoded.
 */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, undecoded: `/?Action=GetCallerIdentity&…`. */
  readonly target: string;
  /** In the order and spelling of the request, with repeated names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** The values of a header, whatever the case of its name, in the order of the request. */
export const headerValues = (request: ReceivedRequest, name: string): string[] =>
  request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

/** The value of a header; `undefined` if it is missing or repeated. */
export function onlyHeader(request: ReceivedRequest, name: string): string | undefined {
  const [first, ...others] = headerValues(request, name);
  return others.length === 0 ? first : undefined;
}
