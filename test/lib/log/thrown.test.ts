import { describe, expect, test } from 'vitest';
import { describeThrown } from '../../../lib/log/thrown.ts';

describe('describeThrown', () => {
  test('an error is described by its class and frames, not by its message', () => {
    const { name, frames } = describeThrown(new RangeError('a secret\n    with two lines'));
    expect(name).toBe('RangeError');
    expect(frames[0]).toMatch(/^at .*thrown\.test\.ts/);
    expect(frames.join()).not.toContain('secret');
  });

  test('an error without a stack is described by its class', () => {
    expect(describeThrown(Object.assign(new Error('x'), { stack: undefined }))).toEqual({
      name: 'Error',
      frames: [],
    });
  });

  test('a value that is no error is described by its type', () => {
    expect(describeThrown('a secret')).toEqual({ name: 'string', frames: [] });
  });
});
