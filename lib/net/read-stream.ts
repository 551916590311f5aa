/** The reader of byte streams: bodies of requests and of answers, each up to a limit. */

/**
 * All bytes of a stream, or `undefined` if there are more than `limit`: of a larger stream nothing is kept, and it is destroyed
 * after `drainLimit` bytes.
 * @param drainLimit default `limit`. A server reads on, since most clients read an answer only after they have sent their body
 * @throws whatever the stream fails with
 */
export async function readUpTo(
  stream: AsyncIterable<unknown>,
  limit: number,
  drainLimit: number = limit,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > drainLimit) return undefined;
    if (bytes <= limit) chunks.push(chunk);
  }
  return bytes > limit ? undefined : Buffer.concat(chunks);
}
