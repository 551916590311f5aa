import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readUpTo } from '../../../lib/net/read-stream.ts';

const streamOf = (...sizes: readonly number[]): Readable =>
  Readable.from(sizes.map((size) => Buffer.alloc(size, 'x')));

describe('readUpTo', () => {
  test('a stream of exactly the limit is returned whole', async () => {
    expect(await readUpTo(streamOf(3, 4), 7)).toEqual(Buffer.from('xxxxxxx'));
    expect(await readUpTo(streamOf(), 0)).toEqual(Buffer.alloc(0));
  });

  test('a stream of one byte over the limit is destroyed and not returned', async () => {
    const stream = streamOf(3, 5, 1000);
    expect(await readUpTo(stream, 7)).toBeUndefined();
    expect(stream.destroyed).toBe(true);
  });

  test('a stream over the limit is read to its end up to the drain limit', async () => {
    const seen: number[] = [];
    const stream = async function* () {
      for (const size of [5, 5, 5]) {
        seen.push(size);
        yield Buffer.alloc(size);
      }
    };
    expect(await readUpTo(stream(), 7, 15)).toBeUndefined();
    expect(seen).toEqual([5, 5, 5]);
  });

  test('a stream over the drain limit is destroyed', async () => {
    const stream = streamOf(5, 5, 6, 5);
    expect(await readUpTo(stream, 7, 15)).toBeUndefined();
    expect(stream.destroyed).toBe(true);
  });

  test('the error of a stream is thrown', async () => {
    const stream = new Readable({ read: () => {} });
    const read = readUpTo(stream, 7);
    stream.destroy(new Error('cut off'));
    await expect(read).rejects.toThrow('cut off');
  });
});
