/**
 * Random histories of IAM groups, bindings and runs that fail: reads that fail in the middle, crashes before and after
 * any single write, concurrent runs, a run that is suspended past its lease, also with a write in flight. The store is
 * the real one, on dynalite; IAM is a model that returns pages. After each run the table equals some complete reading of
 * IAM, and after each write that can be the last one no two users share a username.
 */
import { expect, test } from 'vitest';
import { mapConcurrently } from '../../lib/async/map-concurrently.ts';
import { pick } from '../reference/random.ts';
import type { Fault } from '../fixtures/faulty-client.ts';
import { cases } from '../fixtures/scale.ts';
import { History, type Line, linesOf, seed } from './group-sync-history.ts';
import { userNames } from './group-sync-iam-model.ts';

const histories = cases(100, 1000);
/** Each history waits for its table most of the time. They are independent, so their order does not matter. */
const concurrentHistories = 4;

type Mishap = (history: History, before: Set<Line>) => Promise<void>;
const atWrite = (history: History): number => 1 + Math.floor(history.random() * 12);

const mishaps: Readonly<Record<string, Mishap>> = {
  async none(history) {
    expect((await history.run(history.store)).state).toBe('done');
    expect(linesOf(await history.grants())).toEqual(history.complete());
  },
  async 'a read fails'(history, before) {
    history.iam.failsAfter = Math.floor(history.random() * 4);
    const run = await history.run(history.store);
    history.iam.failsAfter = undefined;
    await history.expectBetween(before, history.complete());
    // The grants of a binding whose group could not be read have not changed.
    const now = [...linesOf(await history.grants())];
    for (const { id } of run.bindings.filter(({ outcome }) => outcome === 'unreadable')) {
      const of = (lines: Iterable<Line>): Line[] =>
        [...lines].filter(
          (line) => line.endsWith(` ${id}`) && history.bindings.get(id)?.scope === line.split(' ')[0],
        );
      const repinned = new Set(now.filter((line) => !before.has(line)).map((line) => line.split(' ')[1]));
      const kept = of(before).filter((line) => !repinned.has(line.split(' ')[1]));
      expect(of(now)).toEqual(expect.arrayContaining(kept));
      for (const line of of(now)) expect(before.has(line), line).toBe(true);
    }
  },
  async crash(history, before) {
    const when = history.random() < 0.5 ? 'before' : 'after';
    await history.run(history.storeWith({ atWrite: atWrite(history), when, act: 'die' }));
    await history.expectBetween(before, history.complete());
  },
  async 'crash while usernames pass from one user to another'(history) {
    await history.run(history.store);
    const before = linesOf(await history.grants());
    for (const name of userNames) history.iam.replace(name);
    const when = history.random() < 0.5 ? 'before' : 'after';
    const atWrite = 1 + Math.floor(history.random() * 6);
    await history.run(history.storeWith({ atWrite, when, partition: 'PRINCIPAL#', act: 'die' }));
    await history.expectBetween(before, history.complete());
  },
  async 'two concurrent runs'(history) {
    await Promise.all([history.run(history.store), history.run(history.store)]);
    expect(linesOf(await history.grants())).toEqual(history.complete());
  },
  async 'a repeated delivery of one event'(history) {
    const request = { runId: `twice-${history.now}` };
    const first = history.run(history.store, request);
    if (history.random() < 0.5) await first;
    await Promise.all([first, history.run(history.store, request)]);
    expect(linesOf(await history.grants())).toEqual(history.complete());
  },
  async 'a run is suspended past its lease'(history, before) {
    const stale = history.complete();
    const when = pick(history.random, ['before', 'after'] as const);
    await suspendPastLease(history, { atWrite: atWrite(history), when }, async () => {
      await history.expectBetween(before, stale);
      history.iam.change(history.random);
    });
  },
  async 'a run is suspended with a write in flight, and IAM changes back'(history) {
    await history.run(history.store);
    const undo = history.iam.snapshot();
    for (let change = 0; change < 3; change += 1) history.iam.change(history.random);
    const atWrite = 1 + Math.floor(history.random() * 4);
    await suspendPastLease(history, { atWrite, when: 'before', partition: 'PRINCIPAL#' }, undo);
  },
};

/** A run is suspended at a write; another takes over; the first resumes, and its writes change nothing. */
async function suspendPastLease(
  history: History,
  at: Omit<Fault, 'act'>,
  meanwhile: () => void | Promise<void>,
): Promise<void> {
  let resume: () => void = () => undefined;
  let suspended: () => void = () => undefined;
  const isSuspended = new Promise<void>((resolve) => (suspended = resolve));
  const suspend = async (): Promise<void> => {
    suspended();
    await new Promise<void>((resolve) => (resume = resolve));
  };
  const first = history.run(history.storeWith({ ...at, act: suspend }));
  await Promise.race([isSuspended, first]);
  await meanwhile();
  history.now += 1_000_000;
  await history.run(history.store);
  const after = await history.grants();
  expect(linesOf(after)).toEqual(history.complete());
  resume();
  await first;
  expect(await history.grants()).toEqual(after);
}

/** @returns the number of grants that a second run wrote, with nothing changed */
async function live(history: History): Promise<number> {
  await history.begin();
  for (let step = 0; step < 4; step += 1) {
    for (let change = 0; change < 3; change += 1) history.iam.change(history.random);
    if (step === 0 || history.random() < 0.5) await history.changeBinding();
    const mishap = mishaps[pick(history.random, Object.keys(mishaps))]!;
    await mishap(history, linesOf(await history.grants()));
    // The lease of a crashed run expires.
    history.now += 1_000_000;
  }
  await mishaps['none']!(history, new Set());
  return (await history.run(history.store)).written;
}

test(`the table equals a complete reading of IAM after each of ${histories} random histories (seed ${seed})`, async () => {
  const indexes = Array.from({ length: histories }, (_, index) => index);
  const again = await mapConcurrently(indexes, concurrentHistories, (index) => live(new History(index)));
  expect(again).toEqual(indexes.map(() => 0));
}, 900_000);
