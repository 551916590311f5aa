import { describe, expect, test, vi } from 'vitest';
import { SingleFlight, unlessAborted } from '../../../lib/async/single-flight.ts';

/** A call that the test settles, and how often it was made. */
function createCall() {
  const state = {
    calls: 0,
    resolve: (() => {}) as (value: string) => void,
    reject: (() => {}) as (error: Error) => void,
  };
  const call = (): Promise<string> => {
    state.calls += 1;
    return new Promise((resolve, reject) => {
      state.resolve = resolve;
      state.reject = reject;
    });
  };
  return { state, call };
}

describe('SingleFlight', () => {
  test('concurrent calls with the same key are one', async () => {
    const { state, call } = createCall();
    const flights = new SingleFlight<string>();
    const both = [flights.run('a', call), flights.run('a', call)];
    state.resolve('A');
    expect(await Promise.all(both)).toEqual(['A', 'A']);
    expect(state.calls).toBe(1);
  });

  test('calls with different keys are not shared', async () => {
    const flights = new SingleFlight<string>();
    const both = [flights.run('a', async () => 'A'), flights.run('b', async () => 'B')];
    expect(await Promise.all(both)).toEqual(['A', 'B']);
  });

  test('a result is not kept for the next call', async () => {
    const { state, call } = createCall();
    const flights = new SingleFlight<string>();
    for (const result of ['1', '2']) {
      const answer = flights.run('a', call);
      state.resolve(result);
      expect(await answer).toBe(result);
    }
    expect(state.calls).toBe(2);
  });

  test('an error is shared, and not kept for the next call', async () => {
    const { state, call } = createCall();
    const flights = new SingleFlight<string>();
    const both = Promise.allSettled([flights.run('a', call), flights.run('a', call)]);
    state.reject(new Error('an outage'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await flights.run('a', async () => 'A')).toBe('A');
  });
});

describe('unlessAborted', () => {
  const gaveUp = (): string => 'gave up';

  test('the result of the call is returned if the signal does not abort', async () => {
    expect(await unlessAborted(Promise.resolve('A'), new AbortController().signal, gaveUp)).toBe('A');
  });

  test('the error of the call is thrown if the signal does not abort', async () => {
    const failed = unlessAborted(
      Promise.reject(new Error('an outage')),
      new AbortController().signal,
      gaveUp,
    );
    await expect(failed).rejects.toThrow('an outage');
  });

  test('an abort ends the wait of one caller, and leaves the call to the others', async () => {
    const { state, call } = createCall();
    const shared = call();
    const impatient = new AbortController();
    const first = unlessAborted(shared, impatient.signal, gaveUp);
    const second = unlessAborted(shared, new AbortController().signal, gaveUp);
    impatient.abort();
    expect(await first).toBe('gave up');
    state.resolve('A');
    expect(await second).toBe('A');
  });

  test('a signal that is aborted already ends the wait at once', async () => {
    expect(await unlessAborted(new Promise(() => {}), AbortSignal.abort(), gaveUp)).toBe('gave up');
  });

  test('an error after the abort is not reported as unhandled', async () => {
    const { state, call } = createCall();
    const answer = unlessAborted(call(), AbortSignal.abort(), gaveUp);
    state.reject(new Error('too late'));
    expect(await answer).toBe('gave up');
  });

  test('no listener stays on a signal that outlives the call', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await unlessAborted(Promise.resolve('A'), signal, gaveUp);
    await Promise.resolve();
    expect(remove).toHaveBeenCalledOnce();
  });
});
