import { describe } from '../../../lib/errors.ts';
import type { Result } from '../../../lib/errors.ts';
import type { CallerIdentity } from '../../../lib/identity/caller-identity.ts';
import { partitionIds } from '../../../lib/identity/partitions.ts';
import { exitCodeOf, wrongUsage } from '../../exit.ts';
import { readStdin } from '../../files.ts';
import { textAt } from '../../json.ts';
import { fields, printValue } from '../../terminal/output.ts';
import { cacheDirectory, forgetCached } from '../../token/cache.ts';
import { verifyHere } from './verify-here.ts';
import type { Context, Run } from '../../spec.ts';

const noToken = (): Error => wrongUsage('There is no token: give -t, or pipe one in.');

async function readToken({ input, terminal }: Pick<Context, 'input' | 'terminal'>): Promise<string> {
  const given = input.text('token');
  if (given !== undefined) return given;
  if (terminal.interactive) throw noToken();
  const text = (await readStdin()).trim();
  if (text === '') throw noToken();
  return text.startsWith('{') ? tokenOfCredential(text) : text;
}

/** The token of an ExecCredential, as `countersign token` and `aws eks get-token` print it. */
function tokenOfCredential(text: string): string {
  try {
    const token = textAt(JSON.parse(text), 'status.token');
    if (token !== undefined) return token;
  } catch {
    // Not JSON: refused below, like an ExecCredential without a token.
  }
  throw wrongUsage('stdin holds neither a token nor an ExecCredential.');
}

const verdictOf = (
  result: Result<CallerIdentity>,
  clusterId: string,
): Readonly<Record<string, unknown>> & { readonly outcome: string } =>
  result.ok
    ? { clusterId, outcome: 'verified', ...result.value }
    : {
        clusterId,
        outcome: result.failure.outcome,
        code: result.failure.code,
        detail: describe(result.failure),
      };

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = input.required('clusterId');
  const partition = partitionIds.find((id) => id === input.text('partition')) ?? 'aws';
  const token = await readToken(context);
  const result = await verifyHere(token, { clusterId, partition }, context);
  const verdict = verdictOf(result, clusterId);
  if (verdict.outcome === 'denied') forgetCached(cacheDirectory(context.env), { token });
  const format = input.text('output') ?? 'table';
  if (format !== 'table') await printValue(context, format, verdict);
  else {
    const { clusterId: _, principal: _principal, ...rest } = verdict;
    terminal.data(fields([['cluster', clusterId], ...Object.entries(rest)], terminal));
  }
  return exitCodeOf(verdict.outcome);
};
