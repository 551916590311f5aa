import { describe, expect, test } from 'vitest';
import { run as syncRun } from '../../../../cli/commands/sync/run.ts';
import { answeringInTurn, commandContext } from '../../../fixtures/admin-answers.ts';

describe('countersign sync run', () => {
  test('names the command that shows a run if the run outlasts the wait', async () => {
    const { endpoint } = await answeringInTurn([{ id: 'RUN' }, { id: 'RUN', state: 'running' }]);
    await expect(syncRun(commandContext({ endpoint, wait: true, timeout: '1' }))).rejects.toThrow(
      /countersign sync show RUN/,
    );
  });

  test('exits with an error if a binding needs attention', async () => {
    const bindings = [
      { id: 'a', outcome: 'ok' },
      { id: 'b', outcome: 'guarded', detail: 'x' },
    ];
    const { endpoint } = await answeringInTurn([{ id: 'RUN' }, { id: 'RUN', state: 'done', bindings }]);
    expect(await syncRun(commandContext({ endpoint, wait: true }))).toBe(1);
  });
});
