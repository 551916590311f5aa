import { describe, expect, test } from 'vitest';
import { run as add } from '../../../../cli/commands/denials/add.ts';
import { denialId } from '../../../../lib/records/denial.ts';
import { answeringInTurn, commandContext } from '../../../fixtures/admin-answers.ts';

const arn = 'arn:aws:iam::111122223333:user/dave';
const role = 'arn:aws:iam::111122223333:role/Sessions';
const idDenial = denialId({ principalKey: 'principal-id/AIDAEXAMPLE0000000001' });
const stored = { id: 'x', principal: { arn }, alsoDenied: [idDenial], warnings: ['roles_stay_open: some.'] };
const mappings = { items: [{ principal: { arn: role }, username: 'role:{{SessionName}}', groups: [] }] };
const offer = { principal: { arn: role }, sessionName: 'dave', reason: 'left' };

async function run(options: object, answer?: string) {
  const { endpoint, seen } = await answeringInTurn([stored, mappings, stored]);
  const context = commandContext({ endpoint, arn, reason: 'left', ...options });
  const questions: string[] = [];
  const ask = async (question: string): Promise<string> => (questions.push(question), answer ?? '');
  Object.assign(context.terminal, { interactive: answer !== undefined, ask });
  expect(await add(context)).toBe(0);
  const posted = seen.filter(({ method }) => method === 'POST').map(({ body }) => body);
  return { posted, questions, said: context.terminal.said.join('\n'), written: context.terminal.written };
}

describe('countersign denials add', () => {
  test('without a terminal asks nothing, and prints the commands that deny the rest', async () => {
    const { posted, questions, said, written } = await run({});
    expect(posted).toEqual([{ principal: { arn }, reason: 'left' }]);
    expect(questions).toEqual([]);
    expect(said).toContain('Denied with it: AIDAEXAMPLE0000000001, the unique id of that user');
    expect(said).toContain(`countersign denials add --arn ${role} --session dave --reason left`);
    expect(said).toContain('Warning: roles_stay_open: some.');
    expect(written).toHaveLength(1);
  });

  test.each(['', 'n', 'x'])('at a terminal denies nothing more for the answer "%s"', async (answer) => {
    const { posted, questions } = await run({}, answer);
    expect(questions).toEqual(['Deny this one too? [y/N] ']);
    expect(posted).toHaveLength(1);
  });

  test('at a terminal denies the rest if the user agrees', async () => {
    expect((await run({}, 'y')).posted[1]).toEqual(offer);
  });

  test('with --also denies the rest without a question', async () => {
    const { posted, questions } = await run({ also: true }, '');
    expect(posted[1]).toEqual(offer);
    expect(questions).toEqual([]);
  });

  test('in a dry run offers the rest, and asks and denies nothing', async () => {
    const { posted, questions, said } = await run({ also: true, dryRun: true }, 'y');
    expect(posted).toHaveLength(1);
    expect(questions).toEqual([]);
    expect(said).toContain('Dry run: would have denied');
  });
});
