/** Two ways to measure: whole processes by the wall clock, and work inside this one. */
import { spawn } from 'node:child_process';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export interface ProcessToMeasure {
  readonly name: string;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Median milliseconds from start to exit, by name. The processes run in turn, so that other load of the machine affects all of them.
 * @throws Error if one does not exit with 0
 */
export async function measureProcesses(
  processes: readonly ProcessToMeasure[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(processes.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const each of processes) {
      const time = await timeProcess(each);
      // The first round fills the file cache.
      if (round > 0) times.get(each.name)?.push(time);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

function timeProcess({ name, args, environment }: ProcessToMeasure): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - started);
      else reject(new Error(`${name} exited with ${String(code)}.`));
    });
  });
}

/** Median microseconds of one run, over batches that together last about `milliseconds`. */
export async function measureWork(work: () => unknown, milliseconds = 1500): Promise<number> {
  const batch = 50;
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const started = performance.now();
    for (let count = 0; count < batch; count += 1) await work();
    times.push(((performance.now() - started) / batch) * 1000);
  }
  // The first tenth warms up.
  return median(times.slice(Math.floor(times.length / 10)));
}
