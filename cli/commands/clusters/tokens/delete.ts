import { path } from '../../../admin-client/client.ts';
import { argument, deleteRecord } from '../../record-commands.ts';
import type { Run } from '../../../spec.ts';

export const run: Run = (context) => {
  const clusterId = argument(context);
  const tokenId = argument(context, 1);
  return deleteRecord(
    context,
    path`/v1/clusters/${clusterId}/webhook-tokens/${tokenId}`,
    `webhook token ${tokenId} of cluster ${clusterId}`,
  );
};
