/** A new webhook token that is of use only once it is in a file: its text is shown once. */
import { path } from '../admin-client/client.ts';
import type { AdminClient } from '../admin-client/client.ts';
import { failure, messageOf } from '../exit.ts';
import { textAt } from '../json.ts';
import { shellWord } from '../../lib/shell-word.ts';

export interface NewWebhookToken {
  readonly id: string;
  /** A secret. */
  readonly token: string;
}

async function deletion(client: AdminClient, clusterId: string, id: string): Promise<string> {
  try {
    await client.call('DELETE', path`/v1/clusters/${clusterId}/webhook-tokens/${id}`);
    return 'The new webhook token was deleted again.';
  } catch {
    return `Delete the new webhook token, which is in no use: countersign clusters tokens delete ${shellWord(clusterId)} ${shellWord(id)}`;
  }
}

/**
 * Creates a token and calls `save`, which writes it to files. If that fails, the token is deleted again.
 * @throws CliFailure with the reason, and what became of the token
 */
export async function createWebhookToken(
  client: AdminClient,
  clusterId: string,
  save: (created: NewWebhookToken) => void,
): Promise<void> {
  const created = await client.call('POST', path`/v1/clusters/${clusterId}/webhook-tokens`);
  const [id, token] = [textAt(created, 'id'), textAt(created, 'token')];
  if (id === undefined || token === undefined) throw failure('The admin API answered without a token.');
  try {
    save({ id, token });
  } catch (error) {
    throw failure(`${messageOf(error)} ${await deletion(client, clusterId, id)}`, error);
  }
}
